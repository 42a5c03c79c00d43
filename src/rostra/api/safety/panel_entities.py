"""What the API of panels answers with. Ids are strings, times ISO 8601 (null: not yet)."""

import msgspec


class PanelMembership(msgspec.Struct, frozen=True, kw_only=True):
    """How a member stands to panels."""

    state: str  # invited, sits, gone
    daily_limit: int
    languages: tuple[str, ...]  # that they read; none: whatever comes
    invited_at: str
    answered_at: str | None
    waiting: int  # cases that wait for their vote


class PanelCaseHead(msgspec.Struct, frozen=True, kw_only=True):
    """A case that waits for a member's vote. Its id is theirs alone."""

    id: str
    category: str
    until: str


class PanelMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, video or recording; whoever shows it covers it first."""

    type: str
    url: str | None
    preview_url: str | None
    description: str
    blurhash: str | None


class PanelCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case as a panel sees it: nothing in it says whose it is."""

    id: str
    until: str
    category: str
    category_name: str
    category_explanation: str
    rules: tuple[str, ...]  # of the house, that reports have named
    language: str
    spoiler_text: str
    text: str
    poll_options: tuple[str, ...]
    media: tuple[PanelMedia, ...]
    is_reply: bool
    is_quote: bool
    choices: tuple[str, ...]


class PanelVote(msgspec.Struct, frozen=True, kw_only=True):
    """What a member has voted, and what the panel came to, once it is over."""

    id: str
    category: str
    choice: str
    reason: str
    voted_at: str
    panel_state: str
    outcome: str | None  # null: it runs, or did not agree


class PanelSeat(msgspec.Struct, frozen=True, kw_only=True):
    """One member's part in a panel that is over."""

    account_id: str | None  # null: they are gone
    state: str  # voted, passed, lapsed, ended
    vote: str | None


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """A panel, for the team. How was voted is told when it is over."""

    id: str
    case_id: str
    category: str
    state: str  # running, agreed, split, late, taken_back, overtaken
    seats: int
    votes_needed: int
    answered: int
    outcome: str | None
    opened_by: str | None  # null: it went there by itself
    closed_by: str | None
    opened_at: str
    ends_at: str
    closed_at: str | None
    votes: dict[str, int] | None
    reasons: tuple[str, ...]


class PanelDetails(Panel, frozen=True, kw_only=True):
    """A panel with its draw and its members, which admins are told when it is over."""

    seed: str | None
    members: tuple[PanelSeat, ...]


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How votes compare with what the team decided later."""

    compared: int
    same: int
    near: int  # something else was done about it
    share: float | None  # of those that were the same


class PanelMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is invited to panels, or sits on them."""

    account_id: str
    state: str
    daily_limit: int
    languages: tuple[str, ...]
    invited_by: str | None
    invited_at: str
    answered_at: str | None
    asked: dict[str, int]  # how often, by what became of it
    agreement: Agreement | None  # for admins


class PanelSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How panels are set up here, and how they agree with the team."""

    categories: tuple[str, ...]  # that are open to them; none: there are no panels
    outcomes: tuple[str, ...]
    decides: tuple[str, ...]  # the outcomes that need nobody of the team
    seats: int
    votes_needed: int
    agreement: Agreement
