"""What signals found in the words of a subject, as the page of its case shows it."""

from typing import Final

from rostra.safety.edge import Reader
from rostra.safety.screening import access
from rostra.safety.screening.access import Shown
from rostra.safety.screening.model import Heard, Told
from rostra.safety.subjects import Subject
from rostra.web.views.console_signals import FindingView, JudgementView

_WHAT: Final = {"post": "When it was published", "edit": "When it was edited", "profile": "Profile"}
_MS: Final = 1_000


async def of_subject(reader: Reader, subject: Subject) -> tuple[JudgementView, ...]:
    """The latest judgements about a subject, as far as a signal had something to say."""
    found = await access.of_subject(reader, subject)
    views = (_judgement(each) for each in found)
    return tuple(each for each in views if each.findings or each.rules)


def _judgement(shown: Shown) -> JudgementView:
    row = shown.judgement
    return JudgementView(
        what=_WHAT.get(row.what, row.what),
        at=row.created_at,
        took=f"{row.cost_us / _MS:.1f} ms",
        current=bool(shown.text),
        findings=tuple(_finding(shown, each) for each in row.heard if each.scores or each.failed),
        rules=tuple(map(_rule, row.told)),
    )


def _rule(told: Told) -> str:
    state = "" if told.live else ", in shadow"
    return f"{told.name}, version {told.version}{state}: {', '.join(told.effects)}"


def _finding(shown: Shown, heard: Heard) -> FindingView:
    ordered = sorted(heard.scores.items(), key=lambda pair: -pair[1])
    passages = shown.passages(heard) if heard.spans else ()
    return FindingView(
        signal=heard.signal.replace("_", " "),
        version=heard.version,
        scores=tuple((harm.replace("_", " "), f"{score:.0%}") for harm, score in ordered),
        reason=heard.reason,
        targets=", ".join(heard.targets),
        failed=heard.failed,
        passages=tuple((each.text, each.weight != 0) for each in passages),
    )
