"""The lifeboat of an installation, put together from its settings."""

import logging
from typing import Final

from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.fence.installation import places_of
from rostra.hosting.lifeboat import keys as lifeboat_keys
from rostra.hosting.lifeboat.feed import Feeder
from rostra.hosting.places.open import open_place
from rostra.network.edge import Services
from rostra.settings import Settings

_log: Final = logging.getLogger(__name__)


def is_fed(settings: Settings) -> bool:
    """Whether this installation has a lifeboat that is told of it."""
    keys = settings.data_dir / lifeboat_keys.FILE
    sqlite = settings.database_url.startswith("sqlite:///")
    return settings.hosting.places is not None and sqlite and ark_keys.is_there(keys)


def feeder_of(services: Services) -> Feeder | None:
    """What tells the lifeboat while the server runs; None: there is none.

    Raises:
        PlacesError: the file of the places can't be used.
        PlaceFailed: one of them is no store.
    """
    settings = services.settings
    if not is_fed(settings):
        return None
    try:
        feed = lifeboat_keys.kept(settings.data_dir)
        if feed is None:
            return None
        keys = ark_keys.kept(settings.data_dir)
    except ark_keys.KeysError as error:
        _log.error("the lifeboat is told nothing: %s", error)
        return None
    stores = [open_place(place) for place in places_of(settings)]
    return Feeder(services, keys, feed, stores)
