"""AccountWarning: what a member is told of a decision. Source: docs.joinmastodon.org/entities."""

from typing import Literal

import msgspec

from rostra.api.mastodon.entities.accounts import Account

WarningAction = Literal[
    "none",
    "disable",
    "mark_statuses_as_sensitive",
    "delete_statuses",
    "sensitive",
    "silence",
    "suspend",
]


class Appeal(msgspec.Struct, frozen=True):
    """What a member says against a decision."""

    text: str
    state: Literal["approved", "rejected", "pending"]


class AccountWarning(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about a member, without anybody who took it."""

    id: str
    action: WarningAction
    text: str
    status_ids: tuple[str, ...] | None
    target_account: Account
    appeal: Appeal | None
    created_at: str
