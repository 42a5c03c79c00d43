"""Posts and accounts as bytes of JSON.

What is shown of a post follows from one row of numbers: ids, versions, counters, the viewer's flags
(`posts.model.Shown`). So the bytes are kept in a bounded cache under that row: nothing ever has to
be invalidated, and a page costs one statement and a look into the cache for each post. Rows that
were not shown before are joined from their parts, see `fragments`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from rostra.api.mastodon import filtered
from rostra.api.mastodon.card_authors import HOLE, Unfilled, authors_in, with_authors
from rostra.api.mastodon.fragments import Lasting, Versioned, account_head
from rostra.api.mastodon.render_polls import grafted, with_polls
from rostra.kernel.errors import NotFound
from rostra.network.accounts import cards, roster
from rostra.network.accounts.card_model import AccountHead
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.filters.model import Subject
from rostra.network.instance import access as instance_access
from rostra.network.posts import access as posts_access
from rostra.network.posts import quote, surfaces
from rostra.network.posts.model import Extra, Quote, Shown, ShownRow

# Numbers: an `IntFlag` takes half a microsecond to ask.
_POLL, _QUOTE, _SURFACES = int(Extra.POLL), int(Extra.QUOTE), int(Extra.SURFACES)


class Asking(Protocol):
    """What is needed of a call: who asks, and the services."""

    @property
    def services(self) -> Services:
        """The house's parts."""
        ...

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        ...


def join(items: Iterable[bytes]) -> bytes:
    """Encoded items as one JSON array, which is written once."""
    parts = list(items)
    if not parts:
        return b"[]"
    parts[0] = b"[" + parts[0]
    parts[-1] += b"]"
    return b",".join(parts)


async def statuses(
    call: Asking, reader: Reader, ids: Sequence[int], *, also: Sequence[int] = ()
) -> list[bytes]:
    """The posts among ``ids`` that the viewer may see, in that order, each as JSON.

    ``also``: the originals of reblogs among them, where the caller knows them: saves a statement.
    """
    shown = await statuses_by_id(call, reader, ids, also=also)
    return [shown[post_id] for post_id in ids if post_id in shown]


async def statuses_by_id(
    call: Asking,
    reader: Reader,
    ids: Sequence[int],
    *,
    also: Sequence[int] = (),
    quoted: bool = False,
    alike: bool = False,
) -> dict[int, bytes]:
    """The same by id. One statement where all are in the cache, and none asks or quotes.

    ``quoted``: they stand in other posts; what they quote themselves is told by its id.
    """
    rows = await posts_access.shown(reader, call.viewer.account_id, [*ids, *also] if also else ids)
    return await statuses_of_rows(call, reader, ids, rows, quoted=quoted, alike=alike)


async def statuses_of_rows(
    call: Asking,
    reader: Reader,
    ids: Sequence[int],
    rows: dict[int, ShownRow],
    *,
    alike: bool = False,
    quoted: bool = False,
) -> dict[int, bytes]:
    """The same, of rows that :mod:`rostra.network.posts.access` has let through for the viewer.

    ``alike``: other viewers get the same bytes, so nothing may be in them that is the viewer's.
    """
    extras = 0  # of all together
    for each in rows.values():
        extras |= each[-1]
    rows = await _there(call, reader, rows, alike=alike) if extras & _SURFACES else rows
    cached = call.services.fragments.get
    tail = (instance_access.emoji_version(call.services),)
    shown: dict[int, bytes] = {}
    missing: list[ShownRow] = []
    for post_id in ids:
        row = rows.get(post_id)
        if row is None:
            continue
        key = row + rows[row[1]] + tail if row[1] else row + tail
        found = cached(key)
        if found is None:
            missing.append(row)
        else:
            shown[post_id] = found
    if missing:
        shown |= await _made(call, reader, missing, rows)
    unfilled = Unfilled in map(type, shown.values())  # later they are bytes like others
    if extras & _POLL:
        shown = await with_polls(call.services, reader, call.viewer.account_id, shown, rows)
    if unfilled:
        shown = with_authors(shown, await _authors(call, reader, shown, alike=alike))
    if call.viewer.filters_version and shown:
        await _filter(call, reader, shown, rows)
    if extras & _QUOTE:  # last: they bring in other posts
        shown = await _with_quotes(call, reader, shown, rows, within=quoted, alike=alike)
    return shown


async def _authors(
    call: Asking, reader: Reader, shown: dict[int, bytes], *, alike: bool
) -> dict[int, bytes]:
    """The authors of what links lead to who exist for the viewer; two statements at most."""
    named = authors_in(shown.values())
    return {} if alike else await accounts_by_id(call, reader, named)


async def _with_quotes(
    call: Asking,
    reader: Reader,
    shown: dict[int, bytes],
    rows: dict[int, ShownRow],
    *,
    within: bool,
    alike: bool,
) -> dict[int, bytes]:
    """Put what posts quote into them: whole, or (``within`` a quoted post) by its id.

    Two statements more than the quoted posts themselves, however deep quotes go: a post within a
    post within a post is told by its id.
    """
    viewer_id, now = call.viewer.account_id, call.services.clock.now()
    quoting = [post_id for post_id, row in rows.items() if row[-1] & _QUOTE]
    found = await quote.of_posts(reader, viewer_id, quoting, now=now)
    wanted = list({each.quoted_id for each in found.values() if each.quoted_id})
    if within:
        seen = await posts_access.shown(reader, viewer_id, wanted)
        bodies = {post_id: b'"%d"' % post_id for post_id in seen}
    else:
        bodies = await statuses_by_id(call, reader, wanted, quoted=True, alike=alike)
    key = b'"quoted_status_id":' if within else b'"quoted_status":'
    quotes = {each: _quote_member(found.get(each), key, bodies) for each in quoting}
    return grafted(shown, rows, quotes)


