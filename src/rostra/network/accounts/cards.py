"""Loads what surfaces show of accounts."""

from collections.abc import Sequence

from rostra.network.accounts import queries
from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.edge import Reader


async def heads(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, AccountHead]:
    """The accounts among ``ids`` that exist for the viewer: active, and not blocking them."""
    return {row[0]: AccountHead(*row) for row in await head_rows(reader, viewer_id, ids)}


async def head_rows(reader: Reader, viewer_id: int, ids: Sequence[int]) -> list[tuple[int, ...]]:
    """The same as the database gave them: their columns are those of `AccountHead`.

    Two rows that are equal are shown as the same bytes, for everybody, for ever.
    """
    if not ids:
        return []
    return await reader.all(queries.HEADS, viewer=viewer_id, ids=ids)


async def cards(reader: Reader, ids: Sequence[int]) -> dict[int, AccountCard]:
    """The lasting part of accounts that :func:`heads`, or a visible post, has let through."""
    if not ids:
        return {}
    return {card.id: card for card in await reader.all(queries.CARDS, ids=ids)}
