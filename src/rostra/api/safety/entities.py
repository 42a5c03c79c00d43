"""What the API of moderation answers with. Ids are strings, times ISO 8601 (null: not yet)."""

import msgspec


class Reason(msgspec.Struct, frozen=True):
    """One thing that moves a case in the queue."""

    name: str
    sooner_s: int  # by so many seconds it comes sooner (negative: later)
    value: str | None  # what it was reckoned from: a time, a severity, a count


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One subject to decide on."""

    id: str
    subject_type: str  # post, account, media
    subject_id: str
    account_id: str
    state: str  # open, decided, merged
    category: str
    severity: str
    language: str
    sources: tuple[str, ...]
    reports_count: int
    weight: float  # of its reports together; an ordinary one has 1
    reach: int
    deadline_at: str | None
    escalated: bool
    holder_id: str | None
    held_until: str | None
    cluster_id: str | None
    merged_into: str | None
    decision_id: str | None
    proposed_id: str | None  # a decision about it that waits for a second person
    panel_id: str | None  # the panel of members that it is with now
    advice_id: str | None  # the panel whose votes agreed about it
    opened_at: str
    looked_at: str | None
    decided_at: str | None
    rank_at: str  # the lower, the sooner its turn: when it is due, less what harm is worth
    reasons: tuple[Reason, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a case."""

    kind: str
    at: str
    actor_id: str | None
    words: str
    details: dict[str, str]


class CaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of it."""

    id: str
    source: str
    account_id: str | None
    category: str
    comment: str
    weight: float
    state: str
    post_ids: tuple[str, ...]
    rule_ids: tuple[str, ...]
    created_at: str


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a decision does."""

    action: str
    ends_at: str | None
    label: str
    surfaces: tuple[str, ...]
    fields: tuple[str, ...]
    deletes_at: str | None
    posts: int  # with `slow`: so many within `per_seconds`; else 0
    per_seconds: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, and why."""

    id: str
    state: str
    undoes_id: str | None
    undone_by: str | None
    case_id: str | None
    cluster_id: str | None
    actions: tuple[Action, ...]
    category: str
    ground: str
    rule_id: str | None
    clause: str
    rules_version: int | None  # that the clause is of: `/about/rules/{version}`
    legal_ground: str
    facts: str
    words: str
    note: str
    language: str
    source: str  # of what it rests on, or own_initiative
    automated_detection: bool
    automated_decision: bool
    strikes: int
    ends_at: str | None
    actor_id: str | None
    panel_id: str | None  # the panel of members that was asked before
    second_id: str | None
    subjects_count: int
    done_count: int
    created_at: str
    applied_at: str | None


class DecisionSubject(msgspec.Struct, frozen=True):
    """One of the subjects of a decision."""

    subject_type: str
    subject_id: str
    account_id: str
    case_id: str | None
    state: str  # to_do, done, gone, taken_back


class Passage(msgspec.Struct, frozen=True):
    """Words that counted for a signal."""

    text: str
    weight: float


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a signal said of words when they were published."""

    signal: str
    version: str
    cost_us: int
    failed: bool  # it broke
    scores: dict[str, float]  # by harm, from 0 to 1; none: it had nothing to say
    reason: str
    targets: tuple[str, ...]  # the groups that are aimed at
    passages: tuple[Passage, ...]  # none where the words are others by now


