"""What stands at the places: one claim for each epoch, and the release that may end it.

Each is written once. The number of the epoch is its key, so that whoever comes late can't overwrite
what was there before; a signature tells who has claimed it.
"""

from typing import Final

import msgspec

from rostra.hosting import signed as envelope

FOLDER: Final = "fence"
_DIGITS: Final = 10


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """An installation claims an epoch.

    Attributes:
        epoch: from 1 on; the highest one that a majority holds is in force.
        nonce: of this claim, so that no two are the same.
        host: what the installation is called, for people.
        places: the names of all places that had a vote.
        ttl_ms: how long its lease holds without being confirmed.
        guard_ms: how much longer whoever comes after it waits.
        key: the public key that has signed it, in hexadecimal digits.
        claimed_at: UTC ms by its own clock, for people.
    """

    epoch: int
    nonce: str
    host: str
    places: tuple[str, ...]
    ttl_ms: int
    guard_ms: int
    key: str
    claimed_at: int


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """The holder of an epoch has stopped writing, and says so.

    Attributes:
        nonce: of the claim that it ends.
        released_at: UTC ms by its own clock, for people.
    """

    epoch: int
    nonce: str
    released_at: int


def claim_key(epoch: int) -> str:
    """Where the claim of an epoch stands."""
    return f"{FOLDER}/{epoch:0{_DIGITS}d}.claim"


def release_key(epoch: int) -> str:
    """Where its release stands: behind its claim, before the next one."""
    return f"{FOLDER}/{epoch:0{_DIGITS}d}.release"


def epoch_of(key: str) -> int | None:
    """The epoch that a key belongs to; None: it is none of ours."""
    name = key.removeprefix(f"{FOLDER}/").partition(".")[0]
    return int(name) if len(name) == _DIGITS and name.isdecimal() else None


def signed(record: Claim | Release, private: bytes) -> bytes:
    """A record as it stands at the places."""
    return envelope.signed(record, private, _purpose(type(record)))


def claim_from(content: bytes, epoch: int) -> Claim | None:
    """The claim in an object; None: it is none of this epoch, or not signed by its own key."""
    claim = envelope.read(content, Claim, _purpose(Claim))
    return claim if claim is not None and claim.epoch == epoch else None


def release_from(content: bytes, claim: Claim) -> Release | None:
    """The release in an object; None: it is none of this claim, or not signed by its key."""
    release = envelope.read_by(content, Release, _purpose(Release), claim.key)
    ends = release is not None and (release.epoch, release.nonce) == (claim.epoch, claim.nonce)
    return release if ends else None


def _purpose(kind: type[Claim | Release]) -> bytes:
    """What is signed begins with it, so that it can't mean something else elsewhere."""
    return f"rostra fence {kind.__name__.lower()}\n".encode()
