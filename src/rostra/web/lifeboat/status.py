"""What the lifeboat knows, in words: the status page, and the same for programs."""

from typing import Any, Final

from rostra.hosting.drill.model import Result
from rostra.hosting.lifeboat.states import State
from rostra.hosting.lifeboat.watch import Report
from rostra.kernel.clock import HOUR, SECOND
from rostra.web.lifeboat.views import FactView, NoticeView, StatusPage
from rostra.web.views.shell import Tone
from rostra.web.words import long_time, plural

# How it is called, what that means, its tone, its icon.
_WORDS: Final[dict[State, tuple[str, str, Tone, str]]] = {
    State.HERE: ("{} is here", "Its host leaves a sign every few seconds.", "good", "check"),
    State.BACK: ("{} is back", "It was away, and goes on now.", "good", "check"),
    State.MOVING: (
        "{} is moving",
        (
            "It goes on at another host within minutes. Addresses, accounts and apps stay the "
            "same, and what was written before is taken along."
        ),
        "warn",
        "clock",
    ),
    State.AWAY: (
        "{} is away",
        (
            "Its host leaves no sign any more. Sealed copies lie at several other parties, so "
            "that it can go on elsewhere: addresses, accounts and apps stay the same."
        ),
        "bad",
        "warning",
    ),
    State.UNKNOWN: (
        "How {} stands is not known",
        "The places where its host leaves its signs do not answer from here. It may well be there.",
        "warn",
        "warning",
    ),
    State.WAITING: (
        "{} has left no sign yet",
        "Its host has not told this lifeboat anything so far.",
        "warn",
        "clock",
    ),
}
_SENTENCES: Final = {
    State.MOVING: "{} is moving to another host.",
    State.AWAY: "{} is away at the moment.",
    State.UNKNOWN: "How {} stands is not known here.",
}


def title_of(report: Report, otherwise: str) -> str:
    """What the network is called."""
    return report.head.title if report.head else otherwise


def sentence(report: Report, title: str) -> str:
    """How the network stands, for the top of other pages; empty: as it should."""
    return _SENTENCES.get(report.state, "").format(title)


def status_page(report: Report, title: str, *, readable: bool) -> StatusPage:
    """The status page."""
    heading, words, tone, mark = _WORDS[report.state]
    return StatusPage(
        heading=heading.format(title),
        words=words.format(title),
        tone=tone,
        mark=mark,
        facts=[fact for fact in _facts(report) if fact is not None],
        notices=[
            NoticeView(each.at, [line for line in each.text.splitlines() if line.strip()])
            for each in report.notices
        ],
        readable=readable and report.is_gone,
    )


def _facts(report: Report) -> list[FactView | None]:
    head = report.head
    closed = head.closed if head and not report.is_gone else ""
    return [
        FactView("Since", "", report.since) if report.since else None,
        FactView("Last sign of life", "", report.head_seen_at) if head else None,
        FactView("Writing", f"not possible at the moment: {closed}", tone="bad")
        if closed
        else None,
        _lag(report),
        _drill(report.drill),
        FactView("Places that answer", "not all of them", tone="warn") if report.silent else None,
    ]


def _lag(report: Report) -> FactView | None:
    head = report.head
    if head is None or head.lag_ms < 0:
        return None
    seconds = head.lag_ms // SECOND
    name = "Not yet elsewhere" if not report.is_gone else "Was not yet elsewhere"
    if seconds < 2:  # noqa: PLR2004 (a round of the log)
        if report.is_gone:  # what came after it, nobody here can know
            return FactView(name, "nothing, as of the last sign")
        return FactView(name, "nothing: everything is kept at other places within two seconds")
    return FactView(
        name, f"what was written in {plural(seconds, 'second')} before that", tone="warn"
    )


def _drill(drill: Result | None) -> FactView | None:
    if drill is None:
        return FactView("Last rehearsal", "none is known", tone="warn")
    if not drill.green:
        things = plural(len(drill.faults), "thing")
        return FactView("Last rehearsal", f"failed, with {things}, on", drill.begun_at, "bad")
    back, lost = drill.rto / SECOND, drill.rpo / HOUR
    words = f"passed: back within {back:.0f} s, with at most {lost:.1f} h lost; on"
    return FactView("Last rehearsal", words, drill.begun_at)


def status_json(report: Report, title: str) -> dict[str, Any]:
    """The same for programs. Times are UTC ms, spans ms; null: not known."""
    head, drill = report.head, report.drill
    return {
        "title": title,
        "state": report.state.value,
        "since": report.since or None,
        "looked_at": report.looked_at or None,
        "last_sign_at": report.head_seen_at or None,
        "lag_ms": head.lag_ms if head and head.lag_ms >= 0 else None,
        "read_only": head.closed or None if head else None,
        "drill": None
        if drill is None
        else {"at": drill.begun_at, "green": drill.green, "rpo_ms": drill.rpo, "rto_ms": drill.rto},
        "notices": [{"at": each.at, "text": each.text} for each in report.notices],
    }


def why_not(report: Report, title: str) -> str:
    """Why something that only the network itself can do is not done, in a sentence or two."""
    said = sentence(report, title) or f"This is the lifeboat of {title}, not the place itself."
    since = f" It was last seen on {long_time(report.head_seen_at)}." if report.head_seen_at else ""
    return f"{said}{since if report.is_gone else ''} Nothing is lost by trying again later."
