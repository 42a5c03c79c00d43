"""`rostra dns`: lead the names of this network to a host."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from rostra.cli.common import FAILED, Where, say, settings_of, stop
from rostra.hosting.fence.installation import outgoing, taken_from_here
from rostra.hosting.naming.installation import names_of
from rostra.hosting.naming.model import NamingError, addresses_of
from rostra.hosting.places.file import PlacesError
from rostra.hosting.places.model import PlaceFailed
from rostra.kernel.errors import Unavailable
from rostra.kernel.lazy import ExtraMissing
from rostra.settings import Settings
from rostra.store.gates import EgressGate, memory_gates

if TYPE_CHECKING:
    from rostra.hosting.naming.names import Names

app = App(name="dns", help="Lead the names of this network to a host, and see where they lead.")

AlthoughMute = Annotated[
    bool,
    Parameter(
        help="Also where nothing may leave this installation, as a copy of it: a person says so.",
        negative=(),
    ),
]


@app.command
def show(*, where: Where | None = None) -> None:
    """Say where the names lead, as each name server of the zone has it.

    Status 1 where they differ, or one does not answer.
    """
    settings = settings_of(where)
    if not _run(settings, _shown, although_mute=True):
        raise SystemExit(FAILED)


@app.command(name="set")
def lead(
    address: Annotated[str, Parameter(help="Addresses of the host: IPv4, IPv6, or both.")],
    /,
    *more: Annotated[str, Parameter(help="More of them.")],
    although_mute: AlthoughMute = False,
    where: Where | None = None,
) -> None:
    """Lead the names to these addresses and nowhere else, and wait until all name servers show it.

    Can be done again at any time: what is there already is not changed. The present address is also
    how a shorter time to live gets there before a move.
    """
    settings = settings_of(where)

    async def done(names: "Names") -> None:
        await names.lead(addresses_of((address, *more)))
        say(f"{', '.join(names.plan.names)}: {', '.join(addresses_of((address, *more)))}")

    _run(settings, done, although_mute=although_mute)


@app.command
def probe(
    *,
    pause: Annotated[int, Parameter(help="Seconds without the site that you aim for.")] = 60,
    although_mute: AlthoughMute = False,
    where: Where | None = None,
) -> None:
    """Try whether the names could be changed: a text is written beside them, and taken away."""
    settings = settings_of(where)

    async def done(names: "Names") -> None:
        for sentence in await names.probe(pause):
            say(sentence)

    _run(settings, done, although_mute=although_mute)


def _run(
    settings: Settings, work: Callable[["Names"], Awaitable[Any]], *, although_mute: bool
) -> Any:
    async def done() -> Any:
        taken = None if although_mute else await taken_from_here(settings)
        if taken is not None:
            stop(
                f"{taken.host} has taken the fence: this copy changes no names. Where that is what"
                " you want, add `--although-mute`"
            )
        return await work(names_of(settings, egress_of(settings, although_mute), say))

    try:
        return asyncio.run(done())
    except (NamingError, ExtraMissing, PlacesError, PlaceFailed) as error:
        stop(str(error))
    except Unavailable as error:
        stop(
            f"{error}: this copy changes no names. Where that is what you want, add"
            " `--although-mute`"
        )


def egress_of(settings: Settings, although_mute: bool) -> EgressGate:  # noqa: FBT001 (its word)
    """The gate that leads out of this installation; an open one where a person says so.

    Before there is an installation nothing is mute.
    """
    if although_mute or not (settings.data_dir / "gates").is_dir():
        return memory_gates()[1]
    try:
        return outgoing(settings)
    except OSError as error:
        stop(f"{settings.data_dir / 'gates'} can't be used: {error.strerror}")


async def _shown(names: "Names") -> bool:
    seen = await names.look()
    for each in seen:
        if each.fault:
            say(f"{each.server}: {each.fault}")
            continue
        for record in sorted(each.records):
            say(f"{each.server}: {record}, kept for {each.ttl_s} s")
        if not each.records:
            say(f"{each.server}: the names lead nowhere")
    return not any(each.fault for each in seen) and len({each.records for each in seen}) == 1
