"""`rostra renew`: new keys and secrets everywhere."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter
from msgspec import structs

from rostra.app import Ports, build
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.places import opened
from rostra.hosting.ark import keys as ark_keys
from rostra.hosting.ark.keys import KeysError
from rostra.hosting.ark.media.later import left_in, told_of_left
from rostra.hosting.fence.state import State
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.renewal import Renewed
from rostra.hosting.renewal import renew as renew_all
from rostra.kernel.errors import RostraError
from rostra.settings import Hosting, Settings
from rostra.store.gates import EgressGate, MemoryGate, WriteGate, memory_gates
from rostra.store.schema import HEAD, current_revision
from rostra.store.served import unserved


def renew(
    *,
    keep_sign_ins: Annotated[
        bool,
        Parameter(help="Nobody has to sign in anew: the old host saw no tokens.", negative=()),
    ] = False,
    where: Where | None = None,
) -> None:
    """Make new keys and secrets, so that what an old host knows opens nothing from now on.

    Run it where no server runs, before the first one is started; after it the places should be new
    ones. It prints what is new, and then what only you can make new.
    """
    settings = settings_of(where)
    with State(settings.data_dir).alone() as alone, unserved(settings.data_dir) as nobody:
        if not (alone and nobody):
            stop("a server runs here, and knows the old ones: stop it first")
        try:
            left = left_in(settings.data_dir)
            if left.count:
                stop(f"{told_of_left(left)}, sealed with the old keys: `rostra ark fetch-media`")
            stores = opened(settings) if settings.hosting.places else []
            done = asyncio.run(renewed(settings, stores, sign_ins=not keep_sign_ins))
        except (PlacesError, PlaceFailed, KeysError) as error:
            stop(str(error))
        except RostraError as error:
            stop(error.safe)
        except OSError as error:
            stop(f"{error.filename or settings.data_dir}: {error.strerror or error}")
    tell(done)


def tell(done: Renewed) -> None:
    """Say what is new, and what only people can make new."""
    for sentence in done.done:
        say(f"new   {sentence}")
    for sentence in done.left:
        say(f"you   {sentence}")


async def renewed(settings: Settings, stores: Sequence[Store], *, sign_ins: bool) -> Renewed:
    """Make all new in a directory that nobody serves; raises as `hosting.renewal.renew`."""
    if await current_revision(settings.database_url) != HEAD:
        stop("the database is of another version: `rostra migrate` first")
    # Past its gates and its fence: nobody is served by it, and nothing that it does gets out. What
    # it ends is noted all the same: no copy of before brings a sign-in back.
    silent: EgressGate = memory_gates()[1]
    silent.close("its keys are made new")
    noted = (settings.data_dir / ark_keys.FOLDER / ark_keys.FILE).exists()
    ports = Ports(gates=(WriteGate(MemoryGate()), silent), alone=True, noted=noted)
    app = build(structs.replace(settings, hosting=Hosting()), ports)
    try:
        return await renew_all(app.services, stores, sign_ins=sign_ins)
    finally:
        await app.close()
