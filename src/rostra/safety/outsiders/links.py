"""The links of those who report from outside. Only hashes of their secrets are kept."""

from rostra.kernel import crypto
from rostra.safety.edge import Transaction
from rostra.safety.outsiders import queries
from rostra.safety.outsiders.model import Purpose


async def add_link(tx: Transaction, outside_id: int, purpose: Purpose) -> str:
    """The secret of a new link."""
    token = crypto.new_token()
    await tx.run(
        queries.ADD_LINK,
        token_hash=crypto.token_hash(token),
        outside_id=outside_id,
        purpose=int(purpose),
    )
    return token
