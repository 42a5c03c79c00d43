"""What opens the lines of the ledger, as it is stored."""

from typing import Any

import msgspec


class Salt(msgspec.Struct, frozen=True):
    """What a line was written for. `erased_at` in UTC ms, 0: it is not erased."""

    seq: int
    ref_id: int
    salt: bytes
    extra: str
    partial: int
    erased_at: int
    erased_in: int

    @property
    def said(self) -> dict[str, Any]:
        """What its record holds that no other row does."""
        try:
            said = msgspec.json.decode(self.extra)
        except msgspec.DecodeError:
            return {}
        return said if isinstance(said, dict) else {}


class SubjectRow(msgspec.Struct, frozen=True):
    """One subject of a decision."""

    subject_kind: int
    subject_id: int
    account_id: int
