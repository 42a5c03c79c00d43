"""A place gets again what it has lost of the journal, from one that has it."""

from collections.abc import Sequence

from rostra.hosting.journal.listed import Parts, listed
from rostra.hosting.journal.part import key_of
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store


async def mend(stores: Sequence[Store], signer: str) -> dict[str, int]:
    """Store every part of the journal where it is missing or damaged; how many, by place.

    Places that fail are passed over: `verify` names what they lack.

    Args:
        stores: the places.
        signer: the public key of the ark.

    Raises:
        ArkError: no place answers.
    """
    sent = {store.name: 0 for store in stores}
    named = await listed(stores)
    parts = Parts(stores, signer, named)
    for mark in named.marks:
        good = await parts.one(mark)
        if good is None:
            continue
        for store in stores:
            try:
                there = await store.read(key_of(mark))
                if there is None or there.content != good.content:
                    await store.put(key_of(mark), good.content)
                    sent[store.name] += 1
            except PlaceFailed:
                continue
    return sent
