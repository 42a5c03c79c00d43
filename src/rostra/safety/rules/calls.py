"""Calls in expressions: the functions of the language, counters, and the scores of signals."""

import ast
from collections.abc import Callable
from typing import Any, Final

from rostra.safety.rules import terms
from rostra.safety.rules.checker import Checker
from rostra.safety.rules.spans import span_of
from rostra.safety.rules.terms import Term
from rostra.safety.rules.vocabulary import (
    COST_OF_COUNTER,
    COST_OF_LIST,
    COST_OF_LIST_OF_TEXTS,
    COST_OF_PATTERN,
    COST_OF_SIGNAL,
    COST_OF_TEXT,
    COUNTERS,
    FUNCTIONS,
    LONGEST_WINDOW,
    Kind,
    Needs,
    counter_name,
)
from rostra.safety.signals.patterns import PatternRefused, searcher

_ANY_TEXT: Final = frozenset({Kind.TEXT, Kind.TEXTS})


def call(of: Checker, node: ast.Call) -> Term:
    """A function of the language.

    Raises:
        Refused: there is none of this name, or it is given what it does not take.
    """
    if not isinstance(node.func, ast.Name):
        of.refuse(node, "functions of the language alone are called")
    name = node.func.id
    if node.keywords:
        of.refuse(node.keywords[0], f"{name} takes no arguments by name")
    starred = next((each for each in node.args if isinstance(each, ast.Starred)), None)
    if starred is not None:
        of.refuse(starred, "arguments are written out")
    if name in COUNTERS:
        return _counter(of, node, name)
    if name == "signal":
        of.refuse(node, 'one of its scores is asked for: signal("name").harm')
    work = _FUNCTIONS.get(name)
    if work is None:
        of.unknown(node, "function", name, [*FUNCTIONS, *COUNTERS, "signal"])
    wanted, make = work
    if len(node.args) != wanted:
        of.refuse(node, f"{FUNCTIONS[name]}; it is given {len(node.args)} instead of {wanted}")
    return make(of, node)


def signal(of: Checker, node: ast.Attribute, called: ast.Call) -> Term:
    """A score of a signal: `signal("text_model").violence`.

    Raises:
        Refused: there is no such signal, or it says nothing of this harm.
    """
    if not (isinstance(called.func, ast.Name) and called.func.id == "signal"):
        of.refuse(node, "post, author and signal(…) alone have features")
    name = signal_name(of, called)
    known = of.vocabulary.signals[name]
    if node.attr not in known:
        of.unknown(node, f"score of {name}", node.attr, sorted(known))
    of.cost += COST_OF_SIGNAL
    of.needs |= Needs(signals=frozenset({name}))
    full = f"signal.{name}.{node.attr}"
    return Term(Kind.NUMBER, terms.feature(full), feature=full)


def signal_name(of: Checker, node: ast.Call) -> str:
    """The one argument of a call, the name of a signal.

    Raises:
        Refused: it is something else.
    """
    if len(node.args) != 1 or node.keywords:
        of.refuse(node, "the name of one signal is wanted")
    name = _text(of, node.args[0], "the name of a signal")
    if name not in of.vocabulary.signals:
        of.unknown(node.args[0], "signal", name, sorted(of.vocabulary.signals))
    return name


def span(of: Checker, node: ast.expr, longest: int) -> int:
    """A length of time that is written out, in ms.

    Raises:
        Refused: it is none, or a longer one.
    """
    text = _text(of, node, 'a length of time such as "10m"')
    found = span_of(text)
    if found is None:
        of.refuse(node, 'a length of time is written "90s", "10m", "12h" or "7d"')
    if found > longest:
        of.refuse(node, f"this is longer than {longest // 86_400_000} days")
    return found


