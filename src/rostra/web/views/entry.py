"""Pages on the way in: sign up, sign in, second step, reset, authorise."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from rostra.web.views.forms import Form
from rostra.web.views.parts import RuleView
from rostra.web.views.shell import Head, Layout, Page, Site


class EntryPage(Page, frozen=True, kw_only=True):
    """A narrow page with one form."""

    layout: ClassVar[Layout] = "narrow"


class SignUpPage(EntryPage, frozen=True, kw_only=True):
    """Sign-up.

    Fields: username, email, password, reason, invite_code, date_of_birth, agreement, terms_version.
    """

    template: ClassVar[str] = "entry/sign_up.html"
    title: ClassVar[str] = "Join"
    public: ClassVar[bool] = True

    form: Form = Form()
    rules: Sequence[RuleView] = ()
    terms_url: str = "/about/terms"
    privacy_url: str = "/about/privacy"
    terms_version: str = ""
    ask_email: bool = True
    """Whether there must be an address; else it is up to them."""
    ask_reason: bool = False
    ask_invite: bool = False
    invite_code: str = ""
    """Of a link that is good; then it is not typed in."""
    inviter: str = ""
    """Who invited, where the link said so."""
    minimum_age: int = 0
    min_password: int = 8

    def head(self, site: Site) -> Head:
        """Describe the place to somebody who is sent here."""
        return Head(
            title=f"Join {site.title}",
            description=site.description,
            canonical=f"{site.base_url}/join",
            image=site.image_url,
        )


class NoticePage(EntryPage, frozen=True, kw_only=True):
    """A short message between two steps: check your mail, wait for approval, signed out."""

    template: ClassVar[str] = "entry/notice.html"

    heading: str
    paragraphs: Sequence[str]
    icon: str = "mail"
    action_label: str = ""
    action_url: str = ""
    resend_action: str = ""
    """Where a form posts to send the mail again; empty for none."""
    resend_label: str = "Send the mail again"
    resend_first: bool = False
    """Whether that form is what the page is for, rather than a way out."""

    def called(self) -> str:
        """Name the message."""
        return self.heading


class SignInPage(EntryPage, frozen=True, kw_only=True):
    """Sign-in. Fields: login, password, next."""

    template: ClassVar[str] = "entry/sign_in.html"
    title: ClassVar[str] = "Sign in"

    form: Form = Form()
    next_url: str = ""
    for_app: str = ""
    """Name of the app that asks, on the way to the authorise page."""


class TotpPage(EntryPage, frozen=True, kw_only=True):
    """The second step of signing in. Field: code (six digits or a recovery code)."""

    template: ClassVar[str] = "entry/totp.html"
    title: ClassVar[str] = "Two-step sign-in"

    form: Form = Form()
    next_url: str = ""
    passkeys: bool = False
    """Whether a passkey may stand for the code."""


class ForgottenPage(EntryPage, frozen=True, kw_only=True):
    """Asking for a reset mail. Field: email."""

    template: ClassVar[str] = "entry/forgotten.html"
    title: ClassVar[str] = "Forgotten password"

    form: Form = Form()
    mail: bool = True
    """Whether this place sends mail at all."""


class ResetPage(EntryPage, frozen=True, kw_only=True):
    """Setting a new password. Fields: token, password, password_again."""

    template: ClassVar[str] = "entry/reset.html"
    title: ClassVar[str] = "New password"

    token: str
    form: Form = Form()


class ScopeView(msgspec.Struct, frozen=True, kw_only=True):
    """A permission in plain words."""

    name: str
    words: str
    sensitive: bool = False


class AuthorisePage(EntryPage, frozen=True, kw_only=True):
    """Consent for an app. Buttons post `decision` = allow | deny with `fields` as hidden inputs."""

    template: ClassVar[str] = "entry/authorise.html"
    title: ClassVar[str] = "Authorise app"

    app_name: str
    app_website: str
    redirect_host: str
    """Where the member is sent afterwards; empty for out-of-band."""
    scopes: Sequence[ScopeView]
    fields: Sequence[tuple[str, str]] = ()
    """Names and values of the request, carried through unchanged."""


class OutOfBandPage(EntryPage, frozen=True, kw_only=True):
    """The code to copy into an app."""

    template: ClassVar[str] = "entry/out_of_band.html"
    title: ClassVar[str] = "Authorisation code"

    code: str
    app_name: str
