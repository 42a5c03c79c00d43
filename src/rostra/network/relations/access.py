"""Loads relations for a viewer: how they stand to others, and lists of accounts.

Lists answer lines with an id of their own, over which their pages run; accounts that do not exist
for the viewer (not active, or blocking them) are left out.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from rostra.kernel.paging import Page, Window
from rostra.network.accounts import access as accounts_access
from rostra.network.edge import Reader
from rostra.network.relations import queries
from rostra.network.relations.model import Between, Link, Relation
from rostra.store.paging import Pages, window_of

MOST_ASKED = 300  # accounts of one question
_FAMILIAR_EACH = 250  # followers told of one account
_FAMILIAR_MAX = 1_000  # of all that are asked for, dealt out in turns

_languages = msgspec.json.Decoder(tuple[str, ...])
_PLAIN = {
    Between.FOLLOWED_BY: "followed_by",
    Between.REQUESTED_BY: "requested_by",
    Between.BLOCKING: "blocking",
    Between.BLOCKED_BY: "blocked_by",
    Between.ENDORSED: "endorsed",
}


@lru_cache(maxsize=256)
def languages_of(text: str) -> tuple[str, ...]:
    """The language codes that a follow keeps as JSON."""
    return _languages.decode(text)


def _facts(kind: Between, one: int, two: int, words: str) -> dict[str, object]:
    """What a row of ``queries.RELATIONS`` says, as fields of a relation."""
    match kind:
        case Between.FOLLOWING | Between.REQUESTED:
            return {
                "following" if kind == Between.FOLLOWING else "requested": True,
                "showing_reblogs": bool(one),
                "notifying": bool(two),
                "languages": languages_of(words),
            }
        case Between.MUTING:
            return {"muting": True, "muting_notifications": bool(one), "muting_expires_at": two}
        case Between.NOTED:
            return {"note": words}
        case Between.EXISTS:
            return {}
        case _:
            return {_PLAIN[kind]: True}


async def relationships(
    reader: Reader, viewer_id: int, ids: Sequence[int], *, now: int
) -> list[Relation]:
    """How the viewer stands to each of the accounts, in the order of ``ids``. One query.

    Accounts that are not active are left out. Whoever blocks the viewer is told as such: clients
    show it, and a member can always notice it. ``now`` is UTC ms, for mutes that end.
    """
    wanted = list(dict.fromkeys(ids))[:MOST_ASKED]
    if not wanted:
        return []
    facts: dict[int, dict[str, object]] = {}
    there: set[int] = set()
    for kind, account_id, one, two, words in await reader.all(
        queries.RELATIONS, viewer=viewer_id, ids=wanted, now=now
    ):
        facts.setdefault(account_id, {}).update(_facts(Between(kind), one, two, words))
        if kind == Between.EXISTS:
            there.add(account_id)
    return [
        msgspec.convert({"id": account_id, **facts[account_id]}, Relation)
        for account_id in wanted
        if account_id in there
    ]


async def _page(reader: Reader, pages: Pages[Link], page: Page, **params: int) -> Window[Link]:
    return await window_of(reader, pages, page, lambda link: link.id, **params)


async def _public(
    reader: Reader, pages: Pages[Link], viewer_id: int, account_id: int, page: Page, *, now: int
) -> Window[Link]:
    account = await accounts_access.public(reader, viewer_id, account_id)
    if account.hide_collections and viewer_id != account_id:
        return Window([])
    return await _page(reader, pages, page, viewer=viewer_id, account=account_id, now=now)


async def followers(
    reader: Reader, viewer_id: int, account_id: int, page: Page, *, now: int
) -> Window[Link]:
    """Who follows an account; empty where its owner hides that. Two queries.

    Raises:
        NotFound: there is no such account for this viewer.
    """
    return await _public(reader, queries.FOLLOWERS, viewer_id, account_id, page, now=now)


async def following(
    reader: Reader, viewer_id: int, account_id: int, page: Page, *, now: int
) -> Window[Link]:
    """Whom an account follows; empty where its owner hides that. Two queries.

    Raises:
        NotFound: there is no such account for this viewer.
    """
    return await _public(reader, queries.FOLLOWING, viewer_id, account_id, page, now=now)


async def follow_requests(reader: Reader, account_id: int, page: Page) -> Window[Link]:
    """Who waits for this account's yes. One query."""
    return await _page(reader, queries.REQUESTS, page, viewer=account_id, account=account_id)


async def endorsements(
    reader: Reader, viewer_id: int, account_id: int, page: Page, *, now: int
) -> Window[Link]:
    """Whom an account shows on its profile, the last first. Two queries.

    Raises:
        NotFound: there is no such account for this viewer.
    """
    await accounts_access.public(reader, viewer_id, account_id)
    return await _page(
        reader, queries.ENDORSEMENTS, page, viewer=viewer_id, account=account_id, now=now
    )


async def blocks(reader: Reader, account_id: int, page: Page) -> Window[Link]:
    """Whom this account blocks. One query."""
    return await _page(reader, queries.BLOCKS, page, viewer=account_id)


async def mutes(reader: Reader, account_id: int, page: Page, *, now: int) -> Window[Link]:
    """Whom this account mutes, and till when. One query."""
    return await _page(reader, queries.MUTES, page, viewer=account_id, now=now)


async def familiar_followers(
    reader: Reader, viewer_id: int, ids: Sequence[int]
) -> dict[int, list[int]]:
    """For each account, those of its followers whom the viewer follows, latest first. One query.

    Accounts that hide their collections are left out, on both sides. Of one account 250 are told,
    of all together 1,000: dealt out in turns, so that none goes short for another that has many.
    """
    wanted = list(dict.fromkeys(ids))[:MOST_ASKED]
    found: dict[int, list[int]] = {account_id: [] for account_id in wanted}
    if wanted:
        for target_id, account_id in await reader.all(
            queries.FAMILIAR,
            viewer=viewer_id,
            ids=wanted,
            each=_FAMILIAR_EACH,
            limit=_FAMILIAR_MAX,
        ):
            found[target_id].append(account_id)
    return found
