"""Pages about the place, and pages for when something is wrong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import ClassVar

from markupsafe import Markup

from rostra.web.views.forms import Form
from rostra.web.views.parts import AuthorView, RuleView
from rostra.web.views.shell import Head, Layout, Page, Site


class AboutPage(Page, frozen=True, kw_only=True):
    """What this place is, its rules, and who runs it."""

    template: ClassVar[str] = "about/about.html"
    title: ClassVar[str] = "About"
    section: ClassVar[str] = "about"
    public: ClassVar[bool] = True

    extended: Markup
    rules: Sequence[RuleView]
    contact: AuthorView | None = None


class DocumentPage(Page, frozen=True, kw_only=True):
    """Terms or privacy: a long text by the operator."""

    template: ClassVar[str] = "about/document.html"
    section: ClassVar[str] = "about"
    public: ClassVar[bool] = True

    heading: str
    body: Markup
    updated_at: int = 0
    path: str = "/about/terms"

    def head(self, site: Site) -> Head:
        """Name the document."""
        return Head(title=self.heading, canonical=f"{site.base_url}{self.path}")


class AcceptTermsPage(Page, frozen=True, kw_only=True):
    """New terms, which a member accepts before going on. Fields: version, next."""

    template: ClassVar[str] = "about/accept_terms.html"
    title: ClassVar[str] = "New terms"
    layout: ClassVar[Layout] = "narrow"

    body: Markup
    version: str
    effective_at: int
    changelog: Markup = Markup()
    next_url: str = "/home"
    form: Form = Form()


ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("That request makes no sense here", "Something in it was missing or malformed."),
    401: ("Please sign in", "This page is only for members."),
    403: ("That is not allowed", "You may be signed out, or the page was open for too long."),
    404: (
        "Nothing here",
        "The page may have been deleted, may never have existed, or may not be for everyone.",
    ),
    405: ("Not like that", "This address does not answer this kind of request."),
    409: ("Somebody was faster", "The thing you changed was changed in the meantime."),
    410: ("Gone", "This was deleted for good."),
    413: ("Too large", "What you sent is larger than this place accepts."),
    415: ("Unknown kind of file", "This place can't work with that kind of content."),
    422: ("That does not work", "Something in the form is not right."),
    429: ("A little slower, please", "Too many requests came from you. Wait a moment."),
    500: ("Our fault", "Something broke on our side. It was written down, and we will look."),
    503: (
        "Back in a moment",
        "This place is being looked after and takes no changes right now. Reading may work.",
    ),
}


class ErrorPage(Page, frozen=True, kw_only=True):
    """Something is wrong; what, and what can be done."""

    template: ClassVar[str] = "error.html"
    layout: ClassVar[Layout] = "narrow"

    status: int
    message: str = ""
    """A safe sentence; empty for the usual words of the status."""
    retry_after_s: int = 0

    def heading(self) -> str:
        """Say it in a few words."""
        return self._usual()[0]

    def words(self) -> str:
        """Say it in a sentence."""
        return self.message or self._usual()[1]

    def _usual(self) -> tuple[str, str]:
        family = 500 if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400
        return ERRORS.get(self.status, ERRORS[family])

    def called(self) -> str:
        """Name the error."""
        return self.heading()
