"""Which signals judge at this place now, for those who look at how they do."""

from rostra.safety.edge import Reader, Services
from rostra.safety.screening.screen import Screening
from rostra.safety.signals.model import Signal


async def present(services: Services, reader: Reader) -> tuple[Signal, ...]:
    """Those that judge what is published now, the cheap ones first; none where nothing judges."""
    screen = services.screen
    if not isinstance(screen, Screening):
        return ()
    return (await screen.registries.current(services, reader)).signals
