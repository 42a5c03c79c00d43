"""What a file is told by, computed from its bytes as an upload's are."""

import asyncio
import hashlib

from rostra.kernel.errors import Invalid, TooLarge
from rostra.network.media.upload import look_of
from rostra.safety.banks.model import Hashes
from rostra.safety.edge import Services


async def hashes_of_file(services: Services, data: bytes) -> Hashes:
    """What a file is told by; what is no picture that is accepted has no look.

    Raises:
        Unavailable: too many pictures wait already.
    """
    digest = (await asyncio.to_thread(hashlib.sha256, data)).digest()
    try:
        made = await services.images.attachment(data)
    except (Invalid, TooLarge):
        return Hashes(sha256=digest)
    return Hashes(bytes.fromhex(look_of(made)), digest)
