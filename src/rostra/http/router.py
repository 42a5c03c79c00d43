"""Find the route of a method and a path: a trie over path segments.

Patterns: `/about`, `/api/v1/statuses/{id}`, `/@{acct}`, `/tags/{name}.rss`, `/static/{rest:path}`.
At every segment a fixed word wins over a prefixed parameter (longest fixed part first), that over a
plain parameter, that over the rest of the path. Paths arrive percent-decoded, once, by the server;
empty segments (doubled and trailing slashes) are dropped, and a path with a `.` or `..` segment, a
backslash or a control character has no route at all, so no two readers can disagree on it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")

MAX_PATH: Final = 2048
MAX_SEGMENTS: Final = 32
NO_PARAMS: Final[Mapping[str, str]] = {}

_PARAMETER = re.compile(
    r"^(?P<before>[^{}]*)\{(?P<name>[a-z_]+)(?P<rest>:path)?\}(?P<after>[^{}]*)$"
)
_BAD_CHARACTER = re.compile("[\x00-\x1f\x7f\\\\\ud800-\udfff\ufffd]")


class Found(NamedTuple, Generic[T]):
    """A route: what was registered, and the values of its path parameters."""

    target: T
    params: Mapping[str, str]


class Missed(NamedTuple):
    """No route: `allow` holds the methods that the path does answer (empty: no such path)."""

    allow: tuple[str, ...]


NOT_FOUND: Final = Missed(())


class _Leaf(Generic[T]):
    __slots__ = ("targets",)

    def __init__(self) -> None:
        self.targets: dict[str, tuple[T, tuple[str, ...]]] = {}

    @property
    def missed(self) -> Missed:
        """What is said where none of its methods was asked for."""
        return Missed(tuple(sorted({*self.targets, "OPTIONS"}))) if self.targets else NOT_FOUND


class _Node(Generic[T]):
    __slots__ = ("affixed", "leaf", "param", "rest", "words")

    def __init__(self) -> None:
        self.words: dict[str, _Node[T]] = {}
        self.affixed: list[tuple[str, str, _Node[T]]] = []
        self.param: _Node[T] | None = None
        self.rest: _Leaf[T] | None = None
        self.leaf: _Leaf[T] | None = None


class Router(Generic[T]):
    """The routes of one process; filled once, then only read."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._exact: dict[str, _Leaf[T]] = {}
        self._planted: dict[str, tuple[_Leaf[T], tuple[str, ...]]] = {}

    def add(self, methods: Iterable[str], pattern: str, target: T) -> None:
        """Register `target`. PUT and PATCH are one; GET answers HEAD too.

        Raises:
            ValueError: the pattern is malformed, or one of its methods is taken.
        """
        leaf, names = self._plant(pattern)
        for method in _with_twins(methods):
            if method in leaf.targets:
                raise ValueError(f"{method} {pattern} is registered twice")
            leaf.targets[method] = (target, names)
        if not names:
            self._exact[pattern] = leaf

    def find(self, method: str, path: str) -> Found[T] | Missed:
        """The route for a decoded path."""
        leaf = self._exact.get(path)
        values: list[str] = []
        if leaf is None:
            segments = split(path)
            if segments is None:
                return NOT_FOUND
            node, at = _along_words(self._root, segments)
            leaf = _descend(node, segments, at, values)
            if leaf is None:
                return NOT_FOUND
        entry = leaf.targets.get(method)
        if entry is None:
            return leaf.missed
        target, names = entry
        return Found(target, dict(zip(names, values, strict=True)) if names else NO_PARAMS)

    def methods_of(self, pattern: str) -> tuple[str, ...]:
        """The methods registered for a pattern so far, and OPTIONS."""
        leaf, _ = self._plant(pattern)
        return leaf.missed.allow or ("OPTIONS",)

    def _plant(self, pattern: str) -> tuple[_Leaf[T], tuple[str, ...]]:
        known = self._planted.get(pattern)
        if known is None:
            known = self._planted[pattern] = self._grown(pattern)
        return known

    def _grown(self, pattern: str) -> tuple[_Leaf[T], tuple[str, ...]]:
        node, names = self._root, path_names(pattern)
        for segment in _segments(pattern):
            if isinstance(segment, str):
                known = node.words.get(segment)
                if known is None:
                    known = node.words[segment] = _Node()
                node = known
            elif segment.rest:
                if node.rest is None:
                    node.rest = _Leaf()
                return node.rest, names
            else:
                node = _parameter_node(node, segment.before, segment.after)
        if node.leaf is None:
            node.leaf = _Leaf()
        return node.leaf, names


