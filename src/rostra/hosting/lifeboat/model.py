"""What stands at the places for the lifeboat: a head that tells of the host, and an extract.

The head is replaced every few seconds, and says that the host is there. The extract is what anybody
may read without signing in, in sealed pieces: a root names 256 shards, a shard the page of each of
its members, a page the chunks of their posts. So a new post changes one chunk, one page, one
shard and the root, however large the network is. Only the lifeboat's own key opens them, and it
opens nothing else.
"""

import hashlib
from typing import Final

import msgspec

from rostra.hosting import signed as envelope
from rostra.hosting.ark.seal import is_name

FOLDER: Final = "lifeboat/v1"
HEAD: Final = f"{FOLDER}/head.json"
PIECES: Final = f"{FOLDER}/piece"
SHARDS: Final = 256
LARGEST_RECORD: Final = 64 << 10
"""Bytes of a head, a notice or a drill as they stand at a place; a larger one is none."""
_PURPOSE: Final = b"rostra lifeboat head\n"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The sign of life of a host.

    Attributes:
        epoch: of the fence by which it writes; 0: there is none.
        number: rises with each head.
        at: when it was signed, by the clock of the host; UTC ms.
        every_s: how often one is signed.
        domain: of the network.
        base_url: its address, without a slash at the end.
        title: what it is called.
        closed: why nothing can be written there; empty: everything can.
        lag_ms: how long the oldest commit has waited that is not at most places; -1: not known.
        wrapped: the key of the extract, wrapped with age for the lifeboat; hexadecimal digits.
        root: the piece that the extract begins with; empty: there is none yet.
        key: the public key of the ark, which has signed it; hexadecimal digits.
    """

    epoch: int
    number: int
    at: int
    every_s: int
    domain: str
    base_url: str
    title: str
    closed: str = ""
    lag_ms: int = -1
    wrapped: str
    root: str = ""
    key: str

    @property
    def place_in_time(self) -> tuple[int, int]:
        """What is greater is newer."""
        return self.epoch, self.number


def signed(head: Head, private: bytes) -> bytes:
    """A head as it stands at the places."""
    return envelope.signed(head, private, _PURPOSE)


def head_from(content: bytes, signer: str) -> Head | None:
    """The head in an object; None: it is none, or was not signed by this key."""
    return envelope.read_by(content, Head, _PURPOSE, signer)


def piece_key(name: str) -> str:
    """Where a piece stands."""
    return f"{PIECES}/{name[:2]}/{name}"


def piece_at(key: str) -> str | None:
    """The piece that stands there; None: none does."""
    name = key.rpartition("/")[2]
    return name if is_name(name) and key == piece_key(name) else None


def shard_of(name: str) -> int:
    """The shard in which a member stands, by their name in lower case."""
    return hashlib.sha256(name.encode()).digest()[0]


class Ref(msgspec.Struct, frozen=True, array_like=True):
    """Another post: whether it may be shown is asked of the extract when it is shown."""

    name: str
    id: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, or the still of a video.

    Attributes:
        kind: `image`, `video`, `gifv`, `audio`, or `withheld` by moderators.
        piece: what holds it; empty: there is nothing to see.
        alt: its description.
        width: in pixels.
        height: in pixels.
        focus_x: thousandths, from the left -1,000 to 1,000.
        focus_y: the same upwards.
        blurhash: a sketch of it.
    """

    kind: str
    piece: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    focus_x: int = 0
    focus_y: int = 0
    blurhash: str = ""


class Link(msgspec.Struct, frozen=True):
    """Where the first link of a post leads, and what it says of itself."""

    url: str
    title: str
    description: str = ""
    language: str = ""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post that anybody may read. Times are UTC ms; 0: never.

    Attributes:
        id: its number.
        html: what it says, as the house has made it safe.
        plain: the same as text; empty under a warning.
        spoiler: the warning above it.
        unlisted: it stands in no public list.
        sensitive: its pictures are covered.
        language: in which it is written.
        pictures: in order.
        options: what a poll lets choose.
        poll_ends_at: when that ends.
        link: the first link.
        answers: what it answers, where anybody may read that.
        answers_somebody: it answers something, whether that may be read or not.
        quotes: what it quotes, where anybody may read that.
        quote_state: in Mastodon's words; empty: it quotes nothing.
    """

    id: int
    created_at: int
    edited_at: int = 0
    html: str
    plain: str = ""
    spoiler: str = ""
    unlisted: bool = False
    sensitive: bool = False
    language: str = ""
    pictures: tuple[Picture, ...] = ()
    options: tuple[str, ...] = ()
    poll_ends_at: int = 0
    link: Link | None = None
    answers: Ref | None = None
    answers_somebody: bool = False
    quotes: Ref | None = None
    quote_state: str = ""


class Field(msgspec.Struct, frozen=True, array_like=True):
    """A line of a profile."""

    name: str
    html: str
    verified: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as anybody may see them.

    Attributes:
        name: as it is written.
        display_name: never empty.
        note: what they say of themselves; safe HTML.
        plain_note: the same as text.
        fields: the lines of their profile.
        avatar: a piece; empty: they have none.
        header: a piece; empty: they have none.
        bot: it is a program.
        created_at: UTC ms.
        indexable: search engines may list them.
    """

    name: str
    display_name: str
    note: str = ""
    plain_note: str = ""
    fields: tuple[Field, ...] = ()
    avatar: str = ""
    header: str = ""
    bot: bool = False
    created_at: int = 0
    indexable: bool = False


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """Some posts of a member that follow one another.

    Attributes:
        first: the oldest post.
        last: the newest one.
        digest: of the versions of all of them: another one means another piece.
        piece: what holds them.
        media: the pieces of their pictures, by the keys of their files.
        lacking: a picture could not be read when it was made: it is made anew at the next look.
    """

    first: int
    last: int
    digest: str
    piece: str
    media: dict[str, str] = {}
    lacking: bool = False


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A member, and where their posts are.

    Attributes:
        person: who they are.
        media: the pieces of their own pictures, by the keys of their files.
        chunks: of their posts, the oldest first.
    """

    person: Person
    media: dict[str, str] = {}
    chunks: tuple[Chunk, ...] = ()

    def pictures(self) -> set[str]:
        """The pieces of all pictures on it."""
        own = set(self.media.values())
        return own.union(*(chunk.media.values() for chunk in self.chunks))

    def pieces(self) -> set[str]:
        """All that it names."""
        return self.pictures() | {chunk.piece for chunk in self.chunks}

    @property
    def lacking(self) -> bool:
        """Whether something of it could not be read when it was made."""
        return any(chunk.lacking for chunk in self.chunks)
