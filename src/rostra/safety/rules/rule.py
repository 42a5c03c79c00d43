"""A rule: read from its source, checked, tried on the posts that stand beside it, then asked.

Asking is a pure function of the rule and the features of a post.
"""

import ast
from typing import Any, Final

import msgspec

from rostra.safety.rules.checker import Checker, Refused
from rostra.safety.rules.effects import FORMS, effect
from rostra.safety.rules.examples import EXPECTED, Example, example, shortfall
from rostra.safety.rules.expressions import checker
from rostra.safety.rules.faults import Fault, Faulty
from rostra.safety.rules.features import MISSING, Features, Lookup
from rostra.safety.rules.outcome import PASSED, RESTRICTING, Effect, Outcome, Verdict
from rostra.safety.rules.read import lines_of, parsed
from rostra.safety.rules.terms import Run, Term, every, named
from rostra.safety.rules.vocabulary import (
    COUNTERS,
    FUNCTIONS,
    MOST_COST,
    OWNERS,
    Kind,
    Needs,
    Vocabulary,
)

MOST_EFFECTS: Final = 10
MOST_EXAMPLES: Final = 50
_RESERVED: Final = frozenset(
    {"when", "signal", "list", *OWNERS, *FUNCTIONS, *COUNTERS, *FORMS, *EXPECTED}
)


class Rule(msgspec.Struct, frozen=True):
    """A rule that has been checked.

    Attributes:
        description: its first words, for people.
        cost: the units that one post costs at most.
        needs: what has to be known.
        restricts: whether it does something to a post or its author.
    """

    description: str
    condition: Run
    names: int
    effects: tuple[Effect, ...]
    examples: tuple[Example, ...]
    needs: Needs
    cost: int

    @property
    def restricts(self) -> bool:
        """Whether it asks for more than that somebody looks."""
        return any(each.kind in RESTRICTING for each in self.effects)


def evaluate(rule: Rule, features: Features) -> Outcome:
    """What a rule says of a post. It raises nothing and does nothing."""
    features.begin(rule.names)
    found = rule.condition(features)
    if found is MISSING:
        return Outcome(Verdict.SKIPPED, missing=features.take_lacked())
    return Outcome(Verdict.CAUGHT, effects=rule.effects) if found else PASSED


def read_rule(source: str, vocabulary: Vocabulary, lookup: Lookup | None = None) -> Rule:
    """Check a source, and try it on the examples that it brings along.

    Args:
        source: the whole text of the rule.
        vocabulary: the signals and lists of the place.
        lookup: finds the named lists, as `Features` asks for them.

    Raises:
        Faulty: with all that is wrong, each with its line and column.
    """
    reader = _Reader(source, vocabulary)
    rule = reader.rule(parsed(source))
    lines = [
        Fault(each.line, each.column, words)
        for each in rule.examples
        if (words := shortfall(each, evaluate(rule, each.features(lookup))))
    ]
    if lines:
        raise Faulty(lines)
    return rule


class _Reader:
    """Reads the statements of one source."""

    def __init__(self, source: str, vocabulary: Vocabulary) -> None:
        self.of: Checker = checker(lines_of(source), vocabulary)
        self.given: dict[str, ast.AST] = {}
        self.description = ""
        self.when: Run | None = None
        self.effects: list[Effect] = []
        self.examples: list[Example] = []
        self.slots = 0

    def rule(self, tree: ast.Module) -> Rule:
        """All of it.

        Raises:
            Faulty: with all that is wrong.
        """
        for place, node in enumerate(tree.body):
            try:
                self._statement(node, first=place == 0)
            except Refused:
                continue
        self._whole(tree)
        if self.of.faults or self.when is None:
            raise Faulty(self.of.faults)
        return Rule(
            self.description,
            self.when,
            self.slots,
            tuple(self.effects),
            tuple(self.examples),
            self.of.needs,
            self.of.cost,
        )

    def _statement(self, node: ast.stmt, *, first: bool) -> None:
        match node:
            case ast.Expr(value=ast.Constant(value=str(words))) if first:
                self.description = words.strip()
            case ast.Expr(value=ast.Call(func=ast.Name(id=str(name))) as call):
                self._call(call, name)
            case ast.Assign(targets=[ast.Name(id=str(name))], value=value):
                self._name(node, name, value)
            case ast.Import() | ast.ImportFrom():
                self.of.refuse(node, "there are no imports")
            case ast.For() | ast.While() | ast.AsyncFor():
                self.of.refuse(node, "there are no loops")
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.of.refuse(node, "there are no functions or classes of one's own")
            case _:
                forms = "a name = value, when(…), an effect, catches(…), spares(…), skips(…)"
                self.of.refuse(node, f"this can't stand here; what can: {forms}")

    def _call(self, call: ast.Call, name: str) -> None:
        if name == "when":
            self._condition(call)
        elif name in FORMS:
            self.effects.append(effect(self.of, call, name))
        elif name in EXPECTED:
            self.examples.append(example(self.of, call, name))
        else:
            self.of.unknown(call, "statement", name, ["when", *FORMS, *EXPECTED])

    def _name(self, node: ast.stmt, name: str, value: ast.expr) -> None:
        if name in _RESERVED:
            self.of.refuse(node, f"{name} is a word of the language")
        if name in self.of.names:
            self.of.refuse(node, f"{name} is named already")
        self.given[name] = node
        try:
            made = self.of.term(value)
        except Refused:
            self.of.names[name] = Term(Kind.UNKNOWN, lambda _: MISSING)
            raise
        run = named(self.slots, made.run)
        self.of.names[name] = Term(made.kind, run, made.depth + 1, made.literal)
        self.slots += 1

    def _condition(self, call: ast.Call) -> None:
        if self.when is not None:
            self.of.refuse(call, "when(…) stands once")
        self.when = lambda _: MISSING
        if call.keywords or not call.args:
            self.of.refuse(call, "when(…) is given one condition or several, all of which hold")
        self.when = every([part.run for part in self.of.terms(call.args, Kind.FLAG)])

    def _whole(self, tree: ast.Module) -> None:
        """What only the whole source can lack."""
        of = self.of
        for name, node in self.given.items():
            if name not in of.used:
                of.fault(node, f"{name} is named, and nothing asks for it")
        wanted: dict[str, Any] = {
            "when(…): what it is about": self.when is not None,
            f"an effect, such as {FORMS['case']}": self.effects,
            "catches(…): a post that it must catch": _has(self.examples, Verdict.CAUGHT),
            "spares(…): a post that it must not catch": _has(self.examples, Verdict.PASSED),
        }
        last = tree.body[-1] if tree.body else tree
        if not of.faults:
            for what, there in wanted.items():
                if not there:
                    of.fault(last, f"the rule lacks {what}")
        if of.cost > MOST_COST:
            of.fault(last, f"the rule costs {of.cost} for a post; {MOST_COST} is the most")
        for count, most, what in (
            (len(self.effects), MOST_EFFECTS, "effects"),
            (len(self.examples), MOST_EXAMPLES, "examples"),
        ):
            if count > most:
                of.fault(last, f"a rule has no more than {most} {what}")


def _has(examples: list[Example], verdict: Verdict) -> bool:
    return any(each.expected is verdict for each in examples)
