"""What members take along as files and bring in from elsewhere."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form, Option
from rostra.web.views.parts import Tab
from rostra.web.views.settings import SettingsPage


class ImportView(msgspec.Struct, frozen=True, kw_only=True):
    """What was brought in, and how far it is. Times are UTC ms.

    `state` is `shown`, `running`, `done` or `cancelled`.
    """

    id: str
    label: str
    state: str
    created_at: int
    total: int
    file_name: str = ""
    replaces: bool = False
    done: int = 0
    made: int = 0
    same: int = 0
    asked: int = 0
    failed: int = 0
    removed: int = 0
    removing: bool = False
    waits_until: int = 0


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a file: what stands in it, or what is wrong with it."""

    number: int
    words: str
    why: str = ""


class ImportsPage(SettingsPage, frozen=True, kw_only=True):
    """The form for a file, and what was brought in. Fields: kind, file, mode."""

    template: ClassVar[str] = "settings/imports.html"
    title: ClassVar[str] = "Your data"
    part: ClassVar[str] = "data"

    tabs: Sequence[Tab]
    kinds: Sequence[Option]
    imports: Sequence[ImportView] = ()
    form: Form = Form(values={"mode": "merge"})
    most_lines: int = 0
    most_bytes: int = 0
    modes: Sequence[Option] = (
        Option("merge", "Add to what I have"),
        Option("replace", "Put it in place of what I have", "What the file does not name goes"),
    )


class ImportPage(SettingsPage, frozen=True, kw_only=True):
    """One import: what it holds before the yes, and what has become of it."""

    template: ClassVar[str] = "settings/import.html"
    title: ClassVar[str] = "Your data"
    part: ClassVar[str] = "data"

    tabs: Sequence[Tab]
    item: ImportView
    looks_like: str = ""
    """The kind that the file looks like, where it is another."""
    now_there: int = 0
    """How much of it the member has."""
    going: str = ""
    """How much of that the file would take away, in words."""
    note: str = ""
    first: Sequence[LineView] = ()
    wrong: Sequence[LineView] = ()
