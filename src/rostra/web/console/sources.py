"""Sources of rules line by line: with what is wrong, and with what changed."""

from collections.abc import Iterable, Sequence
from difflib import ndiff

from rostra.safety.rules.faults import Fault
from rostra.web.views.console_screening import SourceLine


def source_lines(source: str, faults: Iterable[Fault] = ()) -> Sequence[SourceLine]:
    """A source with its lines counted, each with what is wrong in it."""
    wrong: dict[int, list[tuple[int, str]]] = {}
    for fault in faults:
        wrong.setdefault(fault.line, []).append((fault.column, fault.words))
    lines = source.rstrip("\n").split("\n")
    return [
        SourceLine(number=number, text=text, faults=wrong.get(number, ()))
        for number, text in enumerate(lines, 1)
    ]


def changed_lines(before: str, after: str) -> Sequence[SourceLine]:
    """The later of two sources, with the lines that it lost and gained; lost ones have no number.

    Both are no longer than a rule may be.
    """
    found: list[SourceLine] = []
    number = 0
    for line in ndiff(before.splitlines(), after.splitlines()):
        sign, text = line[0], line[2:]
        if sign == "?":  # where within a line: it is short enough to be seen
            continue
        number += sign != "-"
        found.append(SourceLine(number=0 if sign == "-" else number, text=text, sign=sign.strip()))
    return found
