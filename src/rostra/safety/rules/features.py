"""What rules ask about: the values of one post, by name; what is not there is missing."""

from collections.abc import Callable, Mapping
from typing import Any, Final


class _Missing:
    """The one value that says: not known."""

    def __repr__(self) -> str:
        return "missing"

    def __bool__(self) -> bool:
        raise TypeError("a missing value is neither true nor false")


MISSING: Final = _Missing()
Lookup = Callable[[str], Any]


class Features:
    """The values of one post by name: `post.text`, `posts_by.600s`, `signal.text_model.violence`.

    What `values` lacks is asked of `lookup`, once: what is dear to know is found out only when a
    rule comes to need it. None is a value that is missing.

    Attributes:
        named: what the names of the rule that is asked stand for; None: not found out yet.
        lacks: of these, what those that are missing lack.
        lacked: the names that were asked for in vain.
    """

    __slots__ = ("lacked", "lacks", "lookup", "named", "values")

    def __init__(self, values: Mapping[str, Any], lookup: Lookup | None = None) -> None:
        self.values = dict(values)
        self.lookup = lookup
        self.lacked: list[str] = []
        self.named: list[Any] = []
        self.lacks: dict[int, tuple[str, ...]] = {}

    def begin(self, names: int) -> None:
        """Another rule is asked, which has so many names."""
        if names or self.named:
            self.named = [None] * names
            self.lacks = {}
        if self.lacked:
            self.lacked.clear()

    def get(self, name: str) -> Any:
        """A value, or `MISSING`; what is missing is noted."""
        try:
            found = self.values[name]
        except KeyError:
            found = self.values[name] = None if self.lookup is None else self.lookup(name)
        if found is None:
            self.lacked.append(name)
            return MISSING
        return found

    def take_lacked(self) -> tuple[str, ...]:
        """The names that were asked for in vain since the last call, each once."""
        found = tuple(dict.fromkeys(self.lacked))
        self.lacked.clear()
        return found
