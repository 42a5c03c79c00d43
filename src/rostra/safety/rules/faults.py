"""What is wrong with a rule's source, and where."""

from typing import Final

import msgspec

MOST: Final = 50  # that are told of one source


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong. Lines and columns count from 1, columns in characters."""

    line: int
    column: int
    words: str

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.words}"


class Faulty(Exception):
    """A source that is no rule.

    Attributes:
        faults: all that is wrong with it, in the order of the source.
    """

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda each: (each.line, each.column))[:MOST]
        super().__init__("; ".join(map(str, self.faults)))
