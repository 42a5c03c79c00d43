"""The figures of a rehearsal as text: a table, and whether what was promised holds."""

from collections.abc import Callable, Sequence

from rostra.cli.rehearse.measure import Call, Outcome
from rostra.cli.rehearse.plan import PEOPLE, TARGET, Plan, Way
from rostra.cli.rehearse.plots import NAMES, Outcomes
from rostra.cli.rehearse.screened import ORDINARY
from rostra.cli.rehearse.world import World
from rostra.kernel.clock import DAY, HOUR, MINUTE, SECOND

_SHARE, _WITHIN = 0.2, 0.95
_NEVER = "never"


def text(plan: Plan, world: World, outcomes: Outcomes) -> str:
    """All that is printed."""
    parts = [_heading(plan, world), _table(outcomes)]
    if Way.ROSTRA in outcomes and Way.LIST in outcomes:
        parts.append(_promises(plan, outcomes))
    return "\n\n".join(parts) + "\n"


def _heading(plan: Plan, world: World) -> str:
    members = f"{plan.members(world.plan.end - plan.days * DAY):,} members at first"
    grown = f"{plan.members(plan.end):,} after {plan.days} days"
    told = f"{len(world.told):,} reports are going to be filed about {len(world.posts):,} of them"
    flooded = (
        f"{world.floods:,} floods with {world.copies:,} copies that are reported and "
        f"{world.untold_copies:,} that nobody tells of (counted, not written)"
    )
    named = sum(len(letter.posts) for letter in world.letters)
    return "\n".join(
        (
            f"Seed {plan.seed}, scale {plan.scale:g}: {members}, {grown}.",
            f"{world.written:,} posts; {told}; {plan.standing:,} wait when it begins.",
            f"{flooded}.",
            f"{len(world.letters)} letters of the host name {named} posts; each is due in 24 h.",
            f"Three people, 30 s a decision, 8 h a day ({plan.shifts.value}).",
        )
    )


def span(ms: float) -> str:
    """A time as people say it."""
    if ms < MINUTE:
        return f"{ms / SECOND:.0f} s"
    if ms < 2 * HOUR:
        return f"{ms / MINUTE:.0f} min"
    return f"{ms / HOUR:.1f} h" if ms < 2 * DAY else f"{ms / DAY:.1f} days"


def _times(calls: Sequence[Call], of: Callable[[Call], int], share: float) -> str:
    """The time within which so many were reached; those that were not count as endless."""
    found = sorted(of(call) - call.told_at if of(call) else 10**15 for call in calls)
    if not found:
        return "-"
    at = found[min(len(found) - 1, int(share * len(found)))]
    return span(at) if at < 10**15 else _NEVER


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _stood(outcome: Outcome, share: float) -> str:
    """The time that so many calls to violence stood at most."""
    up = sorted(outcome.up)
    return span(up[min(len(up) - 1, int(share * len(up)))]) if up else "-"


def _within(outcome: Outcome) -> float:
    up = outcome.up
    return sum(each <= TARGET for each in up) / len(up) if up else 1.0


def _early(outcome: Outcome) -> str:
    return _percent(outcome.copies_early / outcome.copies) if outcome.copies else "-"


def _days(outcome: Outcome) -> float:
    return max(1, len(outcome.open_reports) - 1) / 24


def _cleared(outcome: Outcome) -> str:
    return span(outcome.cleared_at - outcome.begins) if outcome.cleared_at else _NEVER


