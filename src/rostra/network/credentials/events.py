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


class MemberSeen(msgspec.Struct, frozen=True):
    """A member is here for the first time on this UTC day."""

    account_id: int
    day: int
    day_before: int  # the last one they were seen on; 0: never
