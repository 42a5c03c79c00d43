"""What a decision does to media, and takes back: the one writer of `media.limits`."""

from collections.abc import Mapping

import msgspec

from rostra.network.edge import Services, Transaction


class MediaLimits(msgspec.Struct, frozen=True):
    """What a medium is restricted to; none of it: it is shown."""

    withheld: bool = False


async def restrict_media(
    services: Services, tx: Transaction, wanted: Mapping[int, MediaLimits]
) -> None:
    """Withhold media, or show them again."""
    raise NotImplementedError
