"""The items of `outbox.json`, found without reading all of it into objects.

A list of millions of numbers, or brackets within brackets, costs no more than its own bytes.
"""

import re
from collections.abc import Iterator
from typing import Final

from rostra.network.portability.packed import ArchiveError

FILE: Final = "outbox.json"
MAX_BYTES: Final = 256 << 20
MAX_ITEMS: Final = 500_000
MAX_ITEM: Final = 1 << 20
# A text without an end goes to the end: looked for anew at each mark in it, it would take for ever.
_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[{}\[\],]', re.DOTALL)
_NAME: Final = re.compile(rb'"(?:orderedItems|items)"\s*:\s*\[')


def items(data: bytes) -> Iterator[memoryview]:
    """Each object of the collection's list, as its own bytes; the order is that of the file.

    Raises:
        ArchiveError: there is no such list, or it holds something else, or too much.
    """
    view = memoryview(data)
    begin, depth, start = _list_at(data), 0, 0
    count, end = 0, begin
    for token in _TOKEN.finditer(data, begin):
        mark = data[token.start() : token.start() + 1]
        if depth == 0:
            _nothing_between(data, end, token.start(), mark)
        if mark in b"{[":
            if depth == 0:
                start = token.start()
            depth += 1
        elif mark in b"}]":
            if depth == 0:
                return  # the end of the list
            depth -= 1
            if depth == 0:
                count += 1
                if count > MAX_ITEMS:
                    raise ArchiveError(f"{FILE} has more than {MAX_ITEMS:,} items")
                yield view[start : token.end()]
        end = token.end()
    raise ArchiveError(f"{FILE} ends in the middle of its list")


def _nothing_between(data: bytes, end: int, at: int, mark: bytes) -> None:
    """Between objects stand commas and blanks alone."""
    if mark == b'"' or data[end:at].strip():
        raise ArchiveError(f"{FILE} holds something that is no object, at byte {end:,}")


def _list_at(data: bytes) -> int:
    """Behind the bracket with which the list of the outermost object begins."""
    depth = 0
    for token in _TOKEN.finditer(data):
        mark = data[token.start() : token.start() + 1]
        if mark in b"{[":
            depth += 1
        elif mark in b"}]":
            depth -= 1
        elif mark == b'"' and depth == 1:
            found = _NAME.match(data, token.start())
            if found:
                return found.end()
    raise ArchiveError(f"{FILE} has no list `orderedItems`")
