"""Posts that are to be published later."""

import msgspec

from rostra.api.mastodon.entities.policies import InteractionPolicy
from rostra.api.mastodon.entities.statuses import MediaAttachment


class ScheduledPoll(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked."""

    options: tuple[str, ...]
    expires_in: int | None
    multiple: bool
    hide_totals: bool


class ScheduledParams(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be posted, in the words of `POST /api/v1/statuses`."""

    text: str
    spoiler_text: str
    visibility: str | None
    sensitive: bool | None
    language: str | None
    in_reply_to_id: str | None
    media_ids: tuple[str, ...] | None
    poll: ScheduledPoll | None
    quoted_status_id: str | None = None
    quote_approval_policy: str | None = None
    interaction_policy: InteractionPolicy | None = None
    application_id: int
    scheduled_at: str | None = None
    idempotency: str | None = None
    with_rate_limit: bool = False


class ScheduledStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is to be published later."""

    id: str
    scheduled_at: str
    params: ScheduledParams
    media_attachments: tuple[MediaAttachment, ...] = ()
    failure: str | None = None  # why it could not be published at its time
