"""The lifeboat's one process, and how it listens."""

from pathlib import Path

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from rostra.cli import logs
from rostra.cli.common import say, stop
from rostra.cli.serve import check_port
from rostra.hosting.lifeboat.book import Book, NotReadable, NotThere
from rostra.hosting.lifeboat.keys import Berth
from rostra.hosting.lifeboat.watch import Watch
from rostra.hosting.places.model import Place
from rostra.hosting.places.open import open_place
from rostra.kernel.clock import SystemClock
from rostra.web.lifeboat.answers import Answers
from rostra.web.lifeboat.application import Application, turned
from rostra.web.lifeboat.folder import Folder

_BACKLOG = 1_024


def parts(berth: Berth, places: tuple[Place, ...]) -> tuple[Answers, Watch, Book]:
    """What a lifeboat consists of. Nothing is asked yet.

    Raises:
        PlaceFailed: a place is no store.
    """
    stores = [open_place(place) for place in places]
    voting = [place.name for place in places if place.fence]
    watch = Watch(berth, stores, voting, SystemClock())
    book = Book(stores, berth.secret)
    return Answers(berth, watch, book), watch, book


def run(berth: Berth, places: tuple[Place, ...], bind: str, port: int) -> None:
    """Listen until told to stop."""
    check_port(bind, port, "--port")
    application = Application(*parts(berth, places))
    granian = Granian(
        "rostra",
        address=bind,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        loop=Loops.uvloop,
        http=HTTPModes.auto,
        websockets=False,
        backlog=_BACKLOG,
        log_level=LogLevels.warning,
        log_dictconfig=logs.QUIET_GRANIAN,
        respawn_failed_workers=True,
    )
    say(f"the lifeboat of {berth.base_url}: http://{bind}:{port} (Ctrl-C stops it)")
    granian.serve(target_loader=lambda: application, wrap_loader=False)


async def write_once(berth: Berth, places: tuple[Place, ...], folder: Path) -> bool:
    """Bring a folder up to date; whether it is. Ends the program where it can't be written."""
    _answers, watch, book = parts(berth, places)
    answers = Answers(berth, watch, book, still=True)
    turned(book, await watch.look())
    try:
        done = await Folder(folder, answers, book).write()
    except (NotReadable, NotThere) as error:
        say(f"the extract can't be read now: {error}")
        return False
    except OSError as error:
        stop(f"{folder}: {error.strerror}")
    state = watch.report.state.value
    say(f"{state}; {done.files:,} files written, {done.removed:,} removed")
    return True
