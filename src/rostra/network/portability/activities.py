"""A member and their posts in the vocabulary of ActivityStreams, laid out as Mastodon's archives.

Source: https://www.w3.org/TR/activitystreams-vocabulary/ and Mastodon 4.5 (`outbox.json`,
`actor.json`, `likes.json`, `bookmarks.json`), so that readers of such archives read these.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from rostra.network.accounts.card_model import AccountCard
from rostra.network.accounts.model import AccountRow, Profile
from rostra.network.addresses import Addresses
from rostra.network.media.model import Media
from rostra.network.polls.model import Poll
from rostra.network.portability import policies
from rostra.network.portability.policies import PUBLIC
from rostra.network.posts.model import PostBody, PostRow, Quote, Visibility
from rostra.store.blobs import content_type_of

CONTEXT: Final = [
    "https://www.w3.org/ns/activitystreams",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "Hashtag": "as:Hashtag",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "votersCount": "toot:votersCount",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "quote": {"@type": "@id", "@id": "https://w3id.org/fep/044f#quote"},
        **policies.CONTEXT,
    },
]


class Known(msgspec.Struct, frozen=True):
    """What activities refer to: accounts by id, and the posts that the member may see."""

    at: Addresses
    me: str
    cards: Mapping[int, AccountCard]
    rows: Mapping[int, PostRow]
    polls: Mapping[int, Poll] = {}
    quotes: Mapping[int, Quote] = {}

    @property
    def actor(self) -> str:
        """The member's lasting name."""
        return self.at.actor_uri(self.me)

    def post_uri(self, post_id: int) -> str | None:
        """The lasting name of a post that the member may see."""
        row = self.rows.get(post_id)
        card = self.cards.get(row.account_id) if row else None
        return self.at.post_uri(card.username, post_id) if card else None


def media_path(media: Media) -> str:
    """Where an attachment lies in the archive."""
    return f"media_attachments/files/{media.id}.{_suffix(media.blob_key)}"


def picture_path(kind: str, key: str) -> str:
    """Where the avatar or the header lies in the archive; empty where there is none."""
    return f"{kind}.{_suffix(key)}" if key else ""


def _suffix(key: str) -> str:
    return key.rpartition(".")[2]


def create(row: PostRow, body: PostBody, known: Known) -> dict[str, Any]:
    """A post of the member's own, and that it was made."""
    uri = known.at.post_uri(known.me, row.id)
    to, cc = _audience(Visibility(row.visibility), body, known)
    published = stamp(row.created_at)
    note = {
        "id": uri,
        "type": "Note",
        "summary": body.spoiler_text or None,
        "inReplyTo": known.post_uri(row.in_reply_to_id),
        "published": published,
        "url": known.at.post(known.me, row.id),
        "attributedTo": known.actor,
        "to": to,
        "cc": cc,
        "sensitive": bool(row.sensitive),
        "content": body.html,
        "contentMap": {body.language: body.html} if body.language else {},
        "source": {"content": body.text, "mediaType": "text/plain"},
        "attachment": [_document(media) for media in body.media],
        "tag": _tags(body, known.at),
    }
    if row.id in known.polls:
        note |= _question(known.polls[row.id])
    if row.id in known.quotes:
        note["quote"] = known.post_uri(known.quotes[row.id].quoted_id)
    if row.edited_at:
        note["updated"] = stamp(row.edited_at)
    if row.interaction_policy:
        note |= policies.of_post(row.interaction_policy, known.actor, _answering(row, body, known))
    return {
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": known.actor,
        "published": published,
        "to": to,
        "cc": cc,
        "object": note,
    }


def announce(row: PostRow, known: Known) -> dict[str, Any]:
    """A reblog of a post that the member may still see: only its name, for it is another's."""
    to, cc = _reach(Visibility(row.visibility), [], known)
    return {
        "id": f"{known.at.post_uri(known.me, row.id)}/activity",
        "type": "Announce",
        "actor": known.actor,
        "published": stamp(row.created_at),
        "to": to,
        "cc": cc,
        "object": known.post_uri(row.reblog_of_id),
    }


