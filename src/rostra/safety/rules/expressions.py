"""Expressions of a rule are checked: names, types, how many arguments, cost."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from rostra.safety.rules import calls, terms
from rostra.safety.rules.checker import Checker, Refused, Work
from rostra.safety.rules.terms import Term
from rostra.safety.rules.vocabulary import (
    COST_OF_TEXT,
    COUNTERS,
    FEATURES,
    FUNCTIONS,
    OWNERS,
    Kind,
    Needs,
    Vocabulary,
)

LONGEST_TEXT: Final = 1_000


def _constant(of: Checker, node: Any) -> Term:
    value = node.value
    if isinstance(value, bool):
        return Term(Kind.FLAG, terms.constant(value), literal=value)
    if isinstance(value, int | float):
        if not abs(value) <= terms.LARGEST:
            of.refuse(node, f"a number is no larger than {terms.LARGEST:.0e}")
        return Term(Kind.NUMBER, terms.constant(value), literal=value)
    if value is None:
        of.refuse(node, "whether a value is there is asked with known(value)")
    if not isinstance(value, str):
        of.refuse(node, "a number, a text, True or False is wanted")
    if len(value) > LONGEST_TEXT:
        of.refuse(node, f"a text is no longer than {LONGEST_TEXT} characters")
    return Term(Kind.TEXT, terms.constant(value), literal=value)


def _name(of: Checker, node: Any) -> Term:
    found = of.names.get(node.id)
    if found is None:
        _no_value(of, node)
    of.used.add(node.id)
    if found.kind is Kind.UNKNOWN:
        raise Refused
    return found


def _no_value(of: Checker, node: ast.Name) -> NoReturn:
    if node.id in OWNERS:
        of.refuse(node, f"{node.id} is no value; one of its features is, such as {node.id}.…")
    if node.id in FUNCTIONS or node.id in COUNTERS or node.id == "signal":
        of.refuse(node, f"{node.id} is called: {node.id}(…)")
    of.unknown(node, "name", node.id, [*of.names, *FEATURES])


def _attribute(of: Checker, node: Any) -> Term:
    owner = node.value
    if isinstance(owner, ast.Call):
        return calls.signal(of, node, owner)
    if not (isinstance(owner, ast.Name) and owner.id in OWNERS):
        of.refuse(node, "post, author and signal(…) alone have features")
    name = f"{owner.id}.{node.attr}"
    found = FEATURES.get(name)
    if found is None:
        of.unknown(node, "feature", name, FEATURES)
    of.needs |= Needs(features=frozenset({name}))
    return Term(found.kind, terms.feature(name), feature=name)


def _choice(of: Checker, node: Any) -> Term:
    parts = of.terms(node.values, Kind.FLAG)
    join = terms.every if isinstance(node.op, ast.And) else terms.some
    return Term(Kind.FLAG, join([part.run for part in parts]), _depth(parts))


def _sign(of: Checker, node: Any) -> Term:
    if isinstance(node.op, ast.Not):
        inner = of.term(node.operand, Kind.FLAG)
        return Term(Kind.FLAG, terms.of_one(lambda value: not value, inner.run), _depth([inner]))
    if not isinstance(node.op, ast.USub):
        of.refuse(node, "this sign can't stand here")
    inner = of.term(node.operand, Kind.NUMBER)
    if inner.literal is not None:
        return Term(Kind.NUMBER, terms.constant(-inner.literal), literal=-inner.literal)
    return Term(Kind.NUMBER, terms.of_one(lambda value: -value, inner.run), _depth([inner]))


def _sum(of: Checker, node: Any) -> Term:
    sign = type(node.op).__name__
    if sign not in terms.ARITHMETIC:
        of.refuse(node, "numbers are reckoned with + - * /")
    left, right = of.terms((node.left, node.right), Kind.NUMBER)
    return Term(Kind.NUMBER, terms.reckoned(sign, left.run, right.run), _depth([left, right]))


def _compared(of: Checker, node: Any) -> Term:
    operands = of.terms((node.left, *node.comparators))
    parts = []
    for place, sign in enumerate(node.ops):
        left, right = operands[place], operands[place + 1]
        name = type(sign).__name__
        _comparable(of, node.comparators[place], name, left, right)
        if name in terms.MEMBERSHIP and right.kind is Kind.TEXT:
            of.cost += COST_OF_TEXT
        parts.append(terms.compared(name, left, right))
    run = parts[0] if len(parts) == 1 else terms.every(parts)
    return Term(Kind.FLAG, run, _depth(operands))


def _comparable(of: Checker, node: ast.expr, sign: str, left: Term, right: Term) -> None:
    if sign in terms.MEMBERSHIP:
        wanted = {Kind.TEXT: (Kind.TEXT, Kind.TEXTS), Kind.NUMBER: (Kind.NUMBERS,)}
        if right.kind not in wanted.get(left.kind, ()):
            of.refuse(node, f"{left.kind} can't be in {right.kind}")
        return
    if sign not in terms.COMPARISONS:
        of.refuse(node, "whether a value is there is asked with known(value)")
    if left.kind is not right.kind:
        of.refuse(node, f"{left.kind} is compared with {right.kind}")
    if sign in terms.ORDERING and left.kind is not Kind.NUMBER:
        of.refuse(node, f"numbers alone are smaller or larger; this is {left.kind}")
    if left.kind in {Kind.TEXTS, Kind.NUMBERS}:
        of.refuse(node, "lists are not compared; something is in one, or not")


def _many(of: Checker, node: Any) -> Term:
    parts = of.terms(node.elts)
    kinds = {part.kind for part in parts}
    if any(part.literal is None for part in parts) or kinds not in ({Kind.TEXT}, {Kind.NUMBER}):
        of.refuse(node, "a list holds texts alone or numbers alone, written out")
    kind = Kind.TEXTS if kinds == {Kind.TEXT} else Kind.NUMBERS
    values = frozenset(part.literal for part in parts)
    return Term(kind, terms.constant(values), literal=values)


def _call(of: Checker, node: Any) -> Term:
    return calls.call(of, node)


def _depth(parts: Iterable[Term]) -> int:
    return 1 + max(part.depth for part in parts)


_BY_NODE: Final[Mapping[type[ast.AST], Work]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.BoolOp: _choice,
    ast.UnaryOp: _sign,
    ast.BinOp: _sum,
    ast.Compare: _compared,
    ast.List: _many,
    ast.Tuple: _many,
    ast.Set: _many,
    ast.Call: _call,
}


def checker(lines: list[str], vocabulary: Vocabulary) -> Checker:
    """What checks the expressions of a source with these lines."""
    return Checker(lines, vocabulary, _BY_NODE)