def _counter(of: Checker, node: ast.Call, name: str) -> Term:
    wanted = f'{name}(author, "10m")'
    if len(node.args) != 2:  # noqa: PLR2004 (the author and the window, as the words say)
        of.refuse(node, f"{wanted} is wanted; it is given {len(node.args)} instead of 2")
    whose = node.args[0]
    if not (isinstance(whose, ast.Name) and whose.id == "author"):
        of.refuse(whose, f"it counts of the author alone: {wanted}")
    window = span(of, node.args[1], LONGEST_WINDOW)
    of.cost += COST_OF_COUNTER
    of.needs |= Needs(counters=frozenset({(name, window)}))
    full = counter_name(name, window)
    return Term(Kind.NUMBER, terms.feature(full), feature=full)


def _text(of: Checker, node: ast.expr, what: str) -> str:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        of.refuse(node, f"{what} is wanted, written out")
    return node.value


def _of_text(of: Checker, node: ast.expr) -> Term:
    made = of.term(node)
    if made.kind not in _ANY_TEXT:
        of.refuse(node, f"this is {made.kind}; a text or a list of texts is wanted")
    return made


def _matches(of: Checker, node: ast.Call) -> Term:
    where = _of_text(of, node.args[0])
    pattern = _text(of, node.args[1], "a pattern")
    try:
        test = searcher(pattern)
    except PatternRefused as refused:
        of.refuse(node.args[1], str(refused))
    of.cost += COST_OF_PATTERN
    return Term(Kind.FLAG, terms.found_in(test, where.kind, where.run), where.depth + 1)


def _listed(of: Checker, node: ast.Call) -> Term:
    where = _of_text(of, node.args[0])
    name = _text(of, node.args[1], "the name of a list")
    if name not in of.vocabulary.lists:
        of.unknown(node.args[1], "list", name, sorted(of.vocabulary.lists))
    of.cost += COST_OF_LIST_OF_TEXTS if where.kind is Kind.TEXTS else COST_OF_LIST
    of.needs |= Needs(lists=frozenset({name}))
    return Term(Kind.FLAG, terms.listed(name, where.kind, where.run), where.depth + 1)


def _lower(of: Checker, node: ast.Call) -> Term:
    inner = of.term(node.args[0], Kind.TEXT)
    of.cost += COST_OF_TEXT
    return Term(Kind.TEXT, terms.of_one(str.lower, inner.run), inner.depth + 1)


def _length(of: Checker, node: ast.Call) -> Term:
    inner = _of_text(of, node.args[0])
    return Term(Kind.NUMBER, terms.of_one(len, inner.run), inner.depth + 1)


def _known(of: Checker, node: ast.Call) -> Term:
    inner = of.term(node.args[0])
    return Term(Kind.FLAG, terms.known(inner.run), inner.depth + 1)


def _default(of: Checker, node: ast.Call) -> Term:
    inner = of.term(node.args[0])
    other = of.term(node.args[1], inner.kind)
    if other.literal is None:
        of.refuse(node.args[1], "what stands for a missing value is written out")
    return Term(inner.kind, terms.default(inner.run, other.literal), inner.depth + 1)


def _smaller(of: Checker, node: ast.Call) -> Term:
    return _of_numbers(of, node, min)


def _larger(of: Checker, node: ast.Call) -> Term:
    return _of_numbers(of, node, max)


def _of_numbers(of: Checker, node: ast.Call, work: Callable[[Any, Any], Any]) -> Term:
    one, other = of.terms(node.args, Kind.NUMBER)
    return Term(
        Kind.NUMBER, terms.of_two(work, one.run, other.run), 1 + max(one.depth, other.depth)
    )


_FUNCTIONS: Final[dict[str, tuple[int, Callable[[Checker, ast.Call], Term]]]] = {
    "matches": (2, _matches),
    "listed": (2, _listed),
    "lower": (1, _lower),
    "length": (1, _length),
    "known": (1, _known),
    "default": (2, _default),
    "least": (2, _smaller),
    "most": (2, _larger),
}
