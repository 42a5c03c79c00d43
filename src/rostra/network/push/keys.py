"""The key by which push services know this place: made once, the same in every process."""

from weakref import WeakKeyDictionary

from rostra.kernel import web_push
from rostra.kernel.errors import Unavailable
from rostra.network.edge import Database, Services, Transaction
from rostra.network.push import queries

_known: WeakKeyDictionary[Database, bytes] = WeakKeyDictionary()


async def private_key(services: Services) -> bytes:
    """The private key; made when it is first asked for.

    Raises:
        Unavailable: there is none yet, and the write gate is closed.
    """
    known = _known.get(services.db)
    if known is None:
        async with services.db.read() as reader:
            known = await reader.value(queries.KEY)
        if known is None:
            async with services.db.write() as tx:
                await tx.run(queries.ADD_KEY, id=1, private=web_push.new_key())
                known = await tx.value(queries.KEY)
        known = _known[services.db] = bytes(known)
    return known


async def public_key(services: Services) -> str:
    """The public key as clients read it; empty while there is none and none can be written."""
    try:
        return web_push.b64(web_push.public_of(await private_key(services)))
    except Unavailable:
        return ""


async def forget(tx: Transaction) -> int:
    """Have another key made when one is next needed; how many devices have to subscribe anew.

    They subscribed to what the key before has signed. No server may be running: it knows that one.
    """
    await tx.run(queries.DROP_KEY)
    return await tx.run(queries.DROP_EVERY)
