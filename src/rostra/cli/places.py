"""What the commands on places share."""

from rostra.cli.common import stop
from rostra.hosting.fence.installation import places_of
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.settings import Settings


def chosen(settings: Settings, names: tuple[str, ...] = ()) -> list[Place]:
    """The places of these names, or all; ends the program where there is none."""
    try:
        places = places_of(settings)
    except PlacesError as error:
        stop(str(error))
    if not places:
        stop("no places are named: set `hosting.places` to their file, see docs/places.md")
    known = {place.name: place for place in places}
    for name in names:
        if name not in known:
            stop(f"there is no place {name}; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(places)


def opened(settings: Settings, names: tuple[str, ...] = ()) -> list[Store]:
    """Their stores; ends the program where one is none."""
    try:
        return [open_place(place) for place in chosen(settings, names)]
    except PlaceFailed as error:
        stop(str(error))
