"""What a drill is told to do, and what it hands to whoever tries the restored network."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from rostra.hosting.ark.keys import Opened
from rostra.hosting.ark.manifest import Found
from rostra.hosting.drill.model import Result
from rostra.hosting.drill.record import Record
from rostra.hosting.places.port import Store


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be drilled.

    Attributes:
        folder: in which the throw-away directory is made.
        key: opens a copy; raises KeysError where it does not.
        key_kind: `host`, or `recipient`.
        private: the signing key of the ark, where this host has it.
        signer: the public key that must have signed; empty: that of the newest manifest.
        left_out: places that are not asked, to be told in the result.
        oldest: ms; a newest copy that is older is a fault.
        made_here: the mark of the last copy that this host has made; empty: it has made none.
        members: how many sign in.
        whole: restore all media too, and read every piece of every place.
        keep: leave the directory there.
        again_after_s: what is wrong with manifests or journal is looked at once more after so long:
            the host may have been writing them.
    """

    folder: Path
    key: Callable[[Found], Opened]
    key_kind: str
    private: bytes | None = None
    signer: str = ""
    left_out: tuple[str, ...] = ()
    oldest: int
    made_here: str = ""
    members: int = 5
    whole: bool = False
    keep: bool = False
    again_after_s: float = 2.0


class Media(Protocol):
    """Fetches media into the throw-away directory."""

    async def __call__(self, keys: set[str]) -> dict[str, int]:
        """Fetch what there is of these keys; the bytes of each by its key."""
        ...


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """The restored network, as whoever tries it gets it.

    Attributes:
        data_dir: the throw-away directory.
        found: the copy.
        opened: its keys.
        stores: the places that have it.
        members: how many are to sign in.
        record: takes what is found; the walk begins the stages `open`, `answer` and `walk`.
        media: fetches media, which are not there yet.
    """

    data_dir: Path
    found: Found
    opened: Opened
    stores: Sequence[Store]
    members: int
    record: Record
    media: Media


class Walk(Protocol):
    """Opens the restored network and tries it."""

    async def __call__(self, grounds: Grounds) -> None:
        """Note what is found; whatever is raised is a fault."""
        ...


class Drilled(msgspec.Struct, frozen=True, kw_only=True):
    """A drill is over.

    Attributes:
        result: what was found.
        private: the signing key of the ark; None: neither this host nor the copy has it.
        data_dir: the throw-away directory, where it was kept.
    """

    result: Result
    private: bytes | None
    data_dir: Path | None
