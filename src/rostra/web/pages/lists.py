"""Lists by plain forms: make, change and read them, and choose who stands in them."""

from typing import Any

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.accounts import access as accounts_access
from rostra.network.filters.model import Context
from rostra.network.lists import access, manage
from rostra.network.lists.model import ListChanges, ListRow, RepliesPolicy
from rostra.web.call import PageCall
from rostra.web.faults import form_of
from rostra.web.lists import PEOPLE, ListParams, beginning, page_of, pager
from rostra.web.pages.reading import entries
from rostra.web.present import Presenter
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.lists import (
    AccountListsPage,
    EditListPage,
    ListsPage,
    ListTimelinePage,
    ListView,
)
from rostra.web.views.parts import Tab


class OneParams(ListParams, frozen=True, kw_only=True):
    """Which list, and which part of it."""

    id: Id


class FormParams(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is to be, as typed."""

    title: str = ""
    replies_policy: str = "list"
    exclusive: str = ""

    def changes(self) -> ListChanges:
        """The same for the verbs."""
        return ListChanges(self.title, self.replies_policy, bool(self.exclusive))

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return msgspec.structs.asdict(self)


class EditParams(FormParams, frozen=True, kw_only=True):
    """What a list is to be from now on."""

    id: Id


class AddParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to put into a list, by name."""

    id: Id
    acct: str = ""


class RemoveParams(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to take out of a list."""

    id: Id
    account_id: Id


class AccountParams(msgspec.Struct, frozen=True, kw_only=True):
    """An account, and the lists that it is to stand in."""

    id: Id
    lists: tuple[Id, ...] = ()


def _view(row: ListRow, *, chosen: bool = False) -> ListView:
    return ListView(id=str(row.id), title=row.title, exclusive=bool(row.exclusive), chosen=chosen)


def _filled(row: ListRow) -> Form:
    policy = RepliesPolicy(row.replies_policy).wire
    exclusive = "1" if row.exclusive else ""
    return Form(values={"title": row.title, "replies_policy": policy, "exclusive": exclusive})


async def index(call: PageCall[Any]) -> Response:
    """The member's lists."""
    return await _index(call, Form())


async def _index(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        rows = await access.all_own(reader, call.viewer_id)
    views = [_view(row) for row in rows]
    return await call.page(ListsPage(lists=views, tabs=tabs("lists"), form=form), status)


def tabs(current: str) -> list[Tab]:
    """Beside the lists: the hashtags that the member follows."""
    return [
        Tab(label=label, url=f"/{name}", current=name == current)
        for name, label in (("lists", "Lists"), ("followed-tags", "Hashtags"))
    ]


async def create(call: PageCall[FormParams]) -> Response:
    """Make a list."""
    try:
        async with call.services.db.write() as tx:
            row = await manage.create(call.services, tx, call.viewer_id, call.params.changes())
    except Invalid as error:
        return await _index(call, form_of(call.params.values(), error), 422)
    return call.redirect(f"/lists/{row.id}/edit", flash="Your list is made.")


async def timeline(call: PageCall[OneParams]) -> Response:
    """What the members of a list have posted."""
    params = call.params
    async with call.read() as reader:
        row = await access.own(reader, call.viewer_id, params.id)
        window = await access.timeline(
            reader, call.viewer_id, params.id, page_of(params), now=call.now
        )
        start = beginning(call, params, window)
        if start:
            return start
        posts = await entries(await Presenter.of(call, reader, Context.HOME), window)
    pages = pager(f"/lists/{row.id}", params, window)
    return await call.page(ListTimelinePage(list=_view(row), posts=posts, pager=pages))


async def edit_form(call: PageCall[OneParams]) -> Response:
    """What a list is, and who stands in it."""
    return await _edit_page(call, call.params.id, call.params)


async def _edit_page(
    call: PageCall[Any],
    list_id: int,
    part: ListParams,
    *,
    form: Form | None = None,
    adding: Form | None = None,
) -> Response:
    async with call.read() as reader:
        row = await access.own(reader, call.viewer_id, list_id)
        window = await access.members(reader, call.viewer_id, row.id, page_of(part, PEOPLE))
        presenter = await Presenter.of(call, reader)
        people = await presenter.people([line.account_id for line in window.items])
    page = EditListPage(
        list=_view(row),
        people=people,
        pager=pager(f"/lists/{row.id}/edit", part, window),
        form=form or _filled(row),
        adding=adding or Form(),
    )
    return await call.page(page, 422 if form or adding else 200)


async def edit(call: PageCall[EditParams]) -> Response:
    """Change a list."""
    params = call.params
    try:
        async with call.services.db.write() as tx:
            await manage.change(call.services, tx, call.viewer_id, params.id, params.changes())
    except Invalid as error:
        form = form_of(params.values(), error)
        return await _edit_page(call, params.id, ListParams(), form=form)
    return call.redirect(f"/lists/{params.id}", flash="Your list is saved.")


async def delete(call: PageCall[OneParams]) -> Response:
    """Delete a list."""
    async with call.services.db.write() as tx:
        await manage.delete(call.services, tx, call.viewer_id, call.params.id)
    return call.redirect("/lists", flash="The list is deleted.")


async def add(call: PageCall[AddParams]) -> Response:
    """Put somebody into a list, by name."""
    params, services = call.params, call.services
    name = accounts_access.local_username(services.settings, params.acct)
    async with call.read() as reader:
        row = await access.own(reader, call.viewer_id, params.id)
        found = await accounts_access.by_username(reader, name, call.viewer_id) if name else None
    fault: Invalid | None = None
    try:
        async with services.db.write() as tx:  # nobody has the id 0
            targets = [found.id if found else 0]
            await manage.add_members(services, tx, call.viewer_id, row.id, targets)
    except NotFound:
        fault = Invalid("acct", "is not the name of somebody you follow")
    except Invalid as error:
        fault = Invalid("acct", next(iter(error.details.values()))[0]["description"])
    if fault:
        adding = form_of({"acct": params.acct}, fault)
        return await _edit_page(call, row.id, ListParams(), adding=adding)
    return call.redirect(f"/lists/{row.id}/edit", flash="They stand in the list now.")


async def remove(call: PageCall[RemoveParams]) -> Response:
    """Take somebody out of a list."""
    params = call.params
    async with call.services.db.write() as tx:
        await manage.remove_members(
            call.services, tx, call.viewer_id, params.id, [params.account_id]
        )
    return call.back(f"/lists/{params.id}/edit", flash="They are taken out of the list.")


async def account_form(call: PageCall[AccountParams]) -> Response:
    """In which lists an account stands."""
    async with call.read() as reader:
        inside = {
            row.id for row in await access.with_account(reader, call.viewer_id, call.params.id)
        }
        rows = await access.all_own(reader, call.viewer_id)
        author = (await (await Presenter.of(call, reader)).authors([call.params.id])).get(
            call.params.id
        )
        if author is None:
            raise NotFound(f"account {call.params.id}")
    views = [_view(row, chosen=row.id in inside) for row in rows]
    return await call.page(AccountListsPage(author=author, lists=views))


async def account(call: PageCall[AccountParams]) -> Response:
    """Let an account stand in just these of the member's lists."""
    params, services, viewer_id = call.params, call.services, call.viewer_id
    async with services.db.write() as tx:
        own = {row.id for row in await access.all_own(tx, viewer_id)}
        inside = {row.id for row in await access.with_account(tx, viewer_id, params.id)}
        wanted = own & set(params.lists)
        for list_id in sorted(wanted - inside):
            await manage.add_members(services, tx, viewer_id, list_id, [params.id])
        for list_id in sorted(inside - wanted):
            await manage.remove_members(services, tx, viewer_id, list_id, [params.id])
    return call.redirect(f"/accounts/{params.id}/lists", flash="Your lists are saved.")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/lists", index, MEMBER),
    Route(POST, "/lists", create, MEMBER, params=FormParams),
    Route(GET, "/lists/{id}", timeline, MEMBER, params=OneParams),
    Route(GET, "/lists/{id}/edit", edit_form, MEMBER, params=OneParams),
    Route(POST, "/lists/{id}/edit", edit, MEMBER, params=EditParams),
    Route(POST, "/lists/{id}/delete", delete, MEMBER, params=OneParams),
    Route(POST, "/lists/{id}/members", add, MEMBER, params=AddParams),
    Route(POST, "/lists/{id}/members/{account_id}/remove", remove, MEMBER, params=RemoveParams),
    Route(GET, "/accounts/{id}/lists", account_form, MEMBER, params=AccountParams),
    Route(POST, "/accounts/{id}/lists", account, MEMBER, params=AccountParams),
)
