"""Notification and what belongs to it."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import Status


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did that the member wants to hear of."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET


class UnreadCount(msgspec.Struct, frozen=True):
    """How many notifications have not been read yet."""

    count: int


class PolicySummary(msgspec.Struct, frozen=True):
    """How many are set aside."""

    pending_requests_count: int = 0
    pending_notifications_count: int = 0


class NotificationPolicy(msgspec.Struct, frozen=True):
    """Whose notifications are set aside: nobody's."""

    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "accept"
    for_limited_accounts: str = "accept"
    summary: PolicySummary = PolicySummary()
