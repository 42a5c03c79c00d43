"""What every page of the console needs: who acts, how they want to see things, which view."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from rostra.http.params import Id
from rostra.http.request import Request
from rostra.http.response import Header, Response, cookie
from rostra.http.site import Site
from rostra.kernel.errors import NotFound
from rostra.network.edge import Reader
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.access import View
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import all_facts, category_of
from rostra.safety.categories.model import Sender
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console.screening_menu import parts
from rostra.web.views.console import Look
from rostra.web.views.forms import Option
from rostra.web.views.parts import Tab

HERE: Final = "/console"
_COOKIE: Final = "rostra_console"
_YEAR_S: Final = 31_536_000
_SWITCHES: Final = {"b": "blur", "g": "grey", "m": "mute", "k": "keys"}
_PARTS: Final = (
    ("queue", "Queue", HERE, Permission.SEE_CASES),
    ("clusters", "Clusters", f"{HERE}/clusters", Permission.SEE_CASES),
    ("letters", "Letters", f"{HERE}/letters", Permission.LETTERS),
    ("appeals", "Appeals", f"{HERE}/appeals", Permission.APPEALS),
    ("decisions", "Decisions", f"{HERE}/decisions", Permission.SEE_CASES),
    ("evidence", "Evidence", f"{HERE}/evidence", Permission.HOLDS),
    ("panels", "Panels", f"{HERE}/panels", Permission.PANELS),
    ("screening", "Screening", f"{HERE}/screening/rules", Permission.RECORD),
    ("screening", "Screening", "", Permission.SEE_CASES),  # leads to its first part
    ("pace", "Pace", f"{HERE}/pace", Permission.RECORD),
    ("readiness", "Readiness", f"{HERE}/readiness", Permission.RECORD),
    ("ledger", "Ledger", f"{HERE}/ledger", Permission.RECORD),
    ("team", "Team", f"{HERE}/team", Permission.SEE_CASES),
    ("rules", "Rules", f"{HERE}/rules", Permission.RULES),
)
SOURCES: Final = {
    "member": ("Members", 1 << Sender.MEMBER),
    "outsider": ("People from outside", 1 << Sender.OUTSIDER),
    "trusted": ("Trusted flaggers", 1 << Sender.TRUSTED_FLAGGER),
    "rule": ("Rules of this place", 1 << Sender.RULE),
    "letter": ("Letters", sum(1 << sender for sender in Sender if sender.writes_letters)),
}


class ViewParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the queue; it goes along from page to page."""

    view: str = ""
    category: str = ""
    language: str = ""
    source: str = ""

    def kept(self) -> dict[str, str]:
        """What is set of it."""
        names = ("view", "category", "language", "source")
        return {name: str(getattr(self, name))[:40] for name in names if getattr(self, name)}

    def query(self, **more: str) -> str:
        """The same as a query, with its question mark; empty where nothing is set."""
        kept = self.kept() | more
        return f"?{urlencode(kept)}" if kept else ""

    def of(self, actor: Actor) -> View:
        """The same for the queue, for somebody of the team.

        Raises:
            NotFound: there is no such category or source.
        """
        category = category_of(self.category) if self.category else None
        if (self.category and category is None) or self.source not in {"", *SOURCES}:
            raise NotFound("no such view")
        return View(
            category=int(category or 0),
            categories=actor.categories,
            language=self.language,
            sources=SOURCES[self.source][1] if self.source else 0,
            escalated=True if self.view == "escalated" else None,
            due_first=self.view == "due",
        )


class OneParams(ViewParams, frozen=True, kw_only=True):
    """Which case or decision, met in which view."""

    id: Id


async def who(call: PageCall[Any], reader: Reader) -> Actor:
    """Who asks, as somebody of the team.

    Raises:
        NotFound: they are not.
    """
    return await team_access.of_the_team(reader, call.viewer_id)


async def case_for(reader: Reader, actor: Actor, case_id: int) -> Case:
    """A case that is theirs to see.

    Raises:
        NotFound: there is none, or it is not.
    """
    case = await cases_access.one(reader, case_id)
    if not actor.sees(case.status.category):
        raise NotFound(f"case {case_id} for {actor.account_id}")
    return case


def tabs(current: str, actor: Actor) -> tuple[Tab, ...]:
    """The parts of the console that are theirs to see, each once."""
    first = next((part.url for part in parts("", actor)), HERE)
    theirs: dict[str, Tab] = {}
    for name, label, url, permission in _PARTS:
        if actor.may(permission):
            theirs.setdefault(name, Tab(label=label, url=url or first, current=name == current))
    return tuple(theirs.values())


def views_of(labels: Mapping[str, str], here: str, current: str) -> tuple[Tab, ...]:
    """The views of a list, by the state that they show; the empty one stands at the address."""
    return tuple(
        Tab(label=label, url=f"{here}?state={name}" if name else here, current=name == current)
        for name, label in labels.items()
    )


def look_of(request: Request) -> Look:
    """How this browser's owner wants to see things; everything is covered unless they said so."""
    off = request.cookies.get(_COOKIE, "")
    return Look(**{name: letter not in off for letter, name in _SWITCHES.items()})


def look_cookie(site: Site, look: Look) -> Header:
    """Remember that."""
    off = "".join(letter for letter, name in _SWITCHES.items() if not getattr(look, name))
    return cookie(site, _COOKIE, off, max_age_s=_YEAR_S if off else 0)


def categories_of(actor: Actor) -> tuple[Option, ...]:
    """The categories that somebody is shown."""
    return tuple(
        Option(each.slug, each.name) for each in all_facts() if actor.sees(int(each.category))
    )


def lead(call: PageCall[Any], path: str, flash: str = "", *, good: bool = True) -> Response:
    """Lead on, with a message."""
    return call.redirect(path, flash=flash, tone="good" if good else "bad")
