"""The console: what was reported, as it was seen."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage, HoldLine
from rostra.web.views.forms import Form
from rostra.web.views.parts import Pager, PictureView


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log."""

    words: str
    at: int
    by: str = ""
    why: str = ""
    until: int = 0
    url: str = ""


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is kept."""

    picture: PictureView
    sha256: str = ""
    size: int = 0


class KeptOther(msgspec.Struct, frozen=True, kw_only=True):
    """A post that stood around it."""

    label: str
    acct: str
    text: str
    at: int
    warned: str = ""


class KeptView(msgspec.Struct, frozen=True, kw_only=True):
    """What a hold keeps."""

    acct: str
    fingerprint: str
    name: str = ""
    text: str = ""
    warned: str = ""
    language: str = ""
    visibility: str = ""
    created_at: int = 0
    edited_at: int = 0
    versions: int = 0
    options: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    others: Sequence[KeptOther] = ()
    thread_url: str = ""
    files: Sequence[KeptFile] = ()


class EvidencePage(ConsolePage, frozen=True, kw_only=True):
    """One hold: a reason first, then what it keeps."""

    template: ClassVar[str] = "console/evidence.html"
    title: ClassVar[str] = "As it was reported"

    at: str
    hold: HoldLine
    case_urls: Sequence[str] = ()
    kept: KeptView | None = None
    entries: Sequence[EntryView] = ()
    reads_log: bool = False
    can_open: bool = False
    can_extend: bool = False
    can_release: bool = False
    form: Form = Form()
    which: str = ""
    """The form that was typed into: `open`, `extend` or `release`."""

    def typed(self, name: str) -> Form:
        """Return what was typed into the form of this name."""
        return self.form if self.which == name else Form()


class EvidencesPage(ConsolePage, frozen=True, kw_only=True):
    """What is kept, and what was done with it."""

    template: ClassVar[str] = "console/evidences.html"
    title: ClassVar[str] = "What is kept"

    holds: Sequence[HoldLine]
    entries: Sequence[EntryView] = ()
    reads_log: bool = False
    gone: bool = False
    pager: Pager = Pager()
