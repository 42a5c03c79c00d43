"""Banks of hashes in the console."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class BankLine(msgspec.Struct, frozen=True, kw_only=True):
    """A bank in a list. `share`: of its matches, in words; empty: all."""

    url: str
    name: str
    category: str
    note: str = ""
    wish: str = ""
    enabled: bool = True
    share: str = ""
    hashes: int = 0


class HashLine(msgspec.Struct, frozen=True, kw_only=True):
    """A hash, and where its switch is. `state`: on, off or quarantined."""

    id: str
    url: str
    kind: str
    hash: str
    state: str
    note: str = ""
    reason: str = ""
    until: int = 0
    matches: int = 0
    bank: str = ""
    bank_url: str = ""
    vetted: bool = False


class MatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was met. `post_url` empty: no post shows it yet."""

    at: int
    words: str
    post_url: str = ""


class BackLine(msgspec.Struct, frozen=True, kw_only=True):
    """A look at earlier uploads; `stop_url` while it goes on."""

    at: int
    words: str
    stop_url: str = ""


class BanksPage(ConsolePage, frozen=True, kw_only=True):
    """All banks. Fields of `form`, for a new one: name, category, wish, share, note."""

    template: ClassVar[str] = "console/banks.html"
    title: ClassVar[str] = "Banks of hashes"

    banks: Sequence[BankLine]
    quarantined: Sequence[HashLine] = ()
    categories: Sequence[Option] = ()
    wishes: Sequence[Option] = ()
    can_keep: bool = False
    can_switch: bool = False
    form: Form = Form()


class BankPage(ConsolePage, frozen=True, kw_only=True):
    """A bank.

    Fields of `form`: name, category, wish, share, note, enabled; of `hash_form`: kind, hash, note,
    reason; of `list_form`: kind, csv, reason.
    """

    template: ClassVar[str] = "console/bank.html"
    title: ClassVar[str] = "A bank of hashes"

    bank: BankLine
    hashes: Sequence[HashLine]
    matches: Sequence[MatchLine] = ()
    backs: Sequence[BackLine] = ()
    older_url: str = ""
    categories: Sequence[Option] = ()
    wishes: Sequence[Option] = ()
    kinds: Sequence[Option] = ()
    can_keep: bool = False
    can_switch: bool = False
    form: Form = Form()
    hash_form: Form = Form()
    list_form: Form = Form()


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a case that can be told again."""

    id: str
    words: str = ""
    """What its author says of it."""


class CaseBankPage(ConsolePage, frozen=True, kw_only=True):
    """Which files of a case go into which bank. Fields: bank, media, reason."""

    template: ClassVar[str] = "console/case_bank.html"
    title: ClassVar[str] = "Into a bank of hashes"

    case_url: str
    files: Sequence[CaseFile]
    banks: Sequence[Option]
    form: Form = Form()
