"""The part of a move that an installation plays, put together from its services."""

from pathlib import Path

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.jobs import stores_of
from rostra.hosting.ark.keys import Keys, KeysError
from rostra.hosting.ark.log.installation import is_sent
from rostra.hosting.fence.installation import host_of, places_of
from rostra.hosting.fence.state import State
from rostra.hosting.journal.keep import Recorder, recorder_of
from rostra.hosting.move.giver import Giver
from rostra.hosting.move.here import Here
from rostra.network.edge import Services
from rostra.store.blobs import is_here
from rostra.store.gates import jobs_gate
from rostra.store.outbox import figures


def giver_of(services: Services) -> Giver | None:
    """What listens for a move while the server runs; None: nothing could be moved.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
        OSError: the gate of the jobs can't be made.
    """
    recorder = recorder_of(services)
    fenced = any(place.fence for place in places_of(services.settings))
    return Giver(here_of(services, recorder)) if recorder is not None and fenced else None


def here_of(services: Services, recorder: Recorder) -> Here:
    """The installation as a move sees it; raises as `giver_of`."""
    settings = services.settings

    def keys() -> Keys | None:
        try:
            return ark_keys.kept(settings.data_dir)
        except KeysError:
            return None

    async def running() -> int:
        async with services.db.read() as reader:
            return (await figures(reader, services.clock.now())).running

    async def journal() -> int:
        return await recorder.now(stopped=True)

    return Here(
        data_dir=settings.data_dir,
        database=Path(settings.database_url.removeprefix("sqlite:///")),
        stores=tuple(stores_of(settings)),
        keys=keys,
        host=host_of(settings),
        claim=State(settings.data_dir),
        write=services.write_gate,
        egress=services.egress,
        jobs=jobs_gate(settings.data_dir),
        running=running,
        journal=journal,
        blobs=services.blobs if is_here(services.blobs) else None,
        is_sent=lambda: is_sent(settings),
        clock=services.clock,
    )
