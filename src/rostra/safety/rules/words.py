"""What becomes of rules in words, for the console, terminals and letters."""

from collections.abc import Iterable
from typing import Final

from rostra.safety.rules.model import Bounds, Lack, LogEntry, State, What
from rostra.safety.rules.outcome import Effect
from rostra.safety.rules.rule import Rule
from rostra.safety.rules.spans import span_words

STATES: Final = {State.OFF: "Off", State.SHADOW: "In shadow", State.LIVE: "Live"}
_INTO: Final = {
    State.OFF: "switched off",
    State.SHADOW: "put into shadow",
    State.LIVE: "switched live",
}


def done(entry: LogEntry) -> str:
    """What was done with a rule, in a line."""
    state = State(entry.state)
    match What(entry.what):
        case What.ADDED:
            return "Added"
        case What.CHANGED:
            return f"Changed: version {entry.version}, {STATES[state].lower()}"
        case What.SWITCHED:
            return f"Version {entry.version} {_INTO[state]}"
        case What.UNTRIED:
            return f"Version {entry.version} {_INTO[state]} without having been tried"
        case What.BOUNDED:
            return "Bounded anew"
        case What.PUT_BACK:
            return f"Version {entry.version} put itself back to shadow"


def lacking(lacks: Iterable[Lack]) -> str:
    """What a version was not tried on, in words; empty: nothing."""
    return " and ".join(each.words for each in lacks)


def within(bounds: Bounds) -> str:
    """How much a rule may catch, in a sentence."""
    said = f"It goes back to shadow when it catches more than {bounds.most_an_hour:,} posts an hour"
    return f"{said}, or {bounds.jump} times its own past share." if bounds.jump else f"{said}."


def effect(of: Effect) -> str:
    """What a rule asks for: `hold (spam, 12h)`."""
    about = [of.category or of.signal or of.words]
    if of.lasts_ms:
        about.append(span_words(of.lasts_ms))
    return f"{of.kind} ({', '.join(about)})"


def needs(rule: Rule) -> list[str]:
    """What has to be known for a rule, as it is written."""
    of = rule.needs
    return [
        *sorted(of.features),
        *(f'{name}(author, "{span_words(window)}")' for name, window in sorted(of.counters)),
        *(f'signal("{name}")' for name in sorted(of.signals)),
        *(f'list "{name}"' for name in sorted(of.lists)),
    ]
