"""The fence of an installation, put together from its settings."""

import socket
from collections.abc import Awaitable, Callable

from rostra.hosting.fence.fence import Fence, Terms, new_token
from rostra.hosting.fence.keeper import Keeper, SystemTime
from rostra.hosting.fence.records import Claim
from rostra.hosting.fence.state import FOLDER, State, is_fenced
from rostra.hosting.fence.survey import survey_from
from rostra.hosting.fence.votes import taken_over
from rostra.hosting.places.file import read_places
from rostra.hosting.places.model import Place
from rostra.hosting.places.open import open_place
from rostra.settings import Settings
from rostra.store.gates import EgressGate, file_gates
from rostra.store.lease import FileLease, Lease, MemoryLease

_GUARD_OF_LEASE = 4  # whoever comes next waits a quarter longer
_ASKED_S = 10.0


def places_of(settings: Settings) -> tuple[Place, ...]:
    """The places that the settings name; none: there is no fence.

    Raises:
        PlacesError: their file can't be used.
    """
    named = settings.hosting.places
    return () if named is None else read_places(named, data_dir=settings.data_dir)


def lease_of(settings: Settings) -> Lease | None:
    """The lease that all writes ask for; None: there is no fence.

    A data directory that was copied brings along the lease of another installation: that is over. A
    copy of a fenced installation that names no places has one that never holds.

    Raises:
        OSError: it can't be read or made.
        PlacesError: the file of the places can't be used.
    """
    if not any(place.fence for place in places_of(settings)):
        return MemoryLease(SystemTime()) if is_fenced(settings.data_dir) else None
    lease = FileLease(settings.data_dir / FOLDER / "lease")
    kept = State(settings.data_dir).kept()
    if kept is None or not kept.opened:
        lease.end()
    return lease


def outgoing(settings: Settings) -> EgressGate:
    """The egress gate for a command, which may run beside the server, or where none runs.

    Closed as well where the fence was held and is not any more: a host from which it was taken
    finds its gates as it left them. The lease says too little here, it is over whenever no server
    runs; what counts is an open claim of this machine since its start.

    Raises:
        OSError: the gates or the claim can't be read or made.
    """
    if not is_fenced(settings.data_dir):
        return file_gates(settings.data_dir)[1]
    kept = State(settings.data_dir).kept()
    holds = kept is not None and kept.opened
    return file_gates(settings.data_dir, None if holds else MemoryLease(SystemTime()))[1]


async def taken_from_here(settings: Settings) -> Claim | None:
    """The claim that most places show above the one of this installation; None: none that is known.

    For commands where no server runs, which would have found out.

    Raises:
        PlacesError: their file can't be used.
        PlaceFailed: one of them is no store.
        OSError: the claim here can't be read.
    """
    kept = State(settings.data_dir).kept() if settings.hosting.places else None
    if kept is None:
        return None
    stores = [open_place(place) for place in places_of(settings) if place.fence]
    return taken_over(kept.claim, await survey_from(stores, kept.claim.epoch, _ASKED_S))


def fence_of(settings: Settings, lease: Lease, token: Callable[[], str] = new_token) -> Fence:
    """The installation before its places. Nothing is asked yet.

    `token` names its claims, see `Fence`.

    Raises:
        PlacesError: their file can't be used.
        PlaceFailed: one of them is no store.
        FenceError: there are too few with a vote.
    """
    ttl_ms = settings.hosting.lease_s * 1_000
    return Fence(
        [open_place(place) for place in places_of(settings) if place.fence],
        host=host_of(settings),
        lease=lease,
        clock=SystemTime(),
        terms=Terms(ttl_ms=ttl_ms, guard_ms=ttl_ms // _GUARD_OF_LEASE),
        token=token,
    )


def host_of(settings: Settings) -> str:
    """What this installation is called where somebody else asks who writes."""
    return settings.hosting.host or socket.gethostname()


def keeper_of(
    settings: Settings,
    lease: Lease | None,
    may: Callable[[], Awaitable[bool]] | None = None,
) -> Keeper | None:
    """What keeps the fence while the server runs, if there is one; raises as `fence_of`.

    `may` is asked before it is given up, see `Keeper`.
    """
    if not isinstance(lease, FileLease):
        return None
    return Keeper(fence_of(settings, lease), State(settings.data_dir), may)
