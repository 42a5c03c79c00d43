"""Loads what surfaces show of accounts."""

from collections.abc import Sequence

from rostra.network.accounts import card_queries
from rostra.network.accounts.card_model import AccountCard, AccountHead
from rostra.network.edge import Reader


async def heads(reader: Reader, viewer_id: int, ids: Sequence[int]) -> dict[int, AccountHead]:
    """The accounts among ``ids`` that exist for the viewer: active, and not blocking them."""
    if not ids:
        return {}
    found = await reader.all(card_queries.HEADS, viewer=viewer_id, ids=ids)
    return {head.id: head for head in found}


async def cards(reader: Reader, ids: Sequence[int]) -> dict[int, AccountCard]:
    """The lasting part of accounts that :func:`heads`, or a visible post, has let through."""
    if not ids:
        return {}
    return {card.id: card for card in await reader.all(card_queries.CARDS, ids=ids)}
