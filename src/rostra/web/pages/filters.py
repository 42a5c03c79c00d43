"""Filters by plain forms: keywords, single posts, where they hold, what becomes of what matches."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid
from rostra.network.filters import access, change
from rostra.network.filters.model import Action, Context, FilterRules, FilterWish, KeywordWish
from rostra.network.posts import access as posts_access
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.filters import (
    CONTEXTS,
    ENDS,
    FilterPage,
    FilterPostPage,
    FiltersPage,
    FilterView,
    KeywordField,
)
from rostra.web.views.forms import Form, Option

_HERE: Final = "/settings/filters"
_FRESH: Final = 4  # empty lines for further keywords
_SHOWN_POSTS: Final = 20
_KEEP: Final = "keep"
_NAMES: Final = {"filter_action": "action"}


class OneParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which filter."""

    id: Id


class EntryParams(OneParams, frozen=True, kw_only=True):
    """Which single post of a filter."""

    entry_id: Id


class FileParams(OneParams, frozen=True, kw_only=True):
    """Which post, and under which of the member's filters it is to be filed."""

    filters: tuple[Id, ...] = ()


async def index(call: PageCall[Any]) -> Response:
    """All filters of the member."""
    async with call.read() as reader:
        found = await access.all_rules(reader, call.viewer_id)
    return await call.page(FiltersPage(filters=[_view(each, call.now) for each in found]))


def _view(rules: FilterRules, now: int, post_id: int = 0) -> FilterView:
    row = rules.filter
    return FilterView(
        id=str(row.id),
        title=row.title,
        action=Action(row.action).wire,
        contexts=Context(row.contexts).names,
        keywords=[each.keyword for each in rules.keywords],
        posts=len(rules.posts),
        expires_at=row.expires_at,
        over=0 < row.expires_at <= now,
        chosen=any(each.post_id == post_id for each in rules.posts),
    )


async def new_form(call: PageCall[Any]) -> Response:
    """An empty form."""
    values = {"action": "warn", **{f"context_{option.value}": "1" for option in CONTEXTS}}
    values |= {f"whole_new_{at}": "1" for at in range(_FRESH)}
    return await call.page(FilterPage(form=Form(values=values), keywords=_fields(None)))


def _fields(rules: FilterRules | None) -> list[KeywordField]:
    """The lines for keywords: those that are there, then empty ones."""
    known = rules.keywords if rules else ()
    return [
        *(KeywordField(f"keyword_{each.id}", f"Keyword {at}") for at, each in enumerate(known, 1)),
        *(KeywordField(f"new_{at}", "Another keyword") for at in range(_FRESH)),
    ]


async def create(call: PageCall[Any]) -> Response:
    """Make a filter."""
    try:
        async with call.services.db.write() as tx:
            wish = _wish(call.tree, None)
            await change.create(call.services, tx, call.viewer_id, wish)
    except Invalid as error:
        form = form_of(_typed(call.tree), error, _NAMES)
        return await call.page(FilterPage(form=form, keywords=_fields(None)), error.status)
    return call.redirect(_HERE, flash="Your filter is made.")


async def edit_form(call: PageCall[OneParams]) -> Response:
    """A filter as it is."""
    return await _edit_page(call, call.params.id)


def _filled(rules: FilterRules) -> Form:
    row = rules.filter
    values = {"title": row.title, "action": Action(row.action).wire}
    values |= {f"context_{name}": "1" for name in Context(row.contexts).names}
    values["expires_in"] = _KEEP if row.expires_at else ""
    for each in rules.keywords:
        values[f"keyword_{each.id}"] = each.keyword
        values[f"whole_keyword_{each.id}"] = "1" if each.whole_word else ""
    values |= {f"whole_new_{at}": "1" for at in range(_FRESH)}
    return Form(values=values)


async def _edit_page(
    call: PageCall[Any], filter_id: int, form: Form | None = None, status: int = 200
) -> Response:
    """A filter, with what was typed or as it is kept."""
    async with call.read() as reader:
        rules = await access.rules(reader, call.viewer_id, filter_id)
        entries = rules.posts[-_SHOWN_POSTS:][::-1]
        presenter = await Presenter.of(call, reader)
        posts = await presenter.posts_by_id([each.post_id for each in entries])
    ends = (Option(_KEEP, "As it was"), *ENDS) if rules.filter.expires_at else ENDS
    page = FilterPage(
        id=str(rules.filter.id),
        form=form or _filled(rules),
        keywords=_fields(rules),
        ends=ends,
        posts=[(str(each.id), posts[each.post_id]) for each in entries if each.post_id in posts],
    )
    return await call.page(page, status)


