"""What rules say of themselves: to the record, to the member, to the team."""

from typing import Final

from rostra.kernel.clock import DAY, HOUR, MINUTE
from rostra.kernel.text.clean import normalise
from rostra.safety.screening.model import Caught

MOST_FACTS: Final = 2_000
MOST_NOTE: Final = 200


def facts(caught: Caught) -> str:
    """What was found, for the member and the record: which rule, which version, what it is for."""
    about = f": {caught.description}" if caught.description else ""
    words = f"It was caught by the rule {caught.name}, version {caught.version}{about}"
    return normalise(words)[:MOST_FACTS]


def asked(caught: Caught) -> str:
    """What a rule asks for, for the team."""
    kinds = ", ".join(dict.fromkeys(str(each.kind) for each in caught.effects))
    return f"Rule {caught.name}, version {caught.version}: {kinds}"


def note(message: str, usual_ms: int | None) -> str:
    """What the author reads on a post that waits: why, and how long that usually takes."""
    begun = "It waits until somebody has looked at it"
    taking = f"; that usually takes {span(usual_ms)}." if usual_ms is not None else "."
    left = MOST_NOTE - len(begun) - len(taking) - 1
    message = normalise(message)
    why = message if len(message) <= left else message[: left - 1] + "…"
    return f"{begun}{taking} {why}".strip()


def span(ms: int) -> str:
    """About how long something takes, in the unit in which that says most."""
    for unit, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if ms >= 2 * unit:
            return f"{round(ms / unit)} {name}s"
    return "a minute" if ms >= MINUTE else "less than a minute"
