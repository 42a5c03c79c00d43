"""`rostra rules`: rules for screening are checked, tried on what was posted, kept, switched."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, say
from rostra.cli.rule_files import rule_of
from rostra.cli.rules_kept import register
from rostra.cli.rules_try import export_history, try_rule
from rostra.safety.rules.outcome import Effect
from rostra.safety.rules.rule import Rule
from rostra.safety.rules.spans import span_words
from rostra.safety.rules.vocabulary import MOST_COST, Vocabulary

app = App(name="rules", help="Rules for screening: check them, try them, keep them, switch them.")

app.command(try_rule, name="try")
app.command(export_history, name="export")
register(app)


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
