"""The rules of the house in the console: texts, order, what each is about."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.console import ConsolePage
from rostra.web.views.forms import Form, Option


class RuleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, and the form that changes it. Fields: text, hint, harm, place."""

    id: str
    url: str
    form: Form
    open: bool = False
    languages: Sequence[str] = ()
    """In which others it is said as well."""


class HouseRulesPage(ConsolePage, frozen=True, kw_only=True):
    """The rules. Fields of `form`, for a new one: text, hint, harm."""

    template: ClassVar[str] = "console/rules.html"
    title: ClassVar[str] = "Rules of the house"

    rules: Sequence[RuleRow]
    harms: Sequence[Option]
    form: Form = Form()
