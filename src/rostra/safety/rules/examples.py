"""Posts that stand beside a rule: what it must catch, spare or skip."""

import ast
from typing import Any, Final

import msgspec

from rostra.safety.rules.checker import Checker
from rostra.safety.rules.features import Features, Lookup
from rostra.safety.rules.outcome import Outcome, Verdict
from rostra.safety.rules.read import place_of
from rostra.safety.rules.texts import found_in_text
from rostra.safety.rules.vocabulary import Kind

EXPECTED: Final = {
    "catches": Verdict.CAUGHT,
    "spares": Verdict.PASSED,
    "skips": Verdict.SKIPPED,
}
_OTHERWISE: Final[dict[str, Any]] = {
    "post.kind": "post",
    "post.language": "",
    "post.spoiler": "",
    "post.media": 0,
    "post.is_reply": False,
    "post.visibility": "public",
    "post.sensitive": False,
}
_SAID: Final = {
    Verdict.CAUGHT: "is caught",
    Verdict.PASSED: "is not caught",
    Verdict.SKIPPED: "is skipped",
}
_MUST: Final = {
    Verdict.CAUGHT: "caught",
    Verdict.PASSED: "spared",
    Verdict.SKIPPED: "skipped",
}


class Example(msgspec.Struct, frozen=True):
    """A post that somebody made up, and what the rule must say of it."""

    line: int
    column: int
    expected: Verdict
    values: dict[str, Any]

    def features(self, lookup: Lookup | None) -> Features:
        """What is known of it: what is not said of its author is missing."""
        return Features(self.values, lookup)


def example(of: Checker, node: ast.Call, name: str) -> Example:
    """A checked example: `catches("the text", author.age_days == 1)`.

    Raises:
        Refused: it is written in another way.
    """
    form = f'{name}("the text", author.age_days == 1, …)'
    if node.keywords or not node.args:
        of.refuse(node, f"{form} is wanted")
    values: dict[str, Any] = {}
    for place, argument in enumerate(node.args):
        if place == 0 and isinstance(argument, ast.Constant):
            values["post.text"] = of.term(argument, Kind.TEXT).literal
            continue
        feature, value = _said(of, argument, form)
        if feature in values:
            of.refuse(argument, f"{feature} is said twice")
        values[feature] = value
    found = found_in_text(values.get("post.text", ""))
    line, column = place_of(of.lines, node)
    return Example(line, column, EXPECTED[name], {**_OTHERWISE, **found, **values})


def _said(of: Checker, argument: ast.expr, form: str) -> tuple[str, Any]:
    match argument:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            needs, cost = of.needs, of.cost
            known, value = of.terms((left, right))
            of.needs, of.cost = needs, cost  # an example costs nothing when a post comes
        case _:
            of.refuse(argument, f"{form} is wanted")
    if not known.feature or value.literal is None:
        of.refuse(argument, f"{form}: a feature, and a value that is written out")
    if known.kind is not value.kind:
        of.refuse(argument, f"{known.feature} is {known.kind}, and this is {value.kind}")
    return known.feature, value.literal


def shortfall(wanted: Example, outcome: Outcome) -> str:
    """What is wrong with an outcome, in words; empty where it is as it must be."""
    if outcome.verdict is wanted.expected:
        return ""
    lacking = f" for want of {', '.join(outcome.missing)}" if outcome.missing else ""
    return f"this {_SAID[outcome.verdict]}{lacking}; it must be {_MUST[wanted.expected]}"
