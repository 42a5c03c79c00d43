"""Rules tried on the past in the console: asked for, watched, given up, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Count, Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.kernel.errors import Conflict, Invalid
from rostra.network.accounts import cards
from rostra.network.edge import Reader
from rostra.safety.rules import access as rules
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.model import StoredRule, Version
from rostra.safety.team.model import Permission
from rostra.safety.tryout import access, begin
from rostra.safety.tryout.access import Shown
from rostra.safety.tryout.kept import State, Tryout
from rostra.safety.tryout.model import Group, Result, Side
from rostra.web.call import PageCall
from rostra.web.console.common import lead, look_of, tabs, who
from rostra.web.console.screening import LIST, OneRule, reads, whole
from rostra.web.console.screening_menu import parts
from rostra.web.console.screening_tryouts import TRYOUTS
from rostra.web.faults import form_of
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views import console_tryouts as views
from rostra.web.views.forms import Form, Option

_USUAL: Final = {"days": "30"}
STATES: Final = {
    State.WAITING: "It waits for its turn",
    State.RUNNING: "It is being tried",
    State.DONE: "Done",
    State.CANCELLED: "Given up",
    State.FAILED: "It could not be done",
}


class TryParams(OneRule, frozen=True, kw_only=True):
    """What is tried, beside what (0: nothing), and how many days back, as typed."""

    version: Count = Count(0)
    against: Count = Count(0)
    days: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        return {"version": str(self.version), "against": str(self.against), "days": self.days}


class OneTryout(msgspec.Struct, frozen=True, kw_only=True):
    """Which try-out."""

    id: Id


async def index(call: PageCall[OneRule]) -> Response:
    """The try-outs of a rule, and a form for another one."""
    return await _index(call, call.params.id)


async def _index(call: PageCall[Any], rule_id: int, form: Form | None = None) -> Response:
    async with call.read() as reader:
        actor = await reads(call, reader)
        rule = await rules.one(reader, rule_id)
        versions = await rules.versions(reader, rule_id)
        tryouts = await access.latest(reader, rule_id)
        people = await _people(reader, tryouts)
    page = views.TryoutsPage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        name=rule.name,
        rule_url=f"{LIST}/{rule.id}",
        url=f"{LIST}/{rule.id}/try",
        may=actor.may(Permission.SCREENING),
        form=form or Form(values=_USUAL | {"version": str(rule.version)}),
        versions=_versions(rule, versions),
        beside=(Option("0", "None"), *_versions(rule, versions)),
        tryouts=[_row(each, people) for each in tryouts],
    )
    return await call.page(page, 422 if form else 200)


async def _people(reader: Reader, tryouts: Iterable[Tryout]) -> Mapping[int, str]:
    """Those who asked for them, by name."""
    found = await cards.cards(reader, sorted({each.actor_id for each in tryouts} - {0}))
    return {each: f"@{card.username}" for each, card in found.items()}


def _by(tryout: Tryout, people: Mapping[int, str]) -> str:
    if not tryout.actor_id:
        return "the command line"
    return people.get(tryout.actor_id, "somebody who is gone")


def _versions(rule: StoredRule, versions: Sequence[Version]) -> tuple[Option, ...]:
    return tuple(
        Option(
            str(each.number),
            f"Version {each.number}",
            "the one that holds" if each.number == rule.version else "",
        )
        for each in versions
    )


def _row(tryout: Tryout, people: Mapping[int, str]) -> views.TryoutRow:
    found = tryout.found
    caught = [f"{side.caught.posts:,}" for side in found.sides] if found else []
    days = round((tryout.until - tryout.since) / DAY)
    return views.TryoutRow(
        url=f"{TRYOUTS}/{tryout.id}",
        what=f"{what(tryout)}, {days} days",
        state=State(tryout.state).wire,
        state_words=STATES[State(tryout.state)],
        at=ids.time_of(tryout.id),
        by=_by(tryout, people),
        found=f"{' and '.join(caught)} of {found.seen:,} posts caught" if found else "",
    )


def what(tryout: Tryout) -> str:
    """What was tried, and beside what."""
    tried, beside = names(tryout)
    return f"{tried} beside {beside[:1].lower()}{beside[1:]}" if beside else tried


def names(tryout: Tryout) -> tuple[str, str]:
    """What was tried; what beside it, empty: nothing."""
    tried = f"Version {tryout.version}" if tryout.version else "Another source"
    return tried, f"Version {tryout.against}" if tryout.against else ""


async def ask(call: PageCall[TryParams]) -> Response:
    """Try a rule on the past."""
    params = call.params
    try:
        days = whole("days", params.days)
        async with call.services.db.write() as tx:
            made = await begin.begin(
                call.services,
                tx,
                await who(call, tx),
                params.id,
                version=params.version,
                against=params.against,
                days=days,
            )
    except (Invalid, Conflict) as error:
        return await _index(call, params.id, form_of(params.values(), error))
    except Faulty as faulty:
        message = f"It is no rule now: {faulty.faults[0]}"
        return await _index(call, params.id, Form(values=params.values(), message=message))
    return lead(call, f"{TRYOUTS}/{made.id}")


async def show(call: PageCall[OneTryout]) -> Response:
    """How far a try-out is, or what came of it."""
    async with call.read() as reader:
        actor = await reads(call, reader)
        tryout = await access.one(reader, call.params.id)
        rule = await rules.one(reader, tryout.rule_id)
        found = tryout.found
        shown = await access.shown(reader, found) if found else {}
        people = await _people(reader, [tryout])
    state = State(tryout.state)
    page = views.TryoutPage(
        tabs=tabs("screening", actor),
        parts=parts("rules", actor),
        look=look_of(call.request),
        name=rule.name,
        what=what(tryout),
        url=f"{TRYOUTS}/{tryout.id}",
        back=f"{LIST}/{rule.id}/try",
        since=tryout.since,
        until=tryout.until,
        by=_by(tryout, people),
        state=state.wire,
        state_words=STATES[state],
        total=tryout.total,
        done=tryout.done,
        failure=tryout.failure,
        may_cancel=not state.over and actor.may(Permission.SCREENING),
        facts=facts_of(found) if found else (),
        sides=side_views(names(tryout), found) if found else (),
        caught=caught_views(names(tryout), found, shown) if found else (),
    )
    return await call.page(page)


def facts_of(found: Result) -> tuple[tuple[str, str], ...]:
    """What was tried, in numbers."""
    return (
        ("Posts", f"{found.seen:,}"),
        ("Members", f"{found.members:,}"),
        ("Edited since", f"{found.edited:,}"),
        ("Decided about", f"{found.decided:,}"),
        ("Acted about", f"{found.acted:,}"),
        *((("Read from", "an export"),) if found.exported else ()),
    )


def side_views(named: Sequence[str], found: Result) -> list[views.SideView]:
    """Each rule on its own."""
    return [_side(name, side, found.seen) for name, side in zip(named, found.sides, strict=False)]


def _side(name: str, side: Side, seen: int) -> views.SideView:
    missing = ", ".join(f"{each} {count:,} times" for each, count in sorted(side.missing.items()))
    return views.SideView(
        name=name,
        caught=side.caught.posts,
        share=_share(side.caught.posts / seen if seen else None),
        members=side.caught.members,
        skipped=side.skipped,
        missing=f"It lacked {missing}" if missing else "",
        right=side.right,
        wrong=side.wrong,
        precision=_share(side.precision),
        found=side.found,
        sought=side.sought,
        recall=_share(side.recall),
        cost="-" if side.micros is None else f"{side.micros:.1f} µs",
    )


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def caught_views(
    named: Sequence[str], found: Result, shown: Mapping[int, Shown]
) -> list[views.CaughtView]:
    """The posts that were caught: by one rule, or by both and by each of two alone."""
    if len(found.sides) == 1:
        groups = [("caught", "Posts that it would have caught", found.sides[0].caught)]
    else:
        tried, beside = named
        groups = [
            ("both", "Caught by both", found.both),
            ("first", f"Caught by {tried[:1].lower()}{tried[1:]} alone", found.first_only),
            ("second", f"Caught by {beside[:1].lower()}{beside[1:]} alone", found.second_only),
        ]
    return [_caught(anchor, title, group, shown) for anchor, title, group in groups]


def _caught(anchor: str, title: str, group: Group, shown: Mapping[int, Shown]) -> views.CaughtView:
    there = [shown[each.post_id] for each in group.samples if each.post_id in shown]
    return views.CaughtView(
        anchor=f"{anchor}-h",
        title=title,
        posts=group.posts,
        members=group.members,
        samples=[
            views.SampleView(url=f"/posts/{each.post_id}", by=f"@{each.username}", words=each.words)
            for each in there
        ],
    )


async def cancel(call: PageCall[OneTryout]) -> Response:
    """Give a try-out up."""
    async with call.services.db.write() as tx:
        found = await begin.cancel(call.services, tx, await who(call, tx), call.params.id)
    given_up = found.state == State.CANCELLED
    words = "It is given up." if given_up else "It was over already."
    return lead(call, f"{TRYOUTS}/{found.id}", words, good=given_up)


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, f"{LIST}/{{id}}/try", index, MEMBER, params=OneRule),
    Route(POST, f"{LIST}/{{id}}/try", ask, MEMBER, params=TryParams),
    Route(GET, f"{TRYOUTS}/{{id}}", show, MEMBER, params=OneTryout),
    Route(POST, f"{TRYOUTS}/{{id}}/cancel", cancel, MEMBER, params=OneTryout),
)
