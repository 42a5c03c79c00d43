"""What stands in announcements: their words as HTML, and whom and what they name."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from rostra.kernel import ids
from rostra.kernel.text import entities
from rostra.kernel.text.entities import Entity
from rostra.kernel.text.render import Links, post_html
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.model import AccountRow
from rostra.network.addresses import addresses
from rostra.network.announcements.model import Announcement
from rostra.network.edge import Reader, Services
from rostra.network.posts import access as posts_access
from rostra.network.posts.model import Visibility

_POST = re.compile(r"/(?:@[\w.-]+|users/\w+/statuses)/([0-9]{1,19})(?![\w/])", re.ASCII)
_MOST = 20  # mentions and posts of one announcement that are looked up


class Written(msgspec.Struct, frozen=True):
    """An announcement as it is read."""

    html: str
    mentions: tuple[AccountRow, ...] = ()
    tags: tuple[str, ...] = ()
    posts: tuple[tuple[int, str], ...] = ()  # those that everybody may see: id and address


class _Parts(msgspec.Struct, frozen=True):
    found: tuple[Entity, ...]
    names: tuple[str, ...]


@lru_cache(maxsize=128)
def _parts(text: str) -> _Parts:
    found = tuple(entities.extract(text))
    return _Parts(found, tuple(entities.mentions(found))[:_MOST])


async def written(
    services: Services, reader: Reader, viewer_id: int, announcements: Sequence[Announcement]
) -> dict[int, Written]:
    """The words of announcements, by id; of accounts and posts those that are there for the viewer.

    One statement where people are named, one where posts are linked.
    """
    at = addresses(services.settings)
    parts = {each.id: _parts(each.text) for each in announcements}
    local = {
        handle: name
        for each in parts.values()
        for handle in each.names
        if (name := accounts_access.local_username(services.settings, handle))
    }
    accounts = await accounts_access.by_usernames(reader, local.values(), viewer_id)
    by_handle = {
        handle.lower(): accounts[name.lower()]
        for handle, name in local.items()
        if name.lower() in accounts
    }
    links = Links({handle: at.profile(row.username) for handle, row in by_handle.items()}, at.tag)
    linked = {each.id: _posts(at.base, each.text) for each in announcements}
    asked = sorted({post_id for posts in linked.values() for post_id in posts})
    rows = await posts_access.rows(reader, viewer_id, asked)
    public = {
        each
        for each, row in rows.items()
        if row.visibility in {Visibility.PUBLIC, Visibility.UNLISTED}
    }
    return {
        each.id: Written(
            html=post_html(each.text, links, parts[each.id].found),
            mentions=_once(by_handle.get(handle.lower()) for handle in parts[each.id].names),
            tags=tuple(entities.hashtags(parts[each.id].found)),
            posts=tuple((post, url) for post, url in linked[each.id].items() if post in public),
        )
        for each in announcements
    }


def _posts(base: str, text: str) -> dict[int, str]:
    """Posts of this place whose addresses stand in the text, by id."""
    found: dict[int, str] = {}
    start = text.find(base)
    while start >= 0 and len(found) < _MOST:
        match = _POST.match(text, start + len(base))
        post_id = ids.parse(match[1]) if match else None
        if match and post_id:
            found.setdefault(post_id, text[start : match.end()])
        start = text.find(base, start + len(base))
    return found


def _once(rows: Iterable[AccountRow | None]) -> tuple[AccountRow, ...]:
    return tuple({row.id: row for row in rows if row is not None}.values())
