"""Rows into the entities that clients read: the lasting parts of accounts and posts."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from rostra.api.mastodon.card_documents import preview_card
from rostra.api.mastodon.entities.accounts import AccountLasting, AccountRole, CustomEmoji, Field
from rostra.api.mastodon.entities.statuses import (
    Approval,
    Moderation,
    StatusApplication,
    StatusLasting,
    StatusMention,
    StatusTag,
)
from rostra.api.mastodon.media_documents import media_attachment
from rostra.api.mastodon.policy_documents import policy_document
from rostra.api.mastodon.times import iso, iso_or_none
from rostra.network.accounts.card_model import AccountCard
from rostra.network.addresses import Addresses
from rostra.network.posts.interaction import told
from rostra.network.posts.limits import noted
from rostra.network.posts.model import PostBody, PostRow, Visibility

EmojiBook = Mapping[str, CustomEmoji]

_SHORTCODE = re.compile(r":([A-Za-z0-9_]{2,64}):")
_APPROVAL: dict[int, Approval] = {
    Visibility.WAITING: "pending",
    Visibility.REFUSED: "rejected",
}
_HELD: Moderation = "held"
_ROLE_NAMES = {1: "Moderator", 2: "Admin", 3: "Owner"}


def emojis_in(book: EmojiBook, texts: Iterable[str]) -> tuple[CustomEmoji, ...]:
    """The custom emoji that stand in the texts, each once."""
    if not book:
        return ()
    found = {code: book[code] for t in texts for code in _SHORTCODE.findall(t) if code in book}
    return tuple(found.values())


def account_lasting(card: AccountCard, at: Addresses, book: EmojiBook) -> AccountLasting:
    """The part of an account that changes only with its version."""
    fields = profile_fields(card.fields)
    avatar = at.blob(card.avatar_key) if card.avatar_key else at.static("avatar.png")
    header = at.blob(card.header_key) if card.header_key else at.static("header.png")
    return AccountLasting(
        id=str(card.id),
        username=card.username,
        acct=card.acct,
        url=at.profile(card.acct),
        uri=at.actor_uri(card.username),
        display_name=card.display_name,
        note=card.note_html,
        avatar=avatar,
        avatar_static=at.blob(card.avatar_static_key) if card.avatar_static_key else avatar,
        avatar_description=card.avatar_description,
        header=header,
        header_static=at.blob(card.header_static_key) if card.header_static_key else header,
        header_description=card.header_description,
        locked=bool(card.locked),
        bot=bool(card.bot),
        discoverable=bool(card.discoverable),
        indexable=bool(card.indexable),
        noindex=not card.indexable,
        hide_collections=bool(card.hide_collections),
        created_at=iso(card.created_at),
        fields=fields,
        emojis=emojis_in(book, (card.display_name, card.note_html, *(f.value for f in fields))),
        roles=roles_of(card.role),
        limited=True if card.limited else msgspec.UNSET,
    )


class _StoredField(msgspec.Struct):
    name: str
    html: str = ""
    verified_at: str | None = None


_stored_fields = msgspec.json.Decoder(list[_StoredField])


def profile_fields(stored_fields: str) -> tuple[Field, ...]:
    """The lines of a profile as they are stored, their values as HTML."""
    return tuple(
        Field(stored.name, stored.html, stored.verified_at)
        for stored in _stored_fields.decode(stored_fields)
    )


def roles_of(role: int | None) -> tuple[AccountRole, ...]:
    """The role that is shown on a profile: none for members."""
    return (AccountRole(str(role), _ROLE_NAMES[role]),) if role in _ROLE_NAMES else ()


def status_lasting(
    row: PostRow, author: AccountCard, body: PostBody, at: Addresses, book: EmojiBook
) -> StatusLasting:
    """The part of a post that changes only with its version."""
    policy = told(row.interaction_policy)
    return StatusLasting(
        id=str(row.id),
        created_at=iso(row.created_at),
        edited_at=iso_or_none(row.edited_at),
        in_reply_to_id=str(row.in_reply_to_id) if row.in_reply_to_id else None,
        in_reply_to_account_id=(
            str(row.in_reply_to_account_id) if row.in_reply_to_account_id else None
        ),
        sensitive=bool(row.sensitive),
        spoiler_text=noted(row, body),
        visibility=Visibility(row.visibility).wire,
        language=body.language or None,
        uri=at.post_uri(author.username, row.id),
        url=at.post(author.acct, row.id),
        content=body.html,
        application=_app_of(body),
        media_attachments=tuple(media_attachment(media, at) for media in body.media),
        mentions=tuple(_mention(m.account_id, m.username, m.domain, at) for m in body.mentions),
        tags=tuple(StatusTag(name, at.tag(name)) for name in body.tags),
        emojis=emojis_in(book, (body.text, body.spoiler_text)),
        poll=msgspec.UNSET if row.poll else None,
        card=preview_card(body.card, at) if body.card else None,
        quote=msgspec.UNSET if row.quote else None,
        interaction_policy=policy_document(policy) if policy else msgspec.UNSET,
        approval=_APPROVAL.get(row.visibility, msgspec.UNSET),
        moderation=_HELD if row.visibility == Visibility.HELD else msgspec.UNSET,
        moderation_label=body.label or msgspec.UNSET,
    )


def reblog_lasting(row: PostRow, author: AccountCard, at: Addresses) -> StatusLasting:
    """The wrapper of a reblog; everything to read stands in the original inside it."""
    return StatusLasting(
        id=str(row.id),
        created_at=iso(row.created_at),
        edited_at=None,
        in_reply_to_id=None,
        in_reply_to_account_id=None,
        sensitive=False,
        spoiler_text="",
        visibility=Visibility(row.visibility).wire,
        language=None,
        uri=f"{at.post_uri(author.username, row.id)}/activity",
        url=at.post(author.acct, row.id),
        content="",
        application=None,
        approval=_APPROVAL.get(row.visibility, msgspec.UNSET),
    )


def _app_of(body: PostBody) -> StatusApplication | None:
    """The app that a post was written with, where its author tells."""
    return StatusApplication(body.app_name, body.app_website or None) if body.app_name else None


def _mention(account_id: int, username: str, domain: str, at: Addresses) -> StatusMention:
    acct = f"{username}@{domain}" if domain else username
    return StatusMention(str(account_id), username, at.profile(acct), acct)
