"""Outgoing mail: a port with an SMTP server, a list in memory, or nothing behind it."""

import asyncio
import re
import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol

import msgspec

from rostra.kernel.clock import Clock
from rostra.kernel.errors import Invalid, RostraError, Unavailable
from rostra.outside.egress import Egress
from rostra.settings import Settings

CHANNEL = "mail"

# An address without quotes, routes, comments and percent signs: the forms that mail servers
# understand in different ways.
_LOCAL = re.compile(r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}>")  # RFC 5322, 3.6.4: printable ASCII, no blanks
_LONGEST_ADDRESS = 254
_LONGEST_LOCAL = 64
_LONGEST_SUBJECT = 200
_PERMANENT = 500


class Mail(msgspec.Struct, frozen=True):
    """One letter in plain text, and the same as HTML where there is some."""

    to: str
    subject: str
    text: str
    html: str = ""
    language: str = ""  # of all of it, such as `de`
    message_id: str = ""  # empty: one is made
    answers: tuple[str, ...] = ()  # message ids of the thread, the oldest first
    dated_at: int = 0  # UTC ms; 0: when it is sent
    by_hand: bool = False  # a person has written it


class MailRefused(RostraError):
    """The mail server will not take this letter, now or later."""

    status = 422
    default_safe = "The mail could not be delivered"
    default_code = "mail_refused"


class Mailer(Protocol):
    """Where letters go."""

    @property
    def configured(self) -> bool:
        """Whether letters reach anybody; if not, nothing may wait for a confirmation by mail."""
        ...

    async def send(self, mail: Mail) -> None:
        """Hand a letter over.

        Raises:
            Invalid: on `email` or `subject`: the address or the subject can't be used.
            Unavailable: not now; try again later.
            MailRefused: never.
        """
        ...


class NoMailer:
    """Mail is not configured."""

    configured = False

    async def send(self, mail: Mail) -> None:
        """Refuse with Unavailable: whoever sends mail asks `configured` first."""
        raise Unavailable(3600, inside=f"mail is not configured; not sent: {mail.subject!r}")


class MemoryMailer:
    """Keeps letters in a list."""

    configured = True

    def __init__(self, egress: Egress | None = None) -> None:
        self._egress = egress
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        """Put it into the list, after the same checks as for a real one."""
        compose(mail, "Rostra <rostra@localhost>", 0)
        if self._egress:
            self._egress.check(CHANNEL)
        self.sent.append(mail)


class SmtpMailer:
    """Hands letters to an SMTP server, one connection a letter, in a thread."""

    configured = True

    def __init__(
        self,
        settings: Settings,
        egress: Egress,
        clock: Clock,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare; nothing is connected yet.

        Args:
            settings: `mail.*`, and the domain for the sender.
            egress: asked for the channel "mail" before each letter.
            clock: dates the letters.
            tls: which certificates are believed; without it those the system believes.
        """
        self._settings = settings.mail
        self._sender = settings.mail_from
        self._egress = egress
        self._clock = clock
        self._tls = tls or ssl.create_default_context()

    async def send(self, mail: Mail) -> None:
        """Hand a letter over; see `Mailer.send`."""
        message = compose(mail, self._sender, self._clock.now())
        self._egress.check(CHANNEL)
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                await asyncio.to_thread(self._deliver, message)
        except (smtplib.SMTPException, OSError) as error:
            raise _failure(error) from error

    def _deliver(self, message: EmailMessage) -> None:
        settings = self._settings
        with self._connected() as server:
            if settings.tls == "starttls":
                server.starttls(context=self._tls)
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout_s
        if self._settings.tls == "implicit":
            return smtplib.SMTP_SSL(host, port, timeout=timeout, context=self._tls)
        return smtplib.SMTP(host, port, timeout=timeout)


def mailer(settings: Settings, egress: Egress, clock: Clock) -> Mailer:
    """The mailer these settings ask for: `NoMailer` without `mail.host`."""
    return SmtpMailer(settings, egress, clock) if settings.mail.host else NoMailer()


def compose(mail: Mail, sender: str, now_ms: int) -> EmailMessage:
    """Write the letter as it goes out.

    Raises:
        Invalid: on `email` or `subject`: an address that is not one plain address, line breaks or
            control characters in the subject, or a subject of more than 200 characters. On
            `message_id`: one of the letter or of its thread is none.
    """
    if len(mail.subject) > _LONGEST_SUBJECT or not mail.subject.isprintable():
        raise Invalid("subject", "can't be used as the subject of a mail")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = checked_address(mail.to)
    message["Subject"] = mail.subject
    dated_at = mail.dated_at or now_ms
    message["Date"] = format_datetime(datetime.fromtimestamp(dated_at / 1000, UTC))
    message["Message-ID"] = _checked_id(mail.message_id) if mail.message_id else new_id(sender)
    if mail.answers:
        ids = [_checked_id(each) for each in mail.answers]
        message["In-Reply-To"] = ids[-1]
        message["References"] = " ".join(ids)
    if not mail.by_hand:
        # Keeps vacation replies from answering a machine (RFC 3834).
        message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.language:  # last: what is there before goes to the first part
        message["Content-Language"] = mail.language
    return message


def new_id(sender: str) -> str:
    """A message id for a letter of this sender."""
    return make_msgid(domain=sender.rpartition("@")[2].rstrip("> "))


def _checked_id(text: str) -> str:
    if not _MESSAGE_ID.fullmatch(text):
        raise Invalid("message_id", "is not one")
    return text


def checked_address(text: str) -> str:
    """The one plain address in a text, with its domain in ASCII and lower case.

    Raises:
        Invalid: on `email`: no address, several, or one with quotes, a route or a percent sign.
    """
    local, _, domain = text.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        ascii_domain = ""
    plain = f"{local}@{ascii_domain}"
    if (
        not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(ascii_domain)
        or len(local) > _LONGEST_LOCAL
        or len(plain) > _LONGEST_ADDRESS
    ):
        raise Invalid("email", "is not a valid e-mail address")
    return plain


def _failure(error: Exception) -> RostraError:
    """A refusal for good (SMTP 5xx for this letter) or a trouble that passes."""
    inside = f"the mail server: {error!r}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        if codes and min(codes) >= _PERMANENT:
            return MailRefused(inside)
    if (
        isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
        and error.smtp_code >= _PERMANENT
    ):
        return MailRefused(inside)
    return Unavailable(60, inside=inside)
