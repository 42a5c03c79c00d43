import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default

import pytest
from tests.harness.loopback import listening
from tests.outside.conftest import Gate

from rostra.kernel.clock import ManualClock
from rostra.kernel.errors import Invalid, Unavailable
from rostra.outside.mail import (
    Mail,
    Mailer,
    MailRefused,
    MemoryMailer,
    NoMailer,
    SmtpMailer,
    mailer,
)
from rostra.settings import Mail as MailSettings
from rostra.settings import Settings, Site

LETTER = Mail("olive@example.org", "Confirm your address ✓", "Hello,\n\n.dot and ümlaut\n")


class SmtpServer:
    """Just enough of RFC 5321 to take a letter, or to refuse it where it is told to."""

    def __init__(self, tls: ssl.SSLContext, *, starttls: bool, refuse: dict[str, str]) -> None:
        self._tls = tls
        self._starttls = starttls
        self._refuse = refuse
        self.commands: list[str] = []
        self.letters: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 test\r\n")
            while line := await reader.readline():
                await self._obey(line.decode().strip(), reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _obey(
        self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.commands.append(line)
        verb = line.split(maxsplit=1)[0].upper()
        if verb in self._refuse:
            writer.write(self._refuse[verb].encode() + b"\r\n")
        elif verb == "EHLO":
            offer = b"250-STARTTLS\r\n" if self._starttls else b""
            writer.write(b"250-test\r\n" + offer + b"250 AUTH PLAIN\r\n")
        elif verb == "STARTTLS":
            writer.write(b"220 go\r\n")
            await writer.start_tls(self._tls)
        elif verb == "DATA":
            writer.write(b"354 go\r\n")
            letter = await reader.readuntil(b"\r\n.\r\n")
            self.letters.append(letter)
            writer.write(self._refuse.get("LETTER", "250 taken").encode() + b"\r\n")
        else:
            codes = {"AUTH": b"235 welcome\r\n", "QUIT": b"221 bye\r\n"}
            writer.write(codes.get(verb, b"250 ok\r\n"))


@asynccontextmanager
async def mail_server(
    tls: ssl.SSLContext,
    *,
    implicit: bool = False,
    starttls: bool = True,
    refuse: dict[str, str] | None = None,
) -> AsyncIterator[tuple[SmtpServer, int]]:
    server = SmtpServer(tls, starttls=starttls, refuse=refuse or {})
    async with listening(server.serve, tls if implicit else None) as port:
        yield server, port


def settings(port: int, mode: str = "none", user: str = "", timeout_s: float = 120.0) -> Settings:
    return Settings(
        site=Site(base_url="https://rostra.example"),
        mail=MailSettings(
            host="localhost",
            port=port,
            tls=mode,  # type: ignore[arg-type] # one of the three, from the tests below
            user=user,
            password="hush" if user else "",
            timeout_s=timeout_s,
        ),
    )


def smtp(gate: Gate, config: Settings, tls: ssl.SSLContext | None = None) -> SmtpMailer:
    return SmtpMailer(config, gate, ManualClock(1_750_000_000_000), tls=tls)


async def test_a_letter_arrives(gate: Gate, server_tls: ssl.SSLContext) -> None:
    async with mail_server(server_tls) as (server, port):
        await smtp(gate, settings(port)).send(LETTER)
    (raw,) = server.letters
    letter = message_from_bytes(raw.removesuffix(b".\r\n"), policy=default)
    assert letter["To"] == "olive@example.org"
    assert letter["From"] == "rostra@rostra.example"
    assert letter["Subject"] == "Confirm your address ✓"
    assert letter["Date"] == "Sun, 15 Jun 2025 15:06:40 +0000"
    assert letter["Message-ID"].endswith("@rostra.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content().replace("\r\n", "\n").replace("\n..", "\n.")
    assert text.rstrip() == LETTER.text.rstrip()
    assert gate.passed == ["mail"]


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
async def test_mail_over_tls_with_sign_in(
    gate: Gate, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, mode: str
) -> None:
    async with mail_server(server_tls, implicit=mode == "implicit") as (server, port):
        await smtp(gate, settings(port, mode, user="rostra"), client_tls).send(LETTER)
    assert len(server.letters) == 1
    verbs = [command.split()[0].upper() for command in server.commands]
    assert "AUTH" in verbs
    if mode == "starttls":
        assert verbs.index("STARTTLS") < verbs.index("AUTH")


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
async def test_unknown_certificates_fail_closed(
    gate: Gate, server_tls: ssl.SSLContext, mode: str
) -> None:
    async with mail_server(server_tls, implicit=mode == "implicit") as (server, port):
        with pytest.raises(Unavailable):
            await smtp(gate, settings(port, mode, user="rostra")).send(LETTER)
    assert server.letters == []
    assert not any(command.startswith("AUTH") for command in server.commands)


async def test_a_server_without_starttls_fails_closed(
    gate: Gate, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext
) -> None:
    async with mail_server(server_tls, starttls=False) as (server, port):
        with pytest.raises(Unavailable):
            await smtp(gate, settings(port, "starttls"), client_tls).send(LETTER)
    assert server.letters == []


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ({"RCPT": "550 no such user"}, MailRefused),
        ({"RCPT": "451 greylisted"}, Unavailable),
        ({"MAIL": "550 not you"}, MailRefused),
        ({"MAIL": "421 busy"}, Unavailable),
        ({"LETTER": "554 spam"}, MailRefused),
        ({"LETTER": "452 full"}, Unavailable),
        ({"AUTH": "535 wrong password"}, Unavailable),
    ],
)
async def test_refusals_for_now_and_for_good(
    gate: Gate, server_tls: ssl.SSLContext, where: dict[str, str], error: type[Exception]
) -> None:
    async with mail_server(server_tls, refuse=where) as (_, port):
        with pytest.raises(error):
            await smtp(gate, settings(port, user="rostra" if "AUTH" in where else "")).send(LETTER)


async def test_no_server_and_a_silent_server(gate: Gate) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with listening(silent) as port:
        with pytest.raises(Unavailable):
            await smtp(gate, settings(port, timeout_s=0.2)).send(LETTER)
        await asyncio.sleep(0.2)
    with pytest.raises(Unavailable):
        await smtp(gate, settings(port)).send(LETTER)


def mailers(gate: Gate) -> list[Mailer]:
    return [MemoryMailer(gate), smtp(gate, settings(9))]


@pytest.mark.parametrize(
    "to",
    [
        "",
        "olive",
        "@example.org",
        "olive@",
        "olive@example.org\r\nBcc: all@example.org",
        "olive@example.org\n",
        "olive@example.org, other@example.org",
        "Olive <olive@example.org>",
        '"olive"@example.org',
        "olive%inside@example.org",
        "@relay.example:olive@example.org",
        "olive@inside@example.org",
        "olive(comment)@example.org",
        "ol ive@example.org",
        ".olive@example.org",
        "ol..ive@example.org",
        "olive@[127.0.0.1]",
        "olive@-example.org",
        "olive@example..org",
        "x" * 65 + "@example.org",
        "olive@" + "example." * 31 + "org",
    ],
)
async def test_odd_addresses_are_refused(gate: Gate, to: str) -> None:
    for one in mailers(gate):
        with pytest.raises(Invalid) as caught:
            await one.send(Mail(to, "Hello", "text"))
        assert list(caught.value.details) == ["email"]
    assert gate.passed == []


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: all@example.org", "Hi\nthere", "Hi\0", "Hi\u2028there", "x" * 201]
)
async def test_subjects_carry_no_headers(gate: Gate, subject: str) -> None:
    for one in mailers(gate):
        with pytest.raises(Invalid) as caught:
            await one.send(Mail("olive@example.org", subject, "text"))
        assert list(caught.value.details) == ["subject"]


