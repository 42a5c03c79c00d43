"""What a rule asks for when it catches: each effect is checked, with its words and its end."""

import ast
from collections.abc import Callable
from typing import Any, Final

import msgspec

from rostra.kernel.text.clean import normalise
from rostra.safety.categories.facts import all_facts, category_of
from rostra.safety.rules import calls
from rostra.safety.rules.checker import Checker, Refused
from rostra.safety.rules.outcome import Effect, EffectKind
from rostra.safety.rules.spans import DAY

LONGEST_LABEL: Final = 100
LONGEST_WORDS: Final = 500
MOST_POSTS: Final = 1_000


class _Argument(msgspec.Struct, frozen=True):
    """What an effect takes under a name."""

    field: str
    read: Callable[[Checker, ast.expr], Any]


def _words(longest: int) -> Callable[[Checker, ast.expr], str]:
    def read(of: Checker, node: ast.expr) -> str:
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            of.refuse(node, "a text is wanted, written out")
        text = normalise(node.value).strip()  # as it is kept: other characters, other length
        if not text or len(text) > longest:
            of.refuse(node, f"a text of 1 to {longest} characters is wanted")
        return text

    return read


def _span(longest: int) -> Callable[[Checker, ast.expr], int]:
    return lambda of, node: calls.span(of, node, longest)


def _category(of: Checker, node: ast.expr) -> str:
    slug = _words(LONGEST_WORDS)(of, node)
    if category_of(slug) is None:
        of.unknown(node, "category", slug, [each.slug for each in all_facts()])
    return slug


def _posts(of: Checker, node: ast.expr) -> int:
    value = node.value if isinstance(node, ast.Constant) else None
    if type(value) is not int or not 1 <= value <= MOST_POSTS:
        of.refuse(node, f"a number from 1 to {MOST_POSTS} is wanted, written out")
    return value


_WHY: Final = {
    "category": _Argument("category", _category),
    "message": _Argument("message", _words(LONGEST_WORDS)),
}
_LABEL: Final = _Argument("words", _words(LONGEST_LABEL))
_TAKES: Final[dict[EffectKind, dict[str, _Argument]]] = {
    EffectKind.CASE: {"category": _Argument("category", _category)},
    EffectKind.LABEL: {
        "words": _LABEL,
        "ends": _Argument("lasts_ms", _span(90 * DAY)),
        **_WHY,
    },
    EffectKind.HOLD: {**_WHY, "within": _Argument("lasts_ms", _span(7 * DAY))},
    EffectKind.SLOW: {
        "posts": _Argument("posts", _posts),
        "per": _Argument("per_ms", _span(DAY)),
        "ends": _Argument("lasts_ms", _span(30 * DAY)),
        **_WHY,
    },
    EffectKind.LIMIT: {**_WHY, "ends": _Argument("lasts_ms", _span(90 * DAY))},
    EffectKind.NOTIFY: {"words": _Argument("words", _words(LONGEST_WORDS))},
    EffectKind.ENQUEUE: {},
}
FORMS: Final[dict[str, str]] = {
    "case": 'case(category="…")',
    "label": 'label("words", ends="7d", category="…", message="…")',
    "hold": 'hold(category="…", within="12h", message="…")',
    "slow": 'slow(posts=3, per="1h", ends="1d", category="…", message="…")',
    "limit": 'limit(ends="7d", category="…", message="…")',
    "notify": 'notify("words")',
    "enqueue": 'enqueue("adapter")',
}
# What may stand first without its name.
_FIRST: Final = {EffectKind.LABEL: "words", EffectKind.NOTIFY: "words"}


def effect(of: Checker, node: ast.Call, name: str) -> Effect:
    """A checked effect.

    Raises:
        Refused: it is given what it does not take, or lacks what it needs.
    """
    kind = EffectKind(name)
    if kind is EffectKind.ENQUEUE:
        return Effect(kind=kind, signal=_later(of, node))
    takes = _TAKES[kind]
    found: dict[str, Any] = {}
    faulty = False
    for argument, value in _given(of, node, kind):
        try:
            found[takes[argument].field] = takes[argument].read(of, value)
        except Refused:
            faulty = True
    if faulty:
        raise Refused
    lacking = [argument for argument, each in takes.items() if each.field not in found]
    if lacking:
        of.refuse(node, f"{FORMS[name]}: {', '.join(lacking)} is missing")
    return Effect(kind=kind, **found)


def _later(of: Checker, node: ast.Call) -> str:
    """The name of a signal that judges later."""
    name = calls.signal_name(of, node)
    if of.vocabulary.signals[name]:
        of.refuse(node.args[0], f'{name} judges at once: signal("{name}") has its scores')
    return name


def _given(of: Checker, node: ast.Call, kind: EffectKind) -> list[tuple[str, ast.expr]]:
    takes, form = _TAKES[kind], FORMS[kind]
    first = [_FIRST[kind]] if kind in _FIRST else []
    if len(node.args) > len(first) or any(isinstance(each, ast.Starred) for each in node.args):
        of.refuse(node.args[-1], f"{form}: its arguments are named")
    given = list(zip(first, node.args, strict=False))
    for keyword in node.keywords:
        if keyword.arg not in takes:
            of.refuse(keyword, f"{form}: it takes no {keyword.arg or '**'}")
        if keyword.arg in dict(given):
            of.refuse(keyword, f"{form}: {keyword.arg} is given twice")
        given.append((keyword.arg, keyword.value))
    return given
