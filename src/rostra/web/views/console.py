"""The console of the moderators: the queue and a case, as the pages show them."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.console_notes import PanelNote
from rostra.web.views.console_signals import JudgementView
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, FieldView, Pager, PictureView, Tab
from rostra.web.views.shell import Layout, Page


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody of the team wants to see what is reported; a cookie of theirs keeps it."""

    blur: bool = True
    grey: bool = True
    mute: bool = True
    keys: bool = True
    """Single letters are short cuts."""


class ConsolePage(Page, frozen=True, kw_only=True):
    """One page of the console."""

    section: ClassVar[str] = "console"
    layout: ClassVar[Layout] = "desk"

    tabs: Sequence[Tab]
    parts: Sequence[Tab] = ()
    """Of the part that is open, where it has some."""
    look: Look = Look()


class ReasonView(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a case stands where it stands."""

    words: str
    tone: str = ""
    """`bad`, `warn` or nothing."""
    at: int = 0
    """A time that it speaks of, UTC ms."""


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: str
    url: str
    kind: str
    """Post, Account or Attachment."""
    category: str
    severity: str
    """`low`, `medium`, `high` or `critical`."""
    author: AuthorView | None = None
    excerpt: str = ""
    warned: str = ""
    """The content warning that its author gave it."""
    language: str = ""
    attachments: int = 0
    reasons: Sequence[ReasonView] = ()
    holder: str = ""
    """Who works on it, unless that is the viewer."""
    mine: bool = False
    escalated: bool = False
    proposed_url: str = ""  # of the decision about it that waits for a second person
    panelled: bool = False  # a panel of members looks at it
    state: str = "open"
    """`open`, `decided` or `merged`."""

    def called(self) -> str:
        """Name it in a few words."""
        return f"{self.kind} by @{self.author.acct}" if self.author else self.kind


class CountView(msgspec.Struct, frozen=True, kw_only=True):
    """What is open of a category. Times are UTC ms."""

    name: str
    url: str
    cases: int
    due_at: int
    late: bool = False
    current: bool = False


class QueuePage(ConsolePage, frozen=True, kw_only=True):
    """What waits to be decided, the worst first."""

    template: ClassVar[str] = "console/queue.html"
    title: ClassVar[str] = "Queue"

    views: Sequence[Tab]
    cases: Sequence[CaseLine]
    counts: Sequence[CountView] = ()
    filters: Form = Form()
    categories: Sequence[Option] = ()
    languages: Sequence[Option] = ()
    sources: Sequence[Option] = ()
    older_url: str = ""
    query: str = ""
    """Of the view that is shown: it goes along to the cases."""
    fields: Sequence[tuple[str, str]] = ()
    """The same for forms."""
    total: int = 0
    can_work: bool = False
    can_decide_many: bool = False
    filtered: bool = False


class ContentView(msgspec.Struct, frozen=True, kw_only=True):
    """What a case is about, as it is now."""

    kind: str
    gone: bool = False
    url: str = ""
    created_at: int = 0
    content: Markup = Markup("")
    warned: str = ""
    language: str = ""
    pictures: Sequence[PictureView] = ()
    visibility: str = ""
    replies: int = 0
    reblogs: int = 0
    favourites: int = 0
    followers: int = 0
    answers_url: str = ""
    """The post that it answers."""
    fields: Sequence[FieldView] = ()
    header: PictureView | None = None
    avatar: PictureView | None = None


class HoldView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is in force already."""

    words: str
    ends_at: int = 0
    lasts: bool = True
    """Whether it goes on until something ends it."""
    decision_url: str = ""


class HoldLine(msgspec.Struct, frozen=True, kw_only=True):
    """That something is kept as it was reported, and until when. Times are UTC ms, 0: never."""

    url: str
    kind: str
    category: str
    taken_at: int
    until: int
    ordered_until: int = 0
    gone_at: int = 0
    since: str = ""
    """What became of it since then, in two words."""


class DecisionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in a list."""

    id: str
    url: str
    words: str
    category: str
    state: str
    state_words: str
    at: int
    by: str = ""
    subjects: int = 1
    done: int = 0
    strikes: int = 0
    facts: str = ""

    def percent(self) -> int:
        """How much of it is carried out."""
        return 100 * self.done // self.subjects if self.subjects else 100


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    """Whose it is, and where they stand."""

    author: AuthorView | None = None
    since: int = 0
    posts: int = 0
    followers: int = 0
    points: int = 0
    next_words: str = ""
    """What comes when more is added."""
    holds: Sequence[HoldView] = ()
    decisions: Sequence[DecisionLine] = ()
    cases: Sequence[CaseLine] = ()
    """Other open cases about them."""


class SaidView(msgspec.Struct, frozen=True, kw_only=True):
    """One report. Times are UTC ms."""

    addresses: Sequence[str] = ()
    """What somebody from outside named, as they typed it."""
    warned_at: int = 0
    set_aside_until: int = 0
    by_member: bool = False

    id: str
    by: str
    category: str
    comment: str
    weight: str
    at: int
    rules: Sequence[str] = ()


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a case."""

    at: int
    words: str
    by: str = ""
    note: str = ""


class CasePage(ConsolePage, frozen=True, kw_only=True):
    """One case, and the forms for what can be done with it. Fields of `form`: see the desk."""

    template: ClassVar[str] = "console/case.html"

    case: CaseLine
    content: ContentView
    kept: Sequence[HoldLine] = ()
    """What is kept of it as it was reported."""
    standing: StandingView
    reports: Sequence[SaidView] = ()
    reports_count: int = 0
    events: Sequence[EventView] = ()
    panel: PanelNote = PanelNote()
    judgements: Sequence[JudgementView] = ()
    """What signals found in its words."""
    holds: Sequence[HoldView] = ()
    """What is in force for the subject."""
    held_until: int = 0
    decision_url: str = ""
    merged_url: str = ""
    cluster_url: str = ""
    """The cases that are nearly the same."""
    outlier: Sequence[str] = ()
    """Why it is not decided with them."""
    desk: "DeskView | None" = None
    """The decide form; none for those who may not, or where there is nothing to decide."""
    note: Form = Form()
    team: Sequence[Option] = ()
    categories: Sequence[Option] = ()
    mergeable: Sequence[CaseLine] = ()
    fields: Sequence[tuple[str, str]] = ()
    back_url: str = "/console"
    can_work: bool = False
    can_undo: bool = False
    can_judge_reporters: bool = False
    bank_url: str = ""
    """Where its files go into a bank of hashes; empty where it has none."""
    ahead: Sequence[str] = ()
    """Pictures of the case that comes next, to be loaded beforehand."""

    def called(self) -> str:
        """Name the case."""
        return self.case.called()


class ActionOption(msgspec.Struct, frozen=True, kw_only=True):
    """An action that can be chosen, and the number that chooses it."""

    kind: str
    label: str
    hint: str
    key: str = ""
    ends: bool = True
    """It can end by itself."""
    chosen: bool = False
    end: str = ""
    group: str = ""


class DeskView(msgspec.Struct, frozen=True, kw_only=True):
    """The form in which something is decided."""

    form: Form
    actions: Sequence[ActionOption]
    ends: Sequence[Option]
    categories: Sequence[Option]
    clauses: Sequence[Option]
    templates: Sequence[Option]
    languages: Sequence[Option]
    profile_fields: Sequence[Option]
    chosen_fields: Sequence[str] = ()
    cases: Sequence[str] = ()
    cluster: str = ""
    """It is about all that is open of this cluster."""
    stands: Sequence[Option] = ()
    """For how long later copies of it can be decided the same way."""
    fields: Sequence[tuple[str, str]] = ()
    wide: bool = False
    """It is about several cases."""
    points: str = ""
    """What strikes would do, in words."""


class ConfirmPage(ConsolePage, frozen=True, kw_only=True):
    """What is about to be decided, once more."""

    template: ClassVar[str] = "console/confirm.html"
    title: ClassVar[str] = "Decide?"

    acts: Sequence[HoldView]
    about: Sequence[CaseLine]
    about_count: int
    ground: str
    category: str
    facts: str
    words: str
    note: str
    strikes: Sequence[str] = ()
    """What each member's strikes come to."""
    proposed: bool = False
    """A second person has to agree."""
    stands: str = ""
    """What is to happen to later copies, in words."""
    nearly: bool = False
    """The cases are a cluster, and those that are shown some of it."""
    fields: Sequence[tuple[str, str]] = ()
    back_url: str = ""


class TogetherPage(ConsolePage, frozen=True, kw_only=True):
    """Several cases, decided at once."""

    template: ClassVar[str] = "console/together.html"
    title: ClassVar[str] = "Decide together"

    cases: Sequence[CaseLine]
    desk: DeskView
    two_above: int = 50


class DecisionsPage(ConsolePage, frozen=True, kw_only=True):
    """What was decided, the newest first."""

    template: ClassVar[str] = "console/decisions.html"
    title: ClassVar[str] = "Decisions"

    views: Sequence[Tab]
    decisions: Sequence[DecisionLine]
    pager: Pager = Pager()
    waiting: bool = False


class LastingView(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that later copies meet as well, or did. Times are UTC ms."""

    id: str
    decision_url: str
    cluster_url: str
    done: int
    most: int
    ends_at: int
    ended_at: int = 0
    stands: bool = True


class DecisionPage(ConsolePage, frozen=True, kw_only=True):
    """One decision: what, why, about what, how far it is."""

    template: ClassVar[str] = "console/decision.html"

    decision: DecisionLine
    acts: Sequence[HoldView]
    ground: str
    words: str = ""
    note: str = ""
    second: str = ""
    cases: Sequence[CaseLine] = ()
    undoes_url: str = ""
    undone_url: str = ""
    can_agree: bool = False
    can_refuse: bool = False
    can_undo: bool = False
    own: bool = False
    form: Form = Form()
    cluster_url: str = ""
    lasting: LastingView | None = None
    """Whether later copies of its cluster meet it as well."""
    stands: Sequence[Option] = ()
    """For how long they can be let meet it; none where they can't."""

    def called(self) -> str:
        """Name it."""
        return f"Decision: {self.decision.words}"
