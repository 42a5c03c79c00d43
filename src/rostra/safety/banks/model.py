"""Banks, their hashes and what they were met on. Times are UTC ms, 0: never."""

from enum import IntEnum, StrEnum

import msgspec

WHOLE = 1000
"""All of a share: it is told in thousandths."""


class HashKind(IntEnum):
    """How a file is told again; the numbers stand in rows."""

    PDQ = 1  # what a picture looks like
    SHA256 = 2  # every byte of what was sent

    @property
    def wire(self) -> str:
        """Its name in files and in the API, as ThreatExchange has it."""
        return self.name.lower()


class ItemState(IntEnum):
    """Whether a hash is looked for."""

    ON = 0
    OFF = 1
    QUARANTINED = 2  # it matched much, and nobody has looked at it yet

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Wish(StrEnum):
    """What the keepers of a bank would have done; it stands on the case, and binds nobody."""

    LOOK = "look"
    HOLD = "hold"
    REMOVE = "remove"


class LookBackState(IntEnum):
    """How far a look at earlier uploads is."""

    RUNNING = 0
    DONE = 1
    CANCELLED = 2

    @property
    def wire(self) -> str:
        """Its name in the API."""
        return self.name.lower()


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """A bank.

    Attributes:
        category: a `Category`: of the cases that its matches open.
        share: of all matches, in thousandths, that count; below 1000 a bank is tried gently.
        version: another number whenever one of its hashes comes or goes.
    """

    id: int
    name: str
    category: int
    wish: str
    note: str
    enabled: int
    share: int
    version: int
    items_count: int
    created_by: int
    created_at: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A hash of a bank.

    Attributes:
        reason: why it is here or, once it was switched off, why it is off.
        disabled_until: while it is off: until then; 0: until somebody switches it on.
        vetted_by: who switched it on again after it was quarantined: it is not quarantined again.
    """

    id: int
    bank_id: int
    kind: int
    hash: bytes
    note: str
    reason: str
    state: int
    disabled_until: int
    vetted_by: int
    matches_count: int
    matched_at: int
    added_by: int
    added_at: int

    def in_force(self, now: int) -> bool:
        """Whether it is looked for."""
        ended = self.state == ItemState.OFF and 0 < self.disabled_until <= now
        return self.state == ItemState.ON or ended


class Hashes(msgspec.Struct, frozen=True):
    """What a file is told by; empty where it can't be. 32 bytes each."""

    pdq: bytes = b""
    sha256: bytes = b""

    @classmethod
    def of(cls, look: str, digest: str) -> "Hashes":
        """The same from the columns of an upload, which are hexadecimal."""
        return cls(bytes.fromhex(look), bytes.fromhex(digest))

    def by_kind(self) -> list[tuple[HashKind, bytes]]:
        """Those that there are."""
        found = ((HashKind.PDQ, self.pdq), (HashKind.SHA256, self.sha256))
        return [(kind, value) for kind, value in found if value]


class Hit(msgspec.Struct, frozen=True):
    """A hash that a file has met, and how many bits differ."""

    item_id: int
    bank_id: int
    kind: int
    distance: int


class Match(msgspec.Struct, frozen=True):
    """A hit as it is stored: on which medium, of whom, on which post (0: on none yet)."""

    item_id: int
    media_id: int
    bank_id: int
    kind: int
    account_id: int
    post_id: int
    distance: int
    at: int


class LookBack(msgspec.Struct, frozen=True, kw_only=True):
    """A look at what was uploaded before, for the hashes of a bank from one id on.

    Attributes:
        begun_at: when its job first read what it looks for (UTC ms); 0: it waits.
    """

    id: int
    bank_id: int
    from_item: int
    after: int
    until: int
    seen_count: int
    total_count: int
    found_count: int
    state: int
    started_by: int
    started_at: int
    begun_at: int
    ended_at: int
