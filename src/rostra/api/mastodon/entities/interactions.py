"""Who may do what with a post, and who asks to. The form is GoToSocial's."""

from typing import Literal

import msgspec

from rostra.api.mastodon.entities.accounts import Account
from rostra.api.mastodon.entities.policies import InteractionPolicy
from rostra.api.mastodon.entities.statuses import Status


class DefaultPolicies(msgspec.Struct, frozen=True, kw_only=True):
    """The policies that new posts get where nothing else is said, by visibility."""

    public: InteractionPolicy
    unlisted: InteractionPolicy
    private: InteractionPolicy
    direct: InteractionPolicy


class InteractionRequest(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody wants to do something with a post of the member's."""

    id: str
    type: Literal["favourite", "reply", "reblog"]
    created_at: str
    accepted_at: str | None
    rejected_at: str | None
    uri: str | None  # of an answer to another server; here always null
    account: Account  # who asks
    status: Status  # what they want to do something with
    reply: Status | None  # the reply that waits
