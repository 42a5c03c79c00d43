"""An activity of an archive to the post that it was: its words, time, reach and files.

Rostra's own archives and Mastodon's are read, and others in the same vocabulary. What is there of
the wrong kind is refused by its name, and never stops the rest.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from rostra.kernel.text.language import normalise_language
from rostra.kernel.text.sanitise import MAX_HTML
from rostra.kernel.text.written import as_written
from rostra.network.portability.packed import known_as
from rostra.network.portability.policies import PUBLIC
from rostra.network.posts.model import Draft, Visibility

FLOOR_MS: Final = int(datetime(2006, 1, 1, tzinfo=UTC).timestamp()) * 1000
"""Nothing like a post is older."""

_PUBLIC: Final = frozenset({PUBLIC, "as:Public", "Public"})
_MAX_NAME: Final = 2048
_MAX_TEXT: Final = 1 << 18
_MAX_LISTED: Final = 10_000


class Left(StrEnum):
    """Why something of an archive is left out that is nobody's mistake."""

    REBLOG = "reblogs"
    DIRECT = "direct posts, and posts that nobody else could see"
    POLL = "polls: votes can't be taken along"
    REPLY = "replies to posts of others, and what follows on them"
    HERE = "here already"
    GONE = "deleted here since (--again brings them back)"
    OTHERS = "of somebody else"
    UNKNOWN = "activities that are no posts"


class Unfit(Exception):
    """An item can't be brought in; the words say which field and why."""


class Attached(msgspec.Struct, frozen=True):
    """A file of a post: its name in the archive, its description, its focus in thousandths."""

    name: str
    description: str = ""
    focus: tuple[int, int] | None = None


class Old(msgspec.Struct, frozen=True):
    """A post as an archive tells of it.

    Attributes:
        uri: what it is called there.
        parent: what it answers is called; empty: nothing.
        at: when it was published, UTC ms.
        draft: its words and its reach, without files.
        files: its files, in their order.
    """

    uri: str
    parent: str
    at: int
    draft: Draft
    files: tuple[Attached, ...]


class _Note(msgspec.Struct):
    id: Any = None
    type: Any = None
    published: Any = None
    attributedTo: Any = None  # noqa: N815 (the vocabulary's name)
    inReplyTo: Any = None  # noqa: N815 (likewise)
    summary: Any = None
    sensitive: Any = None
    content: Any = None
    contentMap: Any = None  # noqa: N815 (likewise)
    source: Any = None
    attachment: Any = None
    to: Any = None
    cc: Any = None


class _Activity(msgspec.Struct):
    type: Any = None
    actor: Any = None
    object: msgspec.Raw = msgspec.Raw(b"null")


_activity = msgspec.json.Decoder(_Activity).decode
_note = msgspec.json.Decoder(_Note).decode


def actor_of(item: memoryview) -> str:
    """Who did what an item tells of; empty: nobody knows."""
    try:
        found = _activity(item).actor
    except (msgspec.DecodeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def read_item(item: memoryview, actor: str, now: int) -> Old | Left:
    """The post that an item of `outbox.json` tells of, or why it is left out.

    Args:
        item: the bytes of its JSON.
        actor: whose archive it is.
        now: UTC ms; nothing may be younger.

    Raises:
        Unfit: it can't be used.
    """
    try:
        activity = _activity(item)
        if activity.type == "Announce":
            return Left.REBLOG
        if activity.type != "Create" or not bytes(activity.object).startswith(b"{"):
            return Left.UNKNOWN
        note = _note(activity.object)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unfit(f"can't be read: {error}") from error
    if note.type == "Question":
        return Left.POLL
    if note.type not in ("Note", "Article", "Page"):  # whatever it is: a list has no hash
        return Left.UNKNOWN
    if activity.actor != actor or note.attributedTo not in (actor, None):
        return Left.OTHERS
    return _post(note, actor, now)


def _post(note: _Note, actor: str, now: int) -> Old | Left:
    visibility = _visibility(note, f"{actor}/followers")
    if visibility is None:
        return Left.DIRECT
    uri, at = _text(note.id, "id", _MAX_NAME), _time(note.published, now)
    if not uri:
        raise Unfit("id is missing")
    draft = Draft(
        text=_words(note),
        spoiler_text=_text(note.summary, "summary"),
        visibility=visibility,
        sensitive=note.sensitive is True,
        language=_language(note),
    )
    return Old(uri, _answered(note.inReplyTo), at, draft, tuple(_files(note.attachment)))


def _text(value: Any, field: str, most: int = _MAX_TEXT) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit(f"{field} is no text")
    if len(value) > most:
        raise Unfit(f"{field} is too long")
    return value


def _words(note: _Note) -> str:
    """As they were written, where that is told; else what the HTML says."""
    source = note.source
    if isinstance(source, dict) and source.get("mediaType", "text/plain") == "text/plain":
        text = _text(source.get("content"), "source.content")
        if text:
            return text
    return as_written(_text(note.content, "content", MAX_HTML))


def _language(note: _Note) -> str:
    """The language in which the content is said; empty: it is not told, or not known here."""
    said = note.contentMap
    if not isinstance(said, dict) or len(said) > _MAX_LISTED:
        return ""
    for name, words in said.items():
        if words == note.content and len(name) <= _MAX_NAME:
            return normalise_language(name) or ""
    return ""


def _answered(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    return _text(value, "inReplyTo", _MAX_NAME)


def _time(value: Any, now: int) -> int:
    try:
        at = datetime.fromisoformat(_text(value, "published", _MAX_NAME))
        at_ms = int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        raise Unfit(f"published is no time: {str(value)[:40]!r}") from None
    if at_ms < FLOOR_MS:
        raise Unfit(f"published is too long ago: {value}")
    if at_ms > now:
        raise Unfit(f"published is in the future: {value}")
    return at_ms


def _visibility(note: _Note, followers: str) -> Visibility | None:
    """Who may see it; None: only those whom it names, or nobody else."""
    to, cc = _names(note.to), _names(note.cc)
    if _PUBLIC & to:
        return Visibility.PUBLIC
    if _PUBLIC & cc:
        return Visibility.UNLISTED
    return Visibility.FOLLOWERS if followers in to | cc else None


def _names(value: Any) -> frozenset[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or len(listed) > _MAX_LISTED:
        return frozenset()
    return frozenset(each for each in listed if isinstance(each, str))


def _files(value: Any) -> Iterator[Attached]:
    if value is None:
        return
    listed = value if isinstance(value, list) else [value]
    for each in listed[:_MAX_LISTED]:
        if not isinstance(each, dict):
            raise Unfit("attachment is no file")
        address = each.get("url")
        if isinstance(address, list) and address and isinstance(address[0], dict):
            address = address[0].get("href")
        if not isinstance(address, str) or not address:
            raise Unfit("attachment names no file")
        description = _text(each.get("name"), "attachment.name")
        yield Attached(_path(address), description, _focus(each.get("focalPoint")))


def _path(address: str) -> str:
    """The name in the archive of what an address leads to; nothing is ever fetched."""
    if len(address) > _MAX_NAME:
        raise Unfit("attachment.url is too long")
    try:
        return known_as(unquote(urlsplit(address).path))
    except ValueError:
        raise Unfit("attachment.url is no address") from None


_FAR = 1e9


def _focus(value: Any) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 (across and down)
        return None
    if not all(isinstance(each, int | float) and -_FAR < each < _FAR for each in value):
        return None
    x, y = (round(max(-1.0, min(1.0, each)) * 1000) for each in value)
    return x, y
