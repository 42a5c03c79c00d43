"""What the team reads. Source: docs.joinmastodon.org/entities/Admin_Account and Admin_Report."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account, CredentialRole
from rostra.api.mastodon.entities.instance import Rule
from rostra.api.mastodon.entities.reports import ReportHead
from rostra.api.mastodon.entities.statuses import Status


class AdminIp(msgspec.Struct, frozen=True):
    """From where somebody was seen."""

    user_id: str
    ip: str
    used_at: str


class AdminAccountHead(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the team sees it, without what everybody sees."""

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str
    ip: str | None
    ips: tuple[AdminIp, ...]
    locale: str | None
    invite_request: str | None
    role: CredentialRole | None
    confirmed: bool
    approved: bool
    disabled: bool
    sensitized: bool
    silenced: bool
    suspended: bool


class AdminAccount(AdminAccountHead, frozen=True, kw_only=True):
    """An account as the team sees it."""

    account: Account


class AdminReport(ReportHead, frozen=True, kw_only=True):
    """A report as the team sees it. Its reporter is null where it came from outside."""

    updated_at: str
    account: AdminAccount | None
    target_account: AdminAccount | None
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: tuple[Status, ...]
    rules: tuple[Rule, ...]
