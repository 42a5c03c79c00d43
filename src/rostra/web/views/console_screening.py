"""Rules for screening in the console: the list, one rule, its versions, its editor."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from markupsafe import Markup

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class ScreeningRuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in the list; counts are of the last seven days."""

    name: str
    url: str
    state: str
    """`off`, `shadow` or `live`."""
    state_words: str
    version: int
    since: int
    asked: int
    caught: int
    skipped: int
    each: str
    """What one post costs on average; `-` where none was asked about."""
    spark: Markup
    faulty: str = ""


class RuleEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with a rule."""

    words: str
    reason: str
    by: str
    at: int
    bad: bool = False


class ScreeningRulesPage(ConsolePage, frozen=True, kw_only=True):
    """All rules, and what was done with them lately."""

    template: ClassVar[str] = "console/screening_rules.html"
    title: ClassVar[str] = "Rules for screening"

    rules: Sequence[ScreeningRuleRow]
    log: Sequence[RuleEvent] = ()
    may: bool = False


class SourceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a source: how it differs (`+`, `-` or nothing), what is wrong with it."""

    number: int
    text: str
    sign: str = ""
    faults: Sequence[tuple[int, str]] = ()
    """Column, and what is wrong there."""


class RuleDayRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule was asked on a day (UTC ms at which it begins), and answered."""

    at: int
    asked: int
    caught: int
    skipped: int
    each: str


class RuleVersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One of a rule's versions."""

    number: int
    url: str
    reason: str
    by: str
    at: int
    tried: bool
    current: bool = False


class RuleTryoutRow(msgspec.Struct, frozen=True, kw_only=True):
    """A try-out on the past: of what, what came of it, over what was posted since, asked when."""

    url: str
    of: str
    words: str
    since: int
    at: int


class ScreeningRulePage(ConsolePage, frozen=True, kw_only=True):
    """One rule. Fields of `switching`: state, reason, untried; of `bounds`: both, and why."""

    template: ClassVar[str] = "console/screening_rule.html"

    name: str
    url: str
    state: str
    state_words: str
    since: int
    by: str
    version: int
    description: str
    facts: Sequence[tuple[str, str]]
    lines: Sequence[SourceLine]
    days: Sequence[RuleDayRow]
    drawings: Sequence[Markup]
    versions: Sequence[RuleVersionRow]
    log: Sequence[RuleEvent]
    within: str
    states: Sequence[Option]
    switching: Form = Form()
    bounds: Form = Form()
    bounds_open: bool = False
    tryouts: Sequence[RuleTryoutRow] = ()
    lacks: str = ""
    """What the version that holds was not tried on; empty: it may go live."""
    may_untried: bool = False
    may: bool = False

    def called(self) -> str:
        """Its name."""
        return self.name


class WordGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Words of the language of one kind: name, form, what it is."""

    kind: str
    words: Sequence[tuple[str, str, str]]


class ScreeningEditPage(ConsolePage, frozen=True, kw_only=True):
    """The editor. Fields: name, source, reason, version, stay_live, most_an_hour, jump."""

    template: ClassVar[str] = "console/screening_edit.html"
    title: ClassVar[str] = "A rule for screening"

    name: str
    """Of a rule that is changed; empty: a new one."""
    url: str
    back: str
    form: Form
    groups: Sequence[WordGroup]
    live: bool = False
    """It is live, and whoever asks may have it stay so."""
    lines: Sequence[SourceLine] = ()
    """The source with its faults; nothing where it has none."""


class ScreeningVersionPage(ConsolePage, frozen=True, kw_only=True):
    """A version of a rule, as it differs from another one."""

    template: ClassVar[str] = "console/screening_version.html"
    title: ClassVar[str] = "A version of a rule"

    name: str
    url: str
    shown: RuleVersionRow
    against: int
    """The number of the other one; 0: there is none."""
    others: Sequence[RuleVersionRow]
    lines: Sequence[SourceLine]
