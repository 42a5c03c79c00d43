"""Public pages about how the place is looked after, made from its settings and its rows."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from rostra.http.params import NoParams
from rostra.http.response import Response
from rostra.kernel.errors import NotFound
from rostra.network.instance import access as instance_access
from rostra.safety.house_rules import versions
from rostra.safety.house_rules.model import Version
from rostra.safety.team import access as team_access
from rostra.safety.transparency import report
from rostra.safety.transparency.figures import machine_share
from rostra.web.call import PageCall
from rostra.web.pages import house_words as words
from rostra.web.route import GET, Route
from rostra.web.views.house import ChangeView, PaperPage, RulesPage, VersionView
from rostra.web.views.parts import RuleView

_LONGEST = 9  # digits of a version


class VersionParams(msgspec.Struct, frozen=True):
    """Which version of the rules."""

    number: str


async def rules(call: PageCall[NoParams]) -> Response:
    """The rules that hold, and all versions of them."""
    async with call.read() as reader:
        found = await versions.versions(reader)
    views = [_view(each, before) for each, before in zip_longest(found, found[1:])]
    if len(found) == versions.LISTED:  # what stands before the oldest was not read
        views[-1] = msgspec.structs.replace(views[-1], changes=())
    page = RulesPage(
        rules=_texts(found[0]) if found else (),
        shown=msgspec.structs.replace(views[0], current=True) if views else None,
        versions=views,
    )
    return await call.page(page)


async def rules_of_version(call: PageCall[VersionParams]) -> Response:
    """A version of the rules, at its permanent address."""
    text = call.params.number
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        raise NotFound(f"no version {text!r}")
    async with call.read() as reader:
        found, before = await versions.one(reader, int(text))
        current = (await versions.versions(reader))[0].number == found.number
    shown = msgspec.structs.replace(_view(found, before), current=current)
    return await call.page(RulesPage(rules=_texts(found), shown=shown))


def _texts(version: Version) -> Sequence[RuleView]:
    return [RuleView(text=rule.text, hint=rule.hint) for rule in version.rules]


def _view(version: Version, before: Version | None) -> VersionView:
    return VersionView(
        number=version.number,
        created_at=version.created_at,
        changes=[
            ChangeView(each.what, each.text, each.before)
            for each in versions.changes(before.rules if before else (), version.rules)
        ],
    )


async def moderation(call: PageCall[NoParams]) -> Response:
    """How this place moderates: who, how soon, by what means, and what can be said against it."""
    period = report.periods(call.now)[0]
    async with call.read() as reader:
        team = await team_access.team(reader)
        place = await instance_access.place(call.services, reader)
    found = await report.report(call.services, period)
    page = PaperPage(
        heading="How this place moderates",
        lede="Made from the settings that hold now",
        path="/about/moderation",
        parts=words.moderation(
            call.services.settings,
            place,
            team,
            machine_share(found.rows.decisions, period),
        ),
    )
    return await call.page(page)


async def child_safety(call: PageCall[NoParams]) -> Response:
    """The standards that keep children safe, and who answers for them."""
    place = await call.place()
    page = PaperPage(
        heading="Child safety standards",
        lede=f"They hold for everybody on {place.settings.title}",
        path="/about/child-safety",
        parts=words.child_safety(place.settings),
    )
    return await call.page(page)


async def contact(call: PageCall[NoParams]) -> Response:
    """How people and authorities reach the operators."""
    place = await call.place()
    page = PaperPage(
        heading="Contact",
        lede="Whom to write to, and in which language",
        path="/about/contact",
        parts=words.contact(place.settings),
    )
    return await call.page(page)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/about/rules", rules),
    Route(GET, "/about/rules/{number}", rules_of_version, params=VersionParams),
    Route(GET, "/about/moderation", moderation),
    Route(GET, "/about/child-safety", child_safety),
    Route(GET, "/about/contact", contact),
)
