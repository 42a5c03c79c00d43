"""`rostra move`: bring this network to this machine, from the places alone."""

import asyncio
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import msgspec
from cyclopts import Parameter

from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.move_names import Naming
from rostra.cli.places import opened
from rostra.cli.progress import Progress
from rostra.cli.starting import Server
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.read import ArkError
from rostra.hosting.fence.fence import Fence, FenceError
from rostra.hosting.fence.installation import fence_of, host_of
from rostra.hosting.move.probe import probe
from rostra.hosting.move.state import Takes, Taking, Unreadable, is_taking, taking_alone
from rostra.hosting.move.take import Move
from rostra.hosting.move.target import MoveError, There, check_free
from rostra.hosting.naming.model import NamingError
from rostra.hosting.places.file import PlacesError, read_places
from rostra.hosting.places.model import PlaceFailed
from rostra.kernel.clock import SystemClock
from rostra.settings import Settings, SettingsError, load
from rostra.store.lease import Lease

_TOLD: Final = (
    MoveError,
    Unreadable,
    ArkError,
    KeysError,
    FenceError,
    NamingError,
    PlacesError,
    PlaceFailed,
    SettingsError,
)
_FINISH: Final = "rostra.cli.move_finish:finish"
_HOSTILE: Final = "rostra.cli.move_hostile:renew_here"
Signer = Annotated[
    str, Parameter(help="The public key of the ark, as `rostra ark init` printed it.")
]
Key = Annotated[
    str, Parameter(help="A file with a secret key of age (the paper key); -: standard input.")
]
Forced = Annotated[
    bool,
    Parameter(
        help="The old host is silent: wait until its lease is over, and take over.", negative=()
    ),
]
Abort = Annotated[
    bool, Parameter(help="Give a move up that was begun; the old host goes on.", negative=())
]
Pause = Annotated[
    int,
    Parameter(help="Seconds after which the old host writes again if this one did not go on."),
]
Start = Annotated[
    str,
    Parameter(
        help="A command that starts the server here; it waits until the move has ended."
        " Without it, start `rostra serve` yourself, now or later."
    ),
]
Hostile = Annotated[
    bool,
    Parameter(
        help="As --forced, and then new keys and secrets everywhere: what the old host knows opens"
        " nothing any more.",
        negative=(),
    ),
]
NewPlaces = Annotated[
    Path | None,
    Parameter(
        help="With --hostile: the file of the places that are used from now on, new and empty ones."
        " Without it the keys of the ark stay as they are."
    ),
]
MediaFirst = Annotated[
    bool,
    Parameter(
        help="Bring all media before this host opens; without it they come when they are asked for,"
        " and one by one while the server runs.",
        negative=(),
    ),
]
WithHole = Annotated[
    bool,
    Parameter(
        help="By force, go on although a part of the log can't be had: it is lost, and all behind"
        " it.",
        negative=(),
    ),
]
Addresses = Annotated[
    tuple[str, ...],
    Parameter(
        name="--address",
        help="An address of this host, to which the names are led once it writes; given once for"
        " each, see docs/naming.md.",
    ),
]
WithCertificate = Annotated[
    bool,
    Parameter(
        name="--certificate",
        help="Obtain a certificate before the old host is asked; by force, once this one writes.",
        negative=(),
    ),
]