class CaughtBy(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that caught words when they were published."""

    rule_id: str
    version: int
    name: str
    state: str  # shadow: nothing came of it; live
    effects: tuple[str, ...]  # what it asks for


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in words when they were published."""

    id: str
    what: str  # post, edit, profile
    at: str
    cost_us: int
    current: bool  # the words are still those
    findings: tuple[Finding, ...]
    rules: tuple[CaughtBy, ...]


class CaseDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A case with what was said of it, what happened to it, and what was decided."""

    case: Case
    reports: tuple[CaseReport, ...]  # the newest 40
    events: tuple[Event, ...]  # the latest 200
    decisions: tuple[Decision, ...]
    judgements: tuple[Judgement, ...]  # the latest 5


class CategoryCount(msgspec.Struct, frozen=True):
    """How much is open of a category."""

    category: str
    cases: int
    oldest_at: str
    due_at: str | None


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of harm."""

    slug: str
    name: str
    explanation: str
    severity: str
    mastodon_category: str
    dsa_category: str
    first_look_s: int
    decision_s: int


class Strike(msgspec.Struct, frozen=True):
    """A strike that still counts."""

    decision_id: str
    points: int
    until: str


class Threshold(msgspec.Struct, frozen=True):
    """What is proposed from so many points on."""

    points: int
    action: str
    days: int  # 0: until it is taken back


class Strikes(msgspec.Struct, frozen=True):
    """Where a member stands, and what so many points more would make of it."""

    strikes: tuple[Strike, ...]
    points: int
    after: int
    proposed: Threshold | None
    next: Threshold | None


class TeamMember(msgspec.Struct, frozen=True):
    """Somebody of the team."""

    account_id: str
    role: str
    duties: tuple[str, ...]
    categories: tuple[str, ...] | None  # null: all
    permissions: tuple[str, ...]


class OpenCluster(msgspec.Struct, frozen=True):
    """A cluster with open cases."""

    id: str
    open_cases: int
    rank_at: str  # of the worst of them


class ClusterReason(msgspec.Struct, frozen=True):
    """Why a case is an outlier."""

    name: str
    sentence: str


class ClusterCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case, and where it stands in its cluster."""

    case: Case
    place: str
    alike: float
    reasons: tuple[ClusterReason, ...]
    placed_by: str | None  # null: the comparison
    placed_at: str


class ClusterEvent(msgspec.Struct, frozen=True):
    """What somebody did with a cluster."""

    kind: str
    at: str
    actor_id: str | None
    case_id: str | None
    cluster_id: str | None  # the one that was put into it


class ClusterHour(msgspec.Struct, frozen=True):
    """How many of its cases were opened within an hour."""

    at: str
    cases: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that later copies meet as well."""

    id: str
    cluster_id: str
    decision_id: str
    actor_id: str
    most: int
    done_count: int
    ends_at: str
    ended_at: str | None
    ended_by: str | None
    created_at: str


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Cases that are nearly the same."""

    id: str
    leader_id: str
    merged_into: str | None
    members: int
    outliers: int
    open_members: int
    authors: int
    first_at: str | None
    last_at: str | None
    hours: tuple[ClusterHour, ...]
    events: tuple[ClusterEvent, ...]
    standing: Standing | None


class ClusterDecision(msgspec.Struct, frozen=True):
    """What was decided of a cluster, and how many members somebody else works on."""

    decision: Decision
    left: int


class TeamAppeal(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says against a decision, and what became of it."""

    id: str
    decision_id: str
    account_id: str | None  # null: somebody without an account, who reported
    report_id: str | None  # null: by the member that the decision is about
    text: str
    state: str  # open, upheld, rejected
    answer: str
    actor_id: str | None
    undo_id: str | None
    due_at: str
    answered_at: str | None
    created_at: str


class OutsideReport(msgspec.Struct, frozen=True):
    """The receipt of a report by somebody without an account."""

    id: str  # the reference
    state: str  # waiting (for the button behind the link in the letter), filed
    url: str  # of a page, for them alone, that shows what became of it
    decided_before_at: str | None  # when the team had decided about the same


class Flagger(msgspec.Struct, frozen=True):
    """Somebody whose reports go first."""

    id: str
    account_id: str | None  # null: somebody outside
    address: str  # a mail address, or a domain; empty: a member
    name: str
    added_by: str | None  # null: an operator at the machine
    created_at: str


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """How a member stands as a reporter."""

    account_id: str
    upheld: int  # of their reports, 200 at most are counted
    dismissed: int
    trusted_flagger: bool
    warned_at: str | None
    set_aside_until: str | None