class _Parameter(NamedTuple):
    """A segment that stands for a value, and the fixed text around it."""

    name: str
    before: str
    after: str
    rest: bool


@cache
def _segments(pattern: str) -> tuple[str | _Parameter, ...]:
    """The segments of a pattern up to the rest of the path, if it takes that."""
    if not pattern.startswith("/"):
        raise ValueError(f"{pattern!r} does not start with a slash")
    found: list[str | _Parameter] = []
    names = set[str]()
    for segment in filter(None, pattern.split("/")):
        if "{" not in segment:
            found.append(segment)
            continue
        match = _PARAMETER.match(segment)
        if match is None or match["name"] in names:
            raise ValueError(f"malformed segment {segment!r} in {pattern!r}")
        names.add(match["name"])
        found.append(
            _Parameter(match["name"], match["before"], match["after"], bool(match["rest"]))
        )
        if match["rest"]:
            break
    return tuple(found)


@cache
def path_names(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's parameters, in order.

    Raises:
        ValueError: it is malformed.
    """
    return tuple(part.name for part in _segments(pattern) if isinstance(part, _Parameter))


def split(path: str) -> list[str] | None:
    """The segments of a decoded path, empty ones dropped; None: nothing we answer is named so."""
    if len(path) > MAX_PATH or not path.startswith("/") or _BAD_CHARACTER.search(path):
        return None
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS or "." in segments or ".." in segments:
        return None
    return segments


def _with_twins(methods: Iterable[str]) -> set[str]:
    out = set(methods)
    if out & {"PUT", "PATCH"}:
        out |= {"PUT", "PATCH"}
    if "GET" in out:
        out.add("HEAD")
    return out


def _parameter_node(node: _Node[T], before: str, after: str) -> _Node[T]:
    if not before and not after:
        if node.param is None:
            node.param = _Node()
        return node.param
    for known_before, known_after, child in node.affixed:
        if (known_before, known_after) == (before, after):
            return child
    child = _Node[T]()
    node.affixed.append((before, after, child))
    node.affixed.sort(key=lambda entry: -len(entry[0]) - len(entry[1]))
    return child


def _along_words(node: _Node[T], segments: list[str]) -> tuple[_Node[T], int]:
    """As far as fixed words alone decide: most of every path, without recursion."""
    at = 0
    for at, segment in enumerate(segments):
        word = node.words.get(segment)
        if word is None or node.affixed or node.param is not None or node.rest is not None:
            return node, at
        node = word
    return node, len(segments)


def _descend(node: _Node[T], segments: list[str], at: int, values: list[str]) -> _Leaf[T] | None:
    if at == len(segments):
        return node.leaf
    segment = segments[at]
    word = node.words.get(segment)
    if word is not None:
        leaf = _descend(word, segments, at + 1, values)
        if leaf is not None:
            return leaf
    known = len(values)
    for before, after, child in node.affixed:
        if (
            len(segment) > len(before) + len(after)
            and segment.startswith(before)
            and segment.endswith(after)
        ):
            values.append(segment[len(before) : len(segment) - len(after)])
            leaf = _descend(child, segments, at + 1, values)
            if leaf is not None:
                return leaf
            del values[known:]
    if node.param is not None:
        values.append(segment)
        leaf = _descend(node.param, segments, at + 1, values)
        if leaf is not None:
            return leaf
        del values[known:]
    if node.rest is not None:
        values.append("/".join(segments[at:]))
    return node.rest
