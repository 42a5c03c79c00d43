"""Notification and what belongs to it."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.statuses import Status
from rostra.api.mastodon.entities.warnings import AccountWarning


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did that the member wants to hear of."""

    id: str
    type: str
    created_at: str
    group_key: str
    account: Account
    status: Status | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class PartialAccount(msgspec.Struct, frozen=True):
    """What a row of avatars shows of an account."""

    id: str
    acct: str
    url: str
    avatar: str
    avatar_static: str
    avatar_description: str
    locked: bool
    bot: bool


class NotificationGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications that are told of as one."""

    group_key: str
    notifications_count: int
    type: str
    most_recent_notification_id: int
    sample_account_ids: tuple[str, ...]
    page_min_id: str | msgspec.UnsetType = msgspec.UNSET
    page_max_id: str | msgspec.UnsetType = msgspec.UNSET
    latest_page_notification_at: str | msgspec.UnsetType = msgspec.UNSET
    status_id: str | msgspec.UnsetType = msgspec.UNSET
    moderation_warning: AccountWarning | msgspec.UnsetType = msgspec.UNSET


class GroupedNotifications(msgspec.Struct, frozen=True, kw_only=True):
    """Groups, with the accounts and posts that they name."""

    accounts: tuple[Account, ...]
    statuses: tuple[Status, ...]
    notification_groups: tuple[NotificationGroup, ...]
    partial_accounts: tuple[PartialAccount, ...] | msgspec.UnsetType = msgspec.UNSET


class UnreadCount(msgspec.Struct, frozen=True):
    """How many notifications have not been read yet."""

    count: int


class PolicySummary(msgspec.Struct, frozen=True):
    """How many are set aside."""

    pending_requests_count: int = 0
    pending_notifications_count: int = 0


class NotificationPolicy(msgspec.Struct, frozen=True):
    """Of whom a member wants to hear."""

    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "accept"
    for_limited_accounts: str = "accept"
    summary: PolicySummary = PolicySummary()


class NotificationPolicyV1(msgspec.Struct, frozen=True, kw_only=True):
    """Whose notifications are set aside, in the form before Mastodon 4.3."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: PolicySummary


class NotificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is set aside of one sender."""

    id: str
    created_at: str
    updated_at: str
    notifications_count: str
    account: Account
    last_status: Status | msgspec.UnsetType = msgspec.UNSET


class Merged(msgspec.Struct, frozen=True):
    """Whether accepted notifications have all arrived."""

    merged: bool = True
