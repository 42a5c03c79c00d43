"""The ferry of an installation, put together from its settings."""

from rostra.hosting.ark.jobs import stores_of
from rostra.hosting.ark.media.send import Ferry, notes_of
from rostra.network.edge import Services
from rostra.settings import Settings
from rostra.store.blobs import Blobs
from rostra.store.blobs.noted import NotedBlobs


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


def ferry_of(services: Services) -> Ferry | None:
    """What sends media while the server runs; None: nothing does.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
    """
    settings = services.settings
    return Ferry(services, stores_of(settings)) if is_ferried(settings) else None