@pytest.mark.parametrize(
    ("to", "goes_to"),
    [
        ("o.l+tag_1-x@Example.ORG", "o.l+tag_1-x@example.org"),
        ("olive@bücher.example", "olive@xn--bcher-kva.example"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
async def test_ordinary_addresses_are_used(
    gate: Gate, server_tls: ssl.SSLContext, to: str, goes_to: str
) -> None:
    async with mail_server(server_tls) as (server, port):
        await smtp(gate, settings(port)).send(Mail(to, "Hello", "text"))
    assert f"rcpt TO:<{goes_to}>" in server.commands


async def test_nothing_leaves_through_a_closed_gate(gate: Gate) -> None:
    gate.shut = True
    for one in mailers(gate):
        with pytest.raises(Unavailable):
            await one.send(LETTER)


async def test_the_memory_mailer_keeps_letters() -> None:
    memory = MemoryMailer()
    await memory.send(LETTER)
    assert memory.sent == [LETTER]
    assert memory.configured


async def test_without_a_host_there_is_no_mail(gate: Gate) -> None:
    none = mailer(Settings(), gate, ManualClock())
    assert isinstance(none, NoMailer)
    assert not none.configured
    with pytest.raises(Unavailable):
        await none.send(LETTER)
    real = mailer(settings(25), gate, ManualClock())
    assert isinstance(real, SmtpMailer)
    assert real.configured
