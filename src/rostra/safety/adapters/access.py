"""Loads how adapters are doing, for the team and for `rostra doctor`."""

from urllib.parse import urlsplit

import msgspec

from rostra.kernel.clock import DAY
from rostra.safety.adapters import queries
from rostra.safety.adapters.model import Circuit, Figures, State
from rostra.safety.edge import Reader, Services
from rostra.settings import Adapter
from rostra.store.database import the_row

DAYS = 7
"""Figures are of so many days, today among them."""


class Doing(msgspec.Struct, frozen=True):
    """How one adapter is doing."""

    adapter: Adapter
    state: State
    waiting: int
    circuit: Circuit
    figures: Figures

    @property
    def host(self) -> str:
        """Where it is, without the rest of the address."""
        return urlsplit(self.adapter.endpoint).netloc.rpartition("@")[2]


async def doing(services: Services, reader: Reader) -> list[Doing]:
    """Every adapter that the settings name. Three statements each."""
    now = services.clock.now()
    found = []
    for adapter in services.settings.adapters:
        name = adapter.name
        circuit = await reader.first(queries.CIRCUIT, adapter=name) or Circuit()
        waiting, _ = await the_row(
            reader, queries.WAITING, adapter=name, limit=adapter.most_waiting
        )
        figures = await the_row(reader, queries.FIGURES, adapter=name, day=now // DAY - DAYS + 1)
        found.append(Doing(adapter, circuit.state(now), waiting, circuit, figures))
    return found