def _quote_member(told: Quote | None, key: bytes, bodies: Mapping[int, bytes]) -> bytes:
    if told is None:  # the post was deleted between two statements
        return b'"quote":null,'
    body = bodies.get(told.quoted_id)
    state = "unauthorized" if told.quoted_id and body is None else told.state
    return b'"quote":{"state":"%b",%b%b},' % (state.encode(), key, body or b"null")


async def _filter(
    call: Asking, reader: Reader, shown: dict[int, bytes], rows: dict[int, ShownRow]
) -> None:
    """Mark in the posts which of the viewer's filters they meet."""
    posts = (_subject(row, rows) for post_id, row in rows.items() if post_id in shown)
    await filtered.mark(call.services, reader, call.viewer, shown, posts)


async def _there(
    call: Asking, reader: Reader, rows: dict[int, ShownRow], *, alike: bool
) -> dict[int, ShownRow]:
    """Those that no decision hides in the app that asks; ``alike``: in any, for many look."""
    hidden = {post_id for post_id, row in rows.items() if row[-1] & _SURFACES}
    if not alike:
        app = surfaces.of_app(call.viewer.app_id)
        hidden = await surfaces.hidden(reader, app, list(hidden))
    return {
        post_id: row
        for post_id, row in rows.items()
        if post_id not in hidden and row[1] not in hidden
    }


def _subject(row: ShownRow, rows: dict[int, ShownRow]) -> Subject:
    """A post as filters look at it."""
    text = rows[row[1]] if row[1] else row
    return Subject(row[0], text[0], text[3])


async def _made(
    call: Asking, reader: Reader, missing: Sequence[ShownRow], rows: dict[int, ShownRow]
) -> dict[int, bytes]:
    """Posts that the cache does not have, joined from their parts, and put there."""
    pairs = [(Shown(*row), Shown(*rows[row[1]]) if row[1] else None) for row in missing]
    lasting = Lasting(call.services)
    parts = [each for pair in pairs for each in pair if each is not None]
    wanted = [Versioned(p.id, p.version, p.account_id, p.author_version) for p in parts]
    await lasting.load(reader, call.viewer.account_id, wanted)
    tail = (instance_access.emoji_version(call.services),)
    made: dict[int, bytes] = {}
    for row, original in pairs:
        status = lasting.status(row, original)
        if status is not None:
            made[row.id] = status = Unfilled(status) if HOLE in status else status
            key = tuple(row) + (tuple(original) if original else ()) + tail
            call.services.fragments.put(key, status)
    return made


async def status(call: Asking, reader: Reader, post_id: int) -> bytes:
    """One post as JSON.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await statuses(call, reader, [post_id])
    if not found:
        raise NotFound(f"post {post_id} for viewer {call.viewer.account_id}")
    return found[0]


async def accounts(call: Asking, reader: Reader, ids: Sequence[int]) -> list[bytes]:
    """The accounts among ``ids`` that exist for the viewer, in that order, each as JSON."""
    found = await accounts_by_id(call, reader, ids)
    return [found[account_id] for account_id in ids if account_id in found]


async def accounts_by_id(call: Asking, reader: Reader, ids: Sequence[int]) -> dict[int, bytes]:
    """The accounts among ``ids`` that exist for the viewer, each as JSON."""
    rows = await cards.head_rows(reader, call.viewer.account_id, ids)
    return await _of_heads(call, reader, rows)


async def any_accounts(call: Asking, reader: Reader, ids: Sequence[int]) -> dict[int, bytes]:
    """The accounts among ``ids`` in whatever state, each as JSON; for operators alone."""
    return await _of_heads(call, reader, await roster.head_rows(reader, ids))


async def _of_heads(
    call: Asking, reader: Reader, rows: Sequence[tuple[int, ...]]
) -> dict[int, bytes]:
    fragments = call.services.fragments
    tail = (instance_access.emoji_version(call.services),)
    shown: dict[int, bytes] = {}
    missing: list[AccountHead] = []
    for row in rows:
        found = fragments.get(row + tail)
        if found is None:
            missing.append(AccountHead(*row))
        else:
            shown[row[0]] = found
    if missing:
        lasting = Lasting(call.services)
        wanted = [Versioned(0, 0, head.id, head.version) for head in missing]
        await lasting.load(reader, call.viewer.account_id, wanted)
        tail = (instance_access.emoji_version(call.services),)
        for head in missing:
            if head.id in lasting.accounts:
                account = shown[head.id] = account_head(head) + lasting.accounts[head.id]
                fragments.put((*msgspec.structs.astuple(head), *tail), account)
    return shown


async def account(call: Asking, reader: Reader, account_id: int) -> bytes:
    """One account as JSON.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = await accounts(call, reader, [account_id])
    if not found:
        raise NotFound(f"account {account_id} for viewer {call.viewer.account_id}")
    return found[0]
