"""Previews of links as clients read them. Source: docs.joinmastodon.org/entities/PreviewCard."""

from html import escape
from typing import Any, Literal, cast

from rostra.api.mastodon.card_authors import place_of
from rostra.api.mastodon.entities.statuses import CardAuthor, PreviewCard
from rostra.api.mastodon.times import iso_or_none
from rostra.network.addresses import Addresses
from rostra.network.previews.model import Card

_WIDTH, _HEIGHT = 640, 360


def preview_card(card: Card, at: Addresses) -> PreviewCard:
    """The preview of a link."""
    named = card.author_name or card.author_url or card.author_account_id
    return PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language or None,
        type=cast("Literal['link', 'photo', 'video', 'rich']", card.kind),
        author_name=card.author_name,
        author_url=card.author_url,
        authors=(_author(card),) if named else (),
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=_frame(card),
        width=card.width,
        height=card.height,
        image=at.blob(card.image_key) if card.image_key else None,
        image_description=card.image_description,
        embed_url=card.frame_url,
        blurhash=card.blurhash or None,
        published_at=iso_or_none(card.published_at),
    )


def _author(card: Card) -> CardAuthor:
    # The account is put in for each viewer: see `card_authors`.
    account = cast("Any", place_of(card.author_account_id)) if card.author_account_id else None
    return CardAuthor(card.author_name, card.author_url, account)


def _frame(card: Card) -> str:
    """A frame that may run scripts of its own site and nothing else (CVE-2023-36459)."""
    if not card.frame_url:
        return ""
    return (
        f'<iframe src="{escape(card.frame_url)}" width="{card.width or _WIDTH}"'
        f' height="{card.height or _HEIGHT}" frameborder="0" allowfullscreen'
        ' sandbox="allow-scripts allow-same-origin allow-popups allow-forms"'
        ' referrerpolicy="no-referrer"></iframe>'
    )
