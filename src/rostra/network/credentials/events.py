"""What this slice tells the others."""

import msgspec


class AccessEnded(msgspec.Struct, frozen=True):
    """Tokens and sessions died: whatever stays open for them (streams) must close.

    Attributes:
        account_id: whose they were.
        token_ids: the tokens; empty together with ``session_ids``: all of the account's.
        session_ids: the sessions.
    """

    account_id: int
    token_ids: tuple[int, ...] = ()
    session_ids: tuple[int, ...] = ()
