"""Reports as clients read them. Source: docs.joinmastodon.org/entities/Report."""

import msgspec

from rostra.api.mastodon.entities.accounts import Account


class ReportHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: tuple[str, ...] | None
    rule_ids: tuple[str, ...] | None


class Report(ReportHead, frozen=True, kw_only=True):
    """What a report says, and of whom."""

    target_account: Account


class FiledReport(Report, frozen=True, kw_only=True):
    """A report that was just made; whether the team has decided about the same before."""

    decided_before_at: str | None
