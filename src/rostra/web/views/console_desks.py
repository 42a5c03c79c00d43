"""The notice desk and the appeals of the console: letters with their answers, objections."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import CaseLine, ConsolePage, DecisionLine, HoldView, ReasonView
from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import AuthorView, Tab


class LetterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in a list. Times are UTC ms."""

    id: str
    url: str
    sender: str
    kind: str
    """What its sender is, in words."""
    subject: str
    reference: str
    category: str
    state: str
    """`open`, `answered` or `closed`."""
    due: ReasonView
    due_at: int
    named: bool
    """The letter itself says until when."""
    received_at: int
    addresses: int
    unlinked: int = 0
    times: int = 1

    def called(self) -> str:
        """Name it in a few words."""
        return self.subject or f"Letter of {self.sender}"


class LettersPage(ConsolePage, frozen=True, kw_only=True):
    """Letters, those that are due first. Fields of `form`: words, form; the file is `file`."""

    template: ClassVar[str] = "console/letters.html"
    title: ClassVar[str] = "Letters"

    views: Sequence[Tab]
    letters: Sequence[LetterLine]
    form: Form = Form()
    older_url: str = ""
    short: int = 0
    """How many of these are due within hours, or were."""


class AddressLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a letter names."""

    url: str
    kind: str
    """Post, Account or Attachment; empty: unknown."""
    words: str
    tone: str = ""
    case_url: str = ""
    case_words: str = ""
    look_alike: bool = False
    enclosed: bool = False


class MessageLine(msgspec.Struct, frozen=True, kw_only=True):
    """What came or went."""

    url: str
    words: str
    at: int
    by: str = ""
    subject: str = ""
    failure: str = ""


class LetterPage(ConsolePage, frozen=True, kw_only=True):
    """One letter. Fields of `draft`: to, subject, text, language; of `correct`: sender_kind,
    reference, deadline_at; of `close`: why."""  # noqa: D205, D209 (the fields, in one sentence)

    template: ClassVar[str] = "console/letter.html"

    letter: LetterLine
    body: str = ""
    sender_email: str = ""
    deadline_words: str = ""
    flaws: Sequence[str] = ()
    addresses: Sequence[AddressLine] = ()
    more_url: str = ""
    messages: Sequence[MessageLine] = ()
    draft: Form | None = None
    """None where the letter is closed."""
    open_count: int = 0
    """Addresses that nobody has decided on."""
    correct: Form = Form()
    close: Form = Form()
    kinds: Sequence[Option] = ()
    languages: Sequence[Option] = ()
    can_send: bool = True
    closed_why: str = ""

    def called(self) -> str:
        """Name it."""
        return self.letter.called()


class SendPage(ConsolePage, frozen=True, kw_only=True):
    """An answer that is about to be sent, once more."""

    template: ClassVar[str] = "console/letter_send.html"
    title: ClassVar[str] = "Send it?"

    letter: LetterLine
    to: str
    subject: str
    text: str
    open_count: int = 0
    fields: Sequence[tuple[str, str]] = ()


class MessagePage(ConsolePage, frozen=True, kw_only=True):
    """What came or went, exactly."""

    template: ClassVar[str] = "console/message.html"

    message: MessageLine
    letter_url: str
    raw: str
    cut: bool = False
    """There is more of it than is shown."""
    download_url: str = ""

    def called(self) -> str:
        """Name it."""
        return self.message.words


class AppealLine(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal in a list. Times are UTC ms."""

    id: str
    url: str
    author: AuthorView | None
    text: str
    decided: str
    """What was decided, in words."""
    category: str
    by_reporter: bool
    due: ReasonView
    created_at: int
    barred: bool = False
    """Whoever looks at it had a part in the decision, or said it themselves."""


class AppealsPage(ConsolePage, frozen=True, kw_only=True):
    """Appeals that nobody has answered, those that are due first."""

    template: ClassVar[str] = "console/appeals.html"
    title: ClassVar[str] = "Appeals"

    appeals: Sequence[AppealLine]
    older_url: str = ""


class AppealPage(ConsolePage, frozen=True, kw_only=True):
    """One appeal. Fields of `form`: outcome (`upheld`, `rejected`), reasons."""

    template: ClassVar[str] = "console/appeal.html"

    appeal: AppealLine
    decision: DecisionLine
    acts: Sequence[HoldView] = ()
    ground: str = ""
    words: str = ""
    """What the member was told beyond the facts."""
    cases: Sequence[CaseLine] = ()
    form: Form | None = None
    """None where it is answered, or not theirs to answer."""
    state: str = "open"
    answer: str = ""
    answered_at: int = 0
    answered_by: str = ""
    undo_url: str = ""
    many: bool = False
    """The decision was about others too, for whom it stays."""

    def called(self) -> str:
        """Name it."""
        return f"Appeal against: {self.decision.words}"


class AnswerPage(ConsolePage, frozen=True, kw_only=True):
    """An answer to an appeal, once more."""

    template: ClassVar[str] = "console/appeal_answer.html"
    title: ClassVar[str] = "Answer it?"

    appeal: AppealLine
    upheld: bool
    reasons: str
    effect: str
    fields: Sequence[tuple[str, str]] = ()
