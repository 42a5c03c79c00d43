"""Everybody signs in anew: what somebody may have seen of sign-ins opens nothing any more."""

import msgspec

from rostra.network.credentials import queries
from rostra.network.edge import Transaction


class SignedOut(msgspec.Struct, frozen=True):
    """How many there were.

    Attributes:
        sessions: of browsers.
        tokens: of apps.
        codes: that apps had not yet made tokens of.
        letters: with links that nobody has followed yet.
    """

    sessions: int
    tokens: int
    codes: int
    letters: int


async def sign_everybody_out(tx: Transaction) -> SignedOut:
    """End every session, token, code, letter and passkey challenge. No server may be running.

    Nobody is told: streams and caches of a running server would go on with what they know.
    """
    await tx.run(queries.DROP_EVERY_CHALLENGE)
    return SignedOut(
        sessions=await tx.run(queries.DROP_EVERY_SESSION),
        tokens=await tx.run(queries.DROP_EVERY_TOKEN),
        codes=await tx.run(queries.DROP_EVERY_CODE),
        letters=await tx.run(queries.DROP_EVERY_LETTER_TOKEN),
    )
