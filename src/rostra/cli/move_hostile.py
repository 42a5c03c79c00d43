"""After a move from a host that is not trusted any more: nothing that it knows opens anything here.

Loaded only where it is asked for: it brings along the whole application.
"""

from pathlib import Path

from rostra.cli import ark_journal
from rostra.cli.common import say
from rostra.cli.renew import renewed, tell
from rostra.hosting.fence.state import State
from rostra.hosting.move.target import MoveError
from rostra.hosting.places.file import read_places
from rostra.hosting.places.open import open_place
from rostra.store.served import unserved


async def renew_here(to: Path, places: Path | None) -> None:
    """Make all new that can be made new from here, and say what only people can.

    Done again it makes it new once more.

    Args:
        to: the data directory that has the fence.
        places: the file of the places that it will use from now on; None: it is not known yet, and
            the keys of the ark stay.

    Raises:
        MoveError: a server serves the directory.
        PlacesError: the file can't be used.
        PlaceFailed: a place can't be asked.
        KeysError: there are keys that can't be read.
        ArkError: the settings can't be used.
        OSError: it can't be written.
    """
    named = read_places(places, data_dir=to) if places is not None else ()
    stores = [open_place(place) for place in named]
    settings = ark_journal.settings_in(to)
    with State(to).alone() as alone, unserved(to) as nobody:
        if not (alone and nobody):
            raise MoveError(
                "the network is here, but nothing was made new: a server runs here, and knows what"
                " the old host knew. Stop it, and run the same command again"
            )
        tell(await renewed(settings, stores, sign_ins=True))
    if places is None:
        say(f"then: rostra renew --data {to}, with new places in `hosting.places`")
    else:
        say(f"`hosting.places` has to name {places} from now on")
