"""The ledger, for everybody: lines that tell of nobody, signed ends, and the key.

With these anybody can keep checkpoints, and check that nothing was changed since.
"""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint
from rostra.http.params import Count, Id, NoParams
from rostra.kernel import ed25519
from rostra.kernel.paging import MAX_BOUND
from rostra.safety.ledger import access, checkpoints, keys, sign

_FEW, _MOST = 40, 200
_LINES, _LINES_MOST = 1000, 1000
_CACHE = "public, max-age=60"


class LedgerKey(msgspec.Struct, frozen=True):
    """What signatures are checked with."""

    algorithm: str
    key_id: str
    public_key: str
    origin: str


class LedgerCheckpoint(msgspec.Struct, frozen=True):
    """An end of the chain. `text` is what is signed, with the signature: that is what to keep."""

    seq: int
    hash: str
    at: int
    key_id: str
    signature: str
    text: str


class LedgerLine(msgspec.Struct, frozen=True):
    """A line of the chain; bytes as hexadecimal digits, times in UTC ms."""

    seq: int
    at: int
    kind: int
    commitment: str
    previous: str
    hash: str


class PointParams(msgspec.Struct, frozen=True):
    """Which checkpoints: those of lines before `below`."""

    below: Id | None = None
    limit: Count | None = None


class LineParams(msgspec.Struct, frozen=True):
    """Which lines: those after `after`."""

    after: Id | None = None
    limit: Count | None = None


async def key(call: Call[NoParams]) -> LedgerKey:
    """The public key of the place."""
    public = keys.public_key(call.services)
    return LedgerKey("Ed25519", ed25519.key_id(public), public.hex(), sign.origin(call.services))


async def points(call: Call[PointParams]) -> list[LedgerCheckpoint]:
    """Signed ends, the newest first."""
    below = call.params.below
    limit = min(call.params.limit or _FEW, _MOST)
    async with call.services.db.read() as reader:
        found = await access.points(
            reader, below=MAX_BOUND if below is None else below, limit=limit
        )
    return [
        LedgerCheckpoint(
            seq=point.seq,
            hash=point.hash.hex(),
            at=point.at,
            key_id=point.key,
            signature=point.signature.hex(),
            text=checkpoints.whole_text(point),
        )
        for point in found
    ]


async def lines(call: Call[LineParams]) -> list[LedgerLine]:
    """Lines, the oldest first."""
    limit = min(call.params.limit or _LINES, _LINES_MOST)
    async with call.services.db.read() as reader:
        found = await access.lines(reader, after=call.params.after or 0, limit=limit)
    return [
        LedgerLine(
            line.seq,
            line.at,
            line.kind,
            line.commitment.hex(),
            line.previous.hex(),
            line.hash.hex(),
        )
        for line in found
    ]


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        GET,
        "/api/rostra/v1/safety/ledger/key",
        key,
        auth=Auth.NONE,
        answer=LedgerKey,
        summary="The key that signs the ledger of decisions",
        errors=(503,),
        cache=_CACHE,
    ),
    Endpoint(
        GET,
        "/api/rostra/v1/safety/ledger/checkpoints",
        points,
        auth=Auth.NONE,
        params=PointParams,
        answer=list[LedgerCheckpoint],
        summary="Signed ends of the ledger of decisions",
        cache=_CACHE,
    ),
    Endpoint(
        GET,
        "/api/rostra/v1/safety/ledger/lines",
        lines,
        auth=Auth.NONE,
        params=LineParams,
        answer=list[LedgerLine],
        summary="Lines of the ledger of decisions",
        cache=_CACHE,
    ),
)
