"""What letters say, as text and as simple HTML, in the language of whoever gets them."""

from collections.abc import Sequence
from enum import StrEnum
from html import escape

import msgspec

from rostra.outside.mail import Mail
from rostra.outside.translations import known, said
from rostra.outside.translations import noted as _


class Purpose(StrEnum):
    """What a letter is about, and what its secret is for."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE = "change"
    WELCOME = "welcome"  # approved: no secret
    ARCHIVE = "archive"  # it is ready: no secret
    NOT_POSTED = "not_posted"  # a scheduled post failed: no secret
    LEAVING = "leaving"  # the account is hidden: no secret
    REFUSED = "refused"  # not let in: no secret
    # What opens the account has changed; none of them has a secret.
    NEW_ADDRESS = "new_address"
    OTHER_WAY_IN = "other_way_in"  # a new password
    NEW_PASSKEY = "new_passkey"
    STEP_OFF = "step_off"


class Words(msgspec.Struct, frozen=True):
    """A letter before it is anybody's: English, with names in braces."""

    subject: str
    before: str
    link: str  # a path, with the secret where there is one
    label: str  # of the link, in HTML
    after: str = ""


_GREETING = _("Hello {name},")
_NOTE = _("They write:")
_NOT_YOU = _(
    "If this was not you, change your password at once: somebody else is signed in as you."
)
WORDS = {
    Purpose.CONFIRM: Words(
        _("Confirm your address"),
        _("please confirm that this is your address:"),
        "/confirm?token={token}",
        _("Confirm the address"),
        _("The link works for 7 days. If you did not sign up at {title}, ignore this letter."),
    ),
    Purpose.RESET: Words(
        _("Set a new password"),
        _("set a new password here:"),
        "/reset?token={token}",
        _("Set a new password"),
        _(
            "The link works once, for 2 hours. All your browsers and apps will be signed out, and "
            "your passkeys forgotten. If you did not ask for it, ignore this letter; your password "
            "stays as it is."
        ),
    ),
    Purpose.CHANGE: Words(
        _("Confirm your new address"),
        _("please confirm that this is your new address:"),
        "/confirm?token={token}",
        _("Confirm the address"),
        _("The link works for 2 days. If you did not ask for it, ignore this letter."),
    ),
    Purpose.WELCOME: Words(
        _("You are in"),
        _("the operators of {title} have let you in:"),
        "/sign-in",
        _("Sign in"),
    ),
    Purpose.REFUSED: Words(
        _("Your application"),
        _(
            "the operators of {title} have not let you in. All that you sent with your application "
            "is deleted."
        ),
        "/about",
        _("About {title}"),
    ),
    Purpose.LEAVING: Words(
        _("Your account will be deleted"),
        _(
            "your account at {title} is hidden now, and will be deleted in {days} days. To keep "
            "it, sign in before that:"
        ),
        "/sign-in",
        _("Sign in"),
        _("If this was not you, sign in and change your password."),
    ),
    Purpose.ARCHIVE: Words(
        _("Your archive is ready"),
        _("the archive of all that is yours at {title} is ready:"),
        "/settings/data",
        _("Go to your data"),
        _("If you did not ask for it, change your password: somebody else is signed in as you."),
    ),
    Purpose.NEW_ADDRESS: Words(
        _("Your address has changed"),
        _("your account at {title} has another e-mail address now. Letters go to that one alone."),
        "/about",
        _("About {title}"),
        _(
            "If this was not you, write to the operators at once: somebody else is signed in as "
            "you."
        ),
    ),
    Purpose.OTHER_WAY_IN: Words(
        _("Your password has changed"),
        _(
            "your account at {title} has a new password. All other browsers and apps are signed "
            "out. If this was not you, set another one at once:"
        ),
        "/forgotten",
        _("Set a new password"),
    ),
    Purpose.NEW_PASSKEY: Words(
        _("A new passkey"),
        _("a passkey was added to your account at {title}. It opens it without a password."),
        "/settings/passkeys",
        _("See your passkeys"),
        _NOT_YOU,
    ),
    Purpose.STEP_OFF: Words(
        _("Two-step sign-in is off"),
        _("your account at {title} is opened by its password alone from now on."),
        "/settings/two-factor",
        _("Switch it on again"),
        _NOT_YOU,
    ),
    Purpose.NOT_POSTED: Words(
        _("A scheduled post could not be published"),
        _(
            "a post that you scheduled at {title} could not be published. See why, and post it at "
            "another time, or not at all:"
        ),
        "/scheduled",
        _("See your scheduled posts"),
    ),
}


class Facts(msgspec.Struct, frozen=True):
    """What the names in braces stand for."""

    name: str
    title: str  # of the place
    base: str  # its address, without a slash at the end
    token: str = ""
    days: int = 0
    note: str = ""  # what somebody adds in their own words


def written(purpose: Purpose, to: str, locale: str, facts: Facts) -> Mail:
    """A letter in the language of its reader."""
    words, given = WORDS[purpose], msgspec.structs.asdict(facts)

    def say(text: str) -> str:
        return said(locale, text).format(**given) if text else ""

    link = facts.base + words.link.format(**given)
    subject = f"{say(words.subject)} - {facts.title}"
    greeting, before, after = say(_GREETING), say(words.before), say(words.after)
    note = (say(_NOTE), facts.note) if facts.note else ()
    return composed(
        to,
        locale,
        subject=subject,
        before=[part for part in (greeting, before, *note) if part],
        link=link,
        label=say(words.label),
        after=[after] if after else [],
    )


def composed(
    to: str,
    locale: str,
    *,
    subject: str,
    before: Sequence[str],
    link: str = "",
    label: str = "",
    after: Sequence[str] = (),
) -> Mail:
    """A letter of paragraphs that are said already, around a link where there is one."""
    language, subject = known(locale), subject[:200]
    parts = [*before, *((link,) if link else ()), *after]
    shown = [*map(_paragraph, before), *((_button(link, label),) if link else ())]
    shown += map(_paragraph, after)
    text = "\n\n".join(parts) + "\n"
    return Mail(to, subject, text, html=_page(language, subject, shown), language=language)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def _button(link: str, label: str) -> str:
    """A link that looks like one, and its address for those who would rather copy it."""
    address = escape(link)
    style = "display:inline-block;padding:12px 20px;border-radius:6px;background:#a33223;color:#fff"
    return (
        f'<p><a href="{address}" style="{style}">{escape(label)}</a></p>'
        f'<p style="font-size:13px;color:#666;word-break:break-all">{address}</p>'
    )


def _page(language: str, title: str, parts: list[str]) -> str:
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>"
        '<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:1.5em auto;'
        'padding:0 1em">\n' + "\n".join(parts) + "\n</body></html>\n"
    )
