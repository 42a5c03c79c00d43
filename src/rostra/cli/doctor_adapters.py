"""What `rostra doctor` says of programs elsewhere that are asked about posts."""

from collections.abc import Iterator

from rostra.app import Ports, build
from rostra.safety.adapters import access
from rostra.safety.adapters.access import Doing
from rostra.safety.adapters.model import State
from rostra.settings import Settings
from rostra.store.schema import HEAD, current_revision, failures

Line = tuple[bool, str, str]
"""Whether it is well, what there is to say, and what to do."""


async def adapters(settings: Settings) -> list[Line]:
    """A line for each adapter, from what its questions came to; nothing is asked now.

    Without a database that can be read there is nothing to tell; other lines say so.
    """
    if not settings.adapters:
        return [(True, "none: no post leaves to be judged elsewhere", "")]
    try:
        known = await current_revision(settings.database_url) == HEAD
        return await _told(settings) if known else []
    except failures():
        return []


async def _told(settings: Settings) -> list[Line]:
    app = build(settings, Ports(alone=True))
    try:
        async with app.services.db.read() as reader:
            found = await access.doing(app.services, reader)
        return [line for each in found for line in _lines(each)]
    finally:
        await app.close()


def _lines(doing: Doing) -> Iterator[Line]:
    adapter, figures = doing.adapter, doing.figures
    speed = "" if figures.mean_ms is None else f", {figures.mean_ms} ms each"
    text = (
        f"{adapter.name} ({adapter.form} at {doing.host}) is {doing.state}: in {access.DAYS} days "
        f"{figures.answered} answered ({figures.late} late){speed}, {figures.failed} failed, "
        f"{figures.given_up} given up, {figures.skipped} skipped; {doing.waiting} wait"
    )
    well = doing.state in {State.NEW, State.ANSWERING}
    advice = "" if well else f"posting goes on; look at it there: {doing.circuit.failure}"
    yield well, text, advice
    kinds = [name for name in adapter.visibilities if name in {"followers", "direct"}]
    if kinds:
        yield (
            False,
            f"{adapter.name} is told posts that are not public ({', '.join(kinds)})",
            f"take them out of `adapters.{adapter.name}.visibilities`, unless members know of it",
        )
