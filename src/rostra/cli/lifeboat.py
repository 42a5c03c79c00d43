"""`rostra lifeboat`: a page elsewhere that says how this network stands, and keeps it readable."""

import asyncio
import pkgutil
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import FAILED, Where, say, settings_of, stop
from rostra.cli.places import opened
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.lifeboat import keys, notices
from rostra.hosting.lifeboat.keys import Berth, FeedKeys
from rostra.hosting.lifeboat.notices import LONGEST, Notice
from rostra.hosting.places.file import PlacesError, read_places
from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Store
from rostra.kernel import ed25519
from rostra.kernel.clock import SystemClock

app = App(
    name="lifeboat",
    help="A page elsewhere that says how this network stands, and keeps it readable.",
)

BerthFile = Annotated[
    Path, Parameter(help="The file that `rostra lifeboat init` has written for the lifeboat.")
]
PlacesFile = Annotated[
    Path, Parameter(help="The file that names the places; a key that can read is enough.")
]


@app.command
def init(
    berth: Path,
    /,
    *,
    again: Annotated[
        bool,
        Parameter(
            help="Make new keys although there are some: the file of the lifeboat is lost, or "
            "somebody else has it.",
            negative=(),
        ),
    ] = False,
    where: Where | None = None,
) -> None:
    """Make the keys of a lifeboat, and the file that it is given. Done once, beside the ark.

    The file opens what anybody may read, and nothing else. Take it to the second provider, remove
    it here, and start the server again: it tells the lifeboat from then on. The key for notices is
    printed once.

    Args:
        berth: where the file for the lifeboat is written.
        again: make new keys.
        where: the data directory and the settings.
    """
    settings = settings_of(where)
    opened(settings)
    data_dir, notice_key = settings.data_dir, keys.new_notice_key()
    if berth.exists():
        stop(f"{berth} is there already")
    try:
        made, secret = keys.new()
        given = Berth(
            domain=settings.domain,
            base_url=settings.site.base_url.rstrip("/"),
            title=settings.domain,
            signer=ark_keys.kept(data_dir).public,
            notices=notice_key[1],
            secret=secret,
        )
        _keep(berth, given, data_dir, made, again=again)
    except KeysError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
    say(f"{berth}: for the lifeboat; it is kept nowhere else")
    say("the key that signs notices; it is shown this once, keep it with the paper key:")
    say(f"  {notice_key[0]}")
    if again:
        say("start the server again: the extract is made anew with the new key")


def _keep(berth: Path, given: Berth, data_dir: Path, made: FeedKeys, *, again: bool) -> None:
    """First the file of the lifeboat: keys whose secret nobody holds would be of no use."""
    keys.write_secret(berth, msgspec.json.format(msgspec.json.encode(given)))
    try:
        keys.keep(data_dir, made, again=again)
    except BaseException:
        berth.unlink(missing_ok=True)
        raise


@app.command
def serve(
    berth: BerthFile,
    /,
    *,
    places: PlacesFile,
    bind: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="TCP port to listen on.")] = 8080,
) -> None:
    """Run the lifeboat: look at the places every few seconds, and answer.

    It needs no data directory, no database and no settings, writes nothing, and asks nobody but
    the places.
    """
    given, named = _berth(berth), _places(places)
    pkgutil.resolve_name("rostra.cli.lifeboat_serving:run")(given, named, bind, port)


@app.command
def write(
    berth: BerthFile,
    folder: Annotated[Path, Parameter(help="Where the files are written; made if missing.")],
    /,
    *,
    places: PlacesFile,
) -> None:
    """Write the same pages as plain files, for any web host; only what has changed.

    Run it every minute or so: what is deleted in the network is gone from the folder after that.
    Status 1 where the places do not answer; what was there stays.
    """
    given, named = _berth(berth), _places(places)
    write_once = pkgutil.resolve_name("rostra.cli.lifeboat_serving:write_once")
    raise SystemExit(FAILED if not asyncio.run(write_once(given, named, folder)) else 0)


@app.command
def notice(
    text: Annotated[str, Parameter(help="What is told, in plain words; lines stay lines.")] = "",
    /,
    *,
    key: Annotated[
        Path | None,
        Parameter(help="A file with the key for notices; without it that of the ark here."),
    ] = None,
    places: Annotated[
        Path | None,
        Parameter(help="The file that names the places; without it that of the settings."),
    ] = None,
    clear: Annotated[
        bool, Parameter(help="Take all notices down first, signed as well.", negative=())
    ] = False,
    where: Where | None = None,
) -> None:
    """Tell everybody something on the page of the lifeboat, signed.

    With `--key` and `--places` it needs nothing of the host, which may be gone.
    Status 1 where no place has taken it.
    """
    if not text.strip() and not clear:
        stop("there is nothing to tell")
    if len(text) > LONGEST:
        stop(f"TEXT has {len(text):,} characters; {LONGEST:,} are the most")
    stores = [open_place(each) for each in _places(places)] if places else _own(where)
    private = _notice_key(key, where)
    raise SystemExit(FAILED if asyncio.run(_tell(stores, text, private, clear=clear)) else 0)


async def _tell(stores: list[Store], text: str, private: bytes, *, clear: bool) -> bool:
    public, failed = ed25519.public_of(private).hex(), {}
    now, words = SystemClock().now(), text.strip()
    if clear:
        failed = await notices.store(stores, Notice(at=now, text="", key=public), private)
    if words:
        told = Notice(at=now + 1, text=words, key=public)
        failed |= await notices.store(stores, told, private)
    for store in stores:
        say(f"{store.name}: {failed.get(store.name, 'done')}")
    return len(failed) == len(stores)


def _notice_key(path: Path | None, where: Where | None) -> bytes:
    try:
        if path is None:
            return ark_keys.kept(settings_of(where).data_dir).signing_key
        private = bytes.fromhex(path.read_text(encoding="utf-8").strip())
    except KeysError as error:
        stop(str(error))
    except (OSError, ValueError) as error:
        stop(f"{path} is no key for notices: {error}")
    if len(private) != ed25519.KEY_BYTES:
        stop(f"{path} is no key for notices")
    return private


def _own(where: Where | None) -> list[Store]:
    return list(opened(settings_of(where)))


def _berth(path: Path) -> Berth:
    try:
        return keys.berth_from(path)
    except KeysError as error:
        stop(str(error))


def _places(path: Path) -> tuple[Place, ...]:
    try:
        found = read_places(path, data_dir=path.parent / "rostra-data")
        for place in found:
            open_place(place)
    except (PlacesError, PlaceFailed) as error:
        stop(str(error))
    if not found:
        stop(f"{path} names no place")
    return found
