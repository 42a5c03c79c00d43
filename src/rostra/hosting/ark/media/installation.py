"""What brings media of an installation away and here, put together from its settings."""

from rostra.hosting.ark.jobs import stores_of
from rostra.hosting.ark.media.behind import Behind, Bringer
from rostra.hosting.ark.media.later import awaited_path
from rostra.hosting.ark.media.send import Ferry, notes_of
from rostra.network.edge import Services
from rostra.settings import Settings
from rostra.store.blobs import (
    AwaitedBlobs,
    AwaitedList,
    Blobs,
    LocalBlobs,
    NotedBlobs,
    awaited_in,
)


def is_ferried(settings: Settings) -> bool:
    """Whether media of this installation are sent as soon as they are stored, as its log is."""
    hosting = settings.hosting
    sent = hosting.places is not None and bool(hosting.log_s)
    return sent and settings.database_url.startswith("sqlite:///")


def noted(settings: Settings, blobs: Blobs) -> Blobs:
    """The media of an installation, with notes for the ferry if there is one."""
    if not is_ferried(settings):
        return blobs
    return NotedBlobs(blobs, notes_of(settings.data_dir))


def with_awaited(settings: Settings, blobs: Blobs) -> Blobs:
    """The media of an installation, with those that a move has left at the places for now.

    Raises:
        OSError: what is kept of them can't be read.
    """
    path = awaited_path(settings.data_dir)
    if not isinstance(blobs, LocalBlobs) or not path.exists():
        return blobs
    awaited = AwaitedList(path)
    bringer = Bringer(settings.data_dir, blobs, awaited, lambda: stores_of(settings))
    return AwaitedBlobs(blobs, awaited, bringer)


def behind_of(services: Services) -> Behind | None:
    """What brings those here while the server runs; None: all are here."""
    found = awaited_in(services.blobs)
    if found is None or not isinstance(found.brings, Bringer):
        return None

    def may() -> bool:
        return not (services.egress.closing("ark") or services.write_gate.stopped())

    return Behind(services.settings.data_dir, found.brings, found.awaited, may)


def ferry_of(services: Services) -> Ferry | None:
    """What sends media while the server runs; None: nothing does.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
    """
    settings = services.settings
    return Ferry(services, stores_of(settings)) if is_ferried(settings) else None