async def edit(call: PageCall[OneParams]) -> Response:
    """Change a filter; keywords that are left empty go."""
    services, filter_id = call.services, call.params.id
    try:
        async with services.db.write() as tx:
            rules = await access.rules(tx, call.viewer_id, filter_id)
            wish = _wish(call.tree, rules)
            await change.update(services, tx, call.viewer_id, filter_id, wish)
    except Invalid as error:
        form = form_of(_typed(call.tree), error, _NAMES)
        return await _edit_page(call, filter_id, form, error.status)
    return call.redirect(_HERE, flash="Your filter is saved.")


def _typed(tree: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in tree.items() if isinstance(value, str)}


def _wish(tree: Mapping[str, Any], rules: FilterRules | None) -> FilterWish:
    """What the form says. Raises Invalid: a time that is none."""
    typed = _typed(tree)
    keywords = [
        KeywordWish(
            id=each.id,
            keyword=typed.get(f"keyword_{each.id}"),
            whole_word=bool(typed.get(f"whole_keyword_{each.id}")),
            remove=not typed.get(f"keyword_{each.id}", each.keyword).strip(),
        )
        for each in (rules.keywords if rules else ())
    ]
    keywords += [
        KeywordWish(keyword=typed[f"new_{at}"], whole_word=bool(typed.get(f"whole_new_{at}")))
        for at in range(_FRESH)
        if typed.get(f"new_{at}", "").strip()
    ]
    ends = typed.get("expires_in", "")
    if ends not in {_KEEP, *(option.value for option in ENDS)}:
        raise Invalid("expires_in", "is not included in the list", "ERR_INCLUSION")
    return FilterWish(
        title=typed.get("title", ""),
        contexts=tuple(each.value for each in CONTEXTS if typed.get(f"context_{each.value}")),
        action=typed.get("action", "warn"),
        expires_in_s=int(ends) if ends.isdecimal() else None,
        never_expires=not ends,
        keywords=tuple(keywords),
    )


async def remove(call: PageCall[OneParams]) -> Response:
    """Remove a filter."""
    async with call.services.db.write() as tx:
        await change.remove(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect(_HERE, flash="The filter is removed.")


async def take_out(call: PageCall[EntryParams]) -> Response:
    """Take a single post out of a filter."""
    async with call.services.db.write() as tx:
        await change.remove_post(call.services, tx, call.viewer_id, call.params.entry_id)
    return call.redirect(f"{_HERE}/{call.params.id}", flash="The post is not filtered any more.")


async def file_form(call: PageCall[FileParams]) -> Response:
    """A post, and the filters under which it can be filed."""
    post_id = call.params.id
    async with call.read() as reader:
        row = await posts_access.row(reader, call.viewer_id, post_id)
        [post] = await (await Presenter.of(call, reader)).posts([row.id])
        found = await access.all_rules(reader, call.viewer_id)
    views = [_view(each, call.now, post_id) for each in found]
    return await call.page(FilterPostPage(post=post, filters=views))


async def file_post(call: PageCall[FileParams]) -> Response:
    """Let a post stand under just these of the member's filters."""
    services, viewer_id, post_id = call.services, call.viewer_id, call.params.id
    async with services.db.write() as tx:
        await posts_access.row(tx, viewer_id, post_id)
        wanted = set(call.params.filters)
        for rules in await access.all_rules(tx, viewer_id):
            filed = [each.id for each in rules.posts if each.post_id == post_id]
            if rules.filter.id in wanted and not filed:
                await change.add_post(services, tx, viewer_id, rules.filter.id, post_id)
            elif filed and rules.filter.id not in wanted:
                await change.remove_post(services, tx, viewer_id, filed[0])
    return call.redirect(f"/posts/{post_id}/filter", flash="Your filters are saved.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, _HERE, index, MEMBER),
    Route(GET, f"{_HERE}/new", new_form, MEMBER),
    Route(POST, f"{_HERE}/new", create, MEMBER),
    Route(GET, f"{_HERE}/{{id}}", edit_form, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}", edit, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}/remove", remove, MEMBER, params=OneParams),
    Route(POST, f"{_HERE}/{{id}}/posts/{{entry_id}}/remove", take_out, MEMBER, params=EntryParams),
    Route(GET, "/posts/{id}/filter", file_form, MEMBER, params=FileParams),
    Route(POST, "/posts/{id}/filter", file_post, MEMBER, params=FileParams),
)