def actor(account: AccountRow, profile: Profile, at: Addresses) -> dict[str, Any]:
    """The member as others see them."""
    uri = at.actor_uri(account.username)
    return {
        "@context": CONTEXT,
        "id": uri,
        "type": "Service" if account.bot else "Person",
        "preferredUsername": account.username,
        "name": profile.display_name,
        "summary": profile.note_html,
        "url": at.profile(account.username),
        "published": stamp(account.created_at),
        "manuallyApprovesFollowers": bool(account.locked),
        "discoverable": bool(account.discoverable),
        "indexable": bool(account.indexable),
        "outbox": "outbox.json",
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
        "attachment": [
            {"type": "PropertyValue", "name": line.name, "value": line.html or line.value}
            for line in profile.lines
        ],
        "icon": _picture("avatar", profile.avatar_key, profile.avatar_description),
        "image": _picture("header", profile.header_key, profile.header_description),
    }


def stamp(ms: int) -> str:
    """UTC milliseconds as ISO 8601 in whole seconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tags(body: PostBody, at: Addresses) -> list[dict[str, str]]:
    """Whom a post mentions, and its hashtags."""
    return [
        *(
            {"type": "Mention", "href": at.actor_uri(each.username), "name": f"@{each.username}"}
            for each in body.mentions
        ),
        *({"type": "Hashtag", "href": at.tag(name), "name": f"#{name}"} for name in body.tags),
    ]


def _answering(row: PostRow, body: PostBody, known: Known) -> list[str]:
    """The names of whom a post mentions, and of whom it answers."""
    answered = known.rows.get(row.in_reply_to_id)
    card = known.cards.get(answered.account_id) if answered else None
    names = [mention.username for mention in body.mentions] + ([card.username] if card else [])
    return [known.at.actor_uri(name) for name in dict.fromkeys(names) if name != known.me]


def _question(poll: Poll) -> dict[str, Any]:
    """What makes a note a question; totals that are hidden until the end are left out."""
    told = {
        "type": "Question",
        "anyOf" if poll.multiple else "oneOf": [
            {"type": "Note", "name": option.title, **_answers(option.votes)}
            for option in poll.options
        ],
        "endTime": stamp(poll.ends_at),
        "votersCount": poll.voters,
    }
    return {**told, "closed": stamp(poll.ends_at)} if poll.ended else told


def _answers(votes: int | None) -> dict[str, Any]:
    return {} if votes is None else {"replies": {"type": "Collection", "totalItems": votes}}


def _document(media: Media) -> dict[str, Any]:
    return {
        "type": "Document",
        "mediaType": media.mime,
        "url": f"/{media_path(media)}",
        "name": media.description or None,
        "blurhash": media.blurhash or None,
        "focalPoint": [media.focus_x / 1000, media.focus_y / 1000],
        "width": media.width,
        "height": media.height,
    }


def _picture(kind: str, key: str, description: str) -> dict[str, Any] | None:
    if not key:
        return None
    return {
        "type": "Image",
        "mediaType": content_type_of(key),
        "url": picture_path(kind, key),
        "summary": description or None,
    }


def _audience(visibility: Visibility, body: PostBody, known: Known) -> tuple[list[str], list[str]]:
    named = [known.at.actor_uri(mention.username) for mention in body.mentions]
    return _reach(visibility, named, known)


def _reach(visibility: Visibility, named: list[str], known: Known) -> tuple[list[str], list[str]]:
    """Whom it is to, and who gets a copy."""
    followers = f"{known.actor}/followers"
    match visibility:
        case Visibility.PUBLIC:
            return [PUBLIC], [followers, *named]
        case Visibility.UNLISTED:
            return [followers], [PUBLIC, *named]
        case Visibility.FOLLOWERS:
            return [followers], named
        case Visibility.DIRECT:
            return named, []
        case _:  # it waits, was refused, or a decision hides it: it is for nobody else
            return [], []
