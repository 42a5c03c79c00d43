"""Members who wrote what links lead to, put into posts for each viewer.

Posts stand in the cache as bytes that everybody shares, and whether an account exists is another
question for each viewer. So a hole is left there: an id between two bytes that no JSON text holds,
for it has to escape them. Nothing that anybody writes can make one.
"""

import re
from collections.abc import Iterable, Mapping

import msgspec

HOLE = b"\x00"
_PLACE = re.compile(rb"\x00(\d{1,19})\x00")


class Unfilled(bytes):
    """A post with such holes in it: its kind tells, so that nobody has to look through it."""


def place_of(account_id: int) -> msgspec.Raw:
    """The hole for an account."""
    return msgspec.Raw(b"%b%d%b" % (HOLE, account_id, HOLE))


def authors_in(bodies: Iterable[bytes]) -> list[int]:
    """The accounts whose places are in these posts, each once."""
    found = (int(each) for body in bodies for each in _PLACE.findall(body))
    return list(dict.fromkeys(found))


def with_authors(shown: Mapping[int, bytes], accounts: Mapping[int, bytes]) -> dict[int, bytes]:
    """The posts with these accounts in their places; `null` for all who are not among them."""

    def put(match: re.Match[bytes]) -> bytes:
        return accounts.get(int(match[1]), b"null")

    return {post_id: _PLACE.sub(put, body) for post_id, body in shown.items()}
