"""`rostra rules`: rules for screening are checked, and tried on what was posted."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, say, stop
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.outcome import Effect
from rostra.safety.rules.read import MOST_CHARACTERS
from rostra.safety.rules.rule import Rule, read_rule
from rostra.safety.rules.spans import span_words
from rostra.safety.rules.vocabulary import MOST_COST, Vocabulary

app = App(name="rules", help="Rules for screening: check them, try them on the past.")

_MOST_BYTES = 4 * MOST_CHARACTERS + 4


def source_of(path: Path) -> str:
    """What a file says, or somewhat more of it than a rule may have; ends the program else."""
    try:
        with path.open("rb") as file:
            read = file.read(_MOST_BYTES)
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    # A character that the limit has cut is beyond what a rule may have.
    return read.decode(errors="replace")


def rule_of(path: Path, vocabulary: Vocabulary) -> Rule | None:
    """The rule in a file; None where it is faulty: what is wrong is printed."""
    try:
        return read_rule(source_of(path), vocabulary)
    except Faulty as faulty:
        for fault in faulty.faults:
            say(f"{path}:{fault}")
        return None


@app.command(name="check")
def check(
    files: Annotated[
        tuple[Path, ...],
        Parameter(help="Files with a rule each.", negative=(), consume_multiple=True),
    ],
) -> None:
    """Say what is wrong with rules, each with its line and column, or what they need and cost."""
    faulty = False
    for path in files:
        rule = rule_of(path, Vocabulary())
        if rule is None:
            faulty = True
        else:
            say(f"{path}: {summary(rule)}")
    if faulty:
        raise SystemExit(FAILED)


def summary(rule: Rule) -> str:
    """A line on what a rule costs, needs and does."""
    needs = [
        *sorted(rule.needs.features),
        *(f"{name} {span_words(window)}" for name, window in sorted(rule.needs.counters)),
        *sorted(f"signal {name}" for name in rule.needs.signals),
        *sorted(f"list {name}" for name in rule.needs.lists),
    ]
    does = ", ".join(map(_effect, rule.effects))
    return (
        f"costs {rule.cost} of {MOST_COST}; {len(rule.examples)} examples hold; "
        f"needs {', '.join(needs) or 'nothing'}; does: {does}"
    )


def _effect(effect: Effect) -> str:
    about = effect.category or effect.signal or effect.words
    lasts = f" {span_words(effect.lasts_ms)}" if effect.lasts_ms else ""
    return f"{effect.kind} ({about}{lasts})"
