"""Archives as their owners see them."""

from enum import IntEnum

import msgspec


class ArchiveState(IntEnum):
    """How far an archive is; kept in `archives.state`."""

    WAITING = 0
    READY = 1


class Archive(msgspec.Struct, frozen=True):
    """A member's copy of all that is theirs. Times are UTC ms, 0: not yet."""

    id: int
    account_id: int
    state: int
    blob_key: str
    size: int  # bytes
    requested_at: int
    touched_at: int
    ready_at: int
    expires_at: int

    @property
    def ready(self) -> bool:
        """Whether it can be had."""
        return self.state == ArchiveState.READY
