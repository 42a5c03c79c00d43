"""What the page of a case says beside the case itself."""

from collections.abc import Sequence

import msgspec


class PanelNote(msgspec.Struct, frozen=True, kw_only=True):
    """How a case stands to panels of members."""

    can_ask: bool = False
    id: str = ""
    """Of the panel that it is with."""
    ends_at: int = 0
    answered: int = 0
    seats: int = 0
    advice: str = ""
    """What a panel found, in words."""
    reasons: Sequence[str] = ()
    fields: Sequence[tuple[str, str]] = ()
    """Of the form that decides just that."""