def move(
    to: Annotated[Path, Parameter(help="The data directory to make here.")],
    /,
    *,
    key: Key = "-",
    forced: Forced = False,
    hostile: Hostile = False,
    new_places: NewPlaces = None,
    with_hole: WithHole = False,
    media_first: MediaFirst = False,
    abort: Abort = False,
    pause: Pause = 60,
    start: Start = "",
    signer: Signer = "",
    addresses: Addresses = (),
    certificate: WithCertificate = False,
    where: Where | None = None,
) -> None:
    """Move the network to this machine. Run it here; the old host hears of it through the places.

    What was begun is gone on with: run it again after whatever has ended it.
    """
    if not 5 <= pause <= 120:  # noqa: PLR2004 (seconds)
        stop("--pause is a number of seconds from 5 to 120")
    if hostile and start:
        stop("--hostile makes new what a server would know already: start it afterwards")
    if new_places is not None and not hostile:
        stop("--new-places goes with --hostile")
    settings = settings_of(where)
    try:
        if new_places is not None:
            read_places(new_places, data_dir=to)
        asked = _Asked(
            signer=signer,
            forced=forced or hostile,
            with_hole=with_hole,
            abort=abort,
            hostile=hostile,
            new_places=new_places,
        )
        naming = Naming(to, addresses, certificate=certificate, pause_s=pause)
        given = _There(settings, to, key, pause_s=pause, start=start, naming=naming)
        # Sealed with keys that are made new, at places that are left.
        given.media_first = media_first or hostile
        _alone(given, asked)
    except _TOLD as error:
        stop(str(error))
    except OSError as error:
        stop(f"{to}: {error.strerror or error}")


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for."""

    signer: str
    forced: bool
    with_hole: bool
    abort: bool
    hostile: bool
    new_places: Path | None


def _alone(given: "_There", asked: _Asked) -> None:
    """Move, if no other command moves to the same directory."""
    check_free(given.to)
    with taking_alone(given.to) as alone:
        if not alone:
            stop(f"another `rostra move` to {given.to} runs: end it first")
        asyncio.run(_move(given, asked))


async def _move(given: "_There", asked: _Asked) -> None:
    begun = is_taking(given.to)
    if asked.abort and not begun:
        stop(f"no move to {given.to} was begun")
    there = given.there(_secret(given.key) if not begun or _needs_key(given.to) else "")
    moving = Move(there, asked.signer, with_hole=asked.with_hole)
    if asked.abort:
        say(await moving.abort())
        return
    if moving.stage is Takes.DONE:
        say("the network is here already")
        await moving.told()
        if there.media_first:
            await moving.bring_media()
        await _renew(given, asked)
        _left(await given.naming.after())
        return
    if not begun:
        for sentence in await probe(there, asked.signer):
            say(sentence)
    await (moving.force() if asked.forced else moving.run())
    await _renew(given, asked)
    left = await given.naming.after()
    _how_to_go_on(given)
    _left(left)


async def _renew(given: "_There", asked: _Asked) -> None:
    """After a move from a host that is not trusted: make new what it knows."""
    if asked.hostile:
        renew_here = await asyncio.to_thread(pkgutil.resolve_name, _HOSTILE)
        await renew_here(given.to, asked.new_places)


def _left(text: str) -> None:
    """End the program where something of the names is left to do."""
    if text:
        stop(text)


def _needs_key(to: Path) -> bool:
    """Whether the keys of the ark are not here yet: a command that was killed may leave a half."""
    try:
        ark_keys.kept(to)
    except KeysError:
        return True
    return False


class _There:
    """What a move is given by the command line."""

    def __init__(
        self,
        settings: Settings,
        to: Path,
        key: str,
        *,
        pause_s: int,
        start: str,
        naming: Naming,
    ) -> None:
        self.to = to
        self.key = key
        self._settings = settings
        self._stores = tuple(opened(settings))
        self._pause_s = pause_s
        self.media_first = False
        self.start = start
        self._server = Server(start, to)
        self.naming = naming

    def there(self, secret: str) -> There:
        """What the move works with."""
        return There(
            to=self.to,
            stores=self._stores,
            fence=self._fence,
            secret=secret,
            host=host_of(self._settings),
            clock=SystemClock(),
            sleep=asyncio.sleep,
            say=say,
            progress=lambda total: Progress(total).add,
            finish=self._finish,
            start=self._started,
            ready=self._server.is_ready,
            prepare=self.naming.before,
            pause_s=self._pause_s,
            media_first=self.media_first,
            media=self._media,
        )

    def _fence(self, lease: Lease, token: Callable[[], str]) -> Fence:
        return fence_of(self._settings, lease, token)

    def _media(self) -> Path | None:
        return load(data=self.to).media_folder

    async def _finish(self, now: Taking) -> None:
        finish = await asyncio.to_thread(pkgutil.resolve_name, _FINISH)
        await finish(self.to, self._stores, now)

    async def _started(self) -> None:
        self._server.start()
        await asyncio.to_thread(pkgutil.resolve_name, _FINISH)


def _how_to_go_on(given: _There) -> None:
    if not given.start:
        say(f"start the server now: rostra serve --data {given.to}")
    say("A move is not over before this host has copies of its own: look at `rostra ark status`")
    say("and do a `rostra drill` with the key on paper.")


def _secret(key: str) -> str:
    """What stands in the file of a key; -: standard input."""
    try:
        return sys.stdin.read() if key == "-" else Path(key).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{key} can't be read: {error}")