_ROWS: tuple[tuple[str, Callable[[Outcome], str]], ...] = (
    ("reports filed", lambda o: f"{o.reports:,}"),
    ("not filed: the post was gone", lambda o: f"{o.too_late:,}"),
    ("posts they are about", lambda o: f"{o.cases:,}"),
    ("reports open at the end", lambda o: f"{o.open_reports[-1]:,}"),
    ("most reports open (full hours)", lambda o: f"{max(o.open_reports):,}"),
    ("standing backlog, reports", lambda o: f"{o.standing_reports:,}"),
    ("  posts they are about", lambda o: f"{o.standing_cases:,}"),
    ("  people's decisions for it", lambda o: f"{o.standing_decisions:,}"),
    ("  cleared after", _cleared),
    ("decisions by people", lambda o: f"{o.human:,}"),
    ("  of cases that were read", lambda o: f"{o.decisions:,}"),
    ("    so many cases", lambda o: f"{o.read:,}"),
    ("  of a cluster", lambda o: f"{o.clusters:,}"),
    ("  second person's yes", lambda o: f"{o.seconds:,}"),
    ("decisions by standing decisions", lambda o: f"{o.machine:,}"),
    ("cases decided by all that", lambda o: f"{o.decided_cases:,}"),
    ("decisions for 100 decided cases", lambda o: f"{100 * o.human / max(1, o.decided_cases):.1f}"),
    ("calls to violence reported", lambda o: f"{len(o.judged):,}"),
    ("  first look, median", lambda o: _times(o.judged, lambda c: c.looked_at, 0.5)),
    ("  first look, 95th percentile", lambda o: _times(o.judged, lambda c: c.looked_at, 0.95)),
    ("  acted on, median", lambda o: _times(o.judged, lambda c: c.acted_at, 0.5)),
    ("  acted on, 95th percentile", lambda o: _times(o.judged, lambda c: c.acted_at, 0.95)),
    ("  acted on within 1 h", lambda o: _percent(o.within)),
    ("calls stood, median", lambda o: _stood(o, 0.5)),
    ("  95th percentile", lambda o: _stood(o, 0.95)),
    ("  at most 1 h", lambda o: _percent(_within(o))),
    ("copies met before a report", _early),
    ("ordinary posts looked into", lambda o: f"{o.alarms:,} of {ORDINARY:,}"),
    ("letters: posts found in them", lambda o: "{} of {}".format(*o.posts_found)),
    ("  deadlines read right", lambda o: "{} of {}".format(*o.deadlines_read)),
    ("  answered in time", lambda o: "{} of {}".format(*o.in_time)),
    ("removed, though nothing is wrong", lambda o: f"{o.wronged:,}"),
    ("left, though something is", lambda o: f"{o.spared:,}"),
    ("people at work", lambda o: _percent(o.busy_ms / (PEOPLE * 8 * HOUR * _days(o)))),
)


def _table(outcomes: Outcomes) -> str:
    width = max(len(name) for name, _ in _ROWS)
    head = f"{'':{width}}" + "".join(f"{NAMES[way]:>14}" for way in outcomes)
    lines = [
        f"{name:{width}}" + "".join(f"{show(each):>14}" for each in outcomes.values())
        for name, show in _ROWS
    ]
    return "\n".join([head, *lines])


def _promises(plan: Plan, outcomes: Outcomes) -> str:
    plain, rostra = outcomes[Way.LIST], outcomes[Way.ROSTRA]
    half = len(plain.open_reports) // 2
    failing = plain.open_reports[-1] > max(plan.standing, plain.open_reports[half])
    in_time, due = rostra.in_time
    lines = [
        (failing, f"the list never clears: {plain.open_reports[-1]:,} reports wait at its end"),
        _fifth("of the whole time", rostra.human, plain.reports, plain.cases),
        (
            rostra.within >= _WITHIN,
            f"95 % of calls to violence are acted on within 1 h: {_percent(rostra.within)}",
        ),
        (in_time == due, f"every letter is answered in time: {in_time} of {due}"),
    ]
    if Way.TAKEOVER in outcomes:
        o = outcomes[Way.TAKEOVER]
        held, words = _fifth(
            "that the list has left", o.standing_decisions, o.standing_reports, o.standing_cases
        )
        lines.insert(1, (held and o.cleared_at > 0, f"{words}; cleared after {_cleared(o)}"))
    return "\n".join(f"{'holds' if held else 'FAILS'}  {words}" for held, words in lines)


def _fifth(what: str, decisions: int, reports: int, posts: int) -> tuple[bool, str]:
    """Whether people made at most a fifth of the decisions that one a post would be."""
    by_reports, by_posts = decisions / max(1, reports), decisions / max(1, posts)
    words = (
        f"at most a fifth of the decisions for the backlog {what}: {decisions:,} are "
        f"{_percent(by_reports)} of one a report, {_percent(by_posts)} of one a post"
    )
    return by_posts <= _SHARE, words
