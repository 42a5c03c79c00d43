"""What a place is, and what it means that it failed."""

from typing import Final

import msgspec

LARGEST: Final = 1 << 30
"""Bytes that are read of one object. Pieces have some MiB; a record of the log is as large as what
was committed at once."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A store outside this machine, as the operator names it.

    Attributes:
        name: what it is called here.
        party: who owns it; two places of one party are lost together.
        store: `s3://…`, `gs://…`, `az://…`, `sftp://…`, `https://…` (WebDAV), or the path of a
            folder.
        account: access key id (S3), storage account (Azure), user (SFTP, WebDAV).
        credentials: secret access key, account key, the JSON of a service account, private key or
            password.
        region: of an S3 bucket.
        endpoint: of a provider that speaks S3, or Azure's language.
        host_key: the public key by which an SFTP server is known.
        fence: whether it has a vote on who may write.
    """

    name: str
    party: str
    store: str
    account: str = ""
    credentials: str = ""
    region: str = ""
    endpoint: str = ""
    host_key: str = ""
    fence: bool = True

    def __repr__(self) -> str:
        """The place without its credentials."""
        return f"Place(name={self.name!r}, party={self.party!r}, store={self.store!r})"


class PlaceFailed(Exception):
    """A place did not do what it was asked. Whether a write has reached it is not known then."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name
        self.why = why


class Unsupported(PlaceFailed):
    """A place can't do this at all; nothing was written."""


def not_marked(name: str, where: str) -> PlaceFailed:
    """A folder does not say that it is a place: the disk that belongs there may be elsewhere."""
    return PlaceFailed(
        name,
        f"{where} is not there, or not marked as a place: mount it; where it is new,"
        f" `rostra ark mark {name}`",
    )


def too_large(name: str, size: int) -> PlaceFailed:
    """A place holds an object that was never stored from here."""
    return PlaceFailed(name, f"an object of {size:,} bytes is none of ours")
