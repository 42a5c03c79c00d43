"""Letters: each kind in each language, as text and as HTML, to members by their choice."""

from email import message_from_bytes
from email.policy import default

import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Town
from tests.harness.people import join, register, sign_up_form

from rostra.kernel.errors import Invalid
from rostra.network.accounts import access
from rostra.network.accounts.admission import confirm_address
from rostra.network.credentials.changing import change_password, request_email_change
from rostra.network.credentials.join import MAX_NOTE, turn_away
from rostra.network.credentials.letters import REFUSAL_MS
from rostra.network.credentials.writing import WORDS, Facts, Purpose, written
from rostra.network.instance import settings
from rostra.outside.mail import MemoryMailer, compose
from rostra.outside.translations import LANGUAGES

FACTS = Facts("ann", "Harbour <b> & co", "https://harbour.example", "secret-1", 14)
TO = "ann@example.org"
PASSWORD = "correct horse battery"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", Purpose)
def test_every_letter_in_every_language(purpose: Purpose, language: str) -> None:
    letter = written(purpose, TO, language, FACTS)
    link = FACTS.base + WORDS[purpose].link.replace("{token}", FACTS.token)
    assert link in letter.text
    assert letter.html.count(link) == 2
    assert "{" not in letter.subject + letter.text
    assert f'<html lang="{language}">' in letter.html
    assert "<b>" not in letter.html  # a place's name is words
    english = written(purpose, TO, "en", FACTS)
    assert (letter.subject == english.subject) == (language == "en")
    sent = message_from_bytes(
        compose(letter, "rostra@harbour.example", 0).as_bytes(), policy=default
    )
    parts = [part.get_content_type() for part in sent.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    assert sent["Content-Language"] == language


@pytest.mark.parametrize("locale", ["", "tlh", "pt-BR", "../../de", "x-de", "\x00", "d" * 999])
@pytest.mark.parametrize("purpose", Purpose)
def test_whose_locale_is_not_known_reads_english(purpose: Purpose, locale: str) -> None:
    english = written(purpose, TO, "en", FACTS)
    assert written(purpose, TO, locale, FACTS) == english
    assert english.language == "en"


async def test_the_browser_tells_the_language_and_the_member_changes_it(
    mailing: InProcess,
) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    async with Browser(mailing) as browser:
        browser.client.headers["accept-language"] = "de-AT, en;q=0.5"
        await browser.open("/join")
        fields = {"username": "ann", "email": TO, "password": PASSWORD}
        await browser.send("/join", **fields, agreement="1")
        await mailing.work()
        assert mailing.mailer.sent[-1].text.startswith("Hallo ann,")
        token = mailing.mailer.sent[-1].text.partition("token=")[2].split()[0]
        await browser.open(f"/confirm?token={token}")
        await browser.send(f"/confirm?token={token}")
        await browser.open("/settings/preferences")
        assert browser.form("/settings/preferences").fields["locale"] == "de"
        await browser.send("/settings/preferences", locale="fr")
        await browser.open("/forgotten")
        await browser.send("/forgotten", email=TO)
    await mailing.work()
    assert "Bonjour ann," in mailing.mailer.sent[-1].text


async def test_apps_tell_a_locale_and_unknown_ones_read_english(mailing: InProcess) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    for name, locale, greeting in (
        ("ann", "es-MX", "Hola, ann:"),
        ("bob", "ja", "Hello bob,"),
        ("cleo", "klingon", "Hello cleo,"),
        ("dora", "", "Hello dora,"),
    ):
        await join(mailing, name, locale=locale)
        await mailing.work()
        assert mailing.mailer.sent[-1].text.startswith(greeting)


async def applying(mailing: InProcess, name: str, *, confirmed: bool) -> int:
    """Somebody who waits to be let in; their id."""
    async with mailing.db.write() as tx:
        await settings.change(mailing.services, tx, {"registrations": "approval"})
    client = mailing.client((await register(mailing)).token)
    form = sign_up_form(name, locale="de", reason="I like the harbour.")
    assert (await client.post("/api/v1/accounts", json=form)).status_code == 200
    await mailing.work()
    async with mailing.db.write() as tx:
        account = await access.any_by_username(tx, name)
        assert account is not None
        if confirmed:
            await confirm_address(mailing.services, tx, account.id, f"{name}@example.org")
    return account.id


async def test_who_is_turned_away_is_told_and_forgotten(mailing: InProcess) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    account_id = await applying(mailing, "ann", confirmed=True)
    mailing.mailer.sent.clear()
    async with mailing.db.write() as tx:
        with pytest.raises(Invalid):
            await turn_away(mailing.services, tx, account_id, "x" * (MAX_NOTE + 1))
        await turn_away(mailing.services, tx, account_id, " We are full.\n<b>{Sorry}</b> ")
    await mailing.work()
    [letter] = mailing.mailer.sent
    assert (letter.to, letter.subject) == ("ann@example.org", "Deine Bewerbung - Rostra")
    assert "Sie schreiben:\n\nWe are full.\n<b>{Sorry}</b>\n" in letter.text
    assert "We are full.<br>&lt;b&gt;{Sorry}" in letter.html
    assert await Town(mailing).anywhere("ann@example.org") == []


async def test_an_address_that_nobody_confirmed_gets_no_letter(mailing: InProcess) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    account_id = await applying(mailing, "ann", confirmed=False)
    mailing.mailer.sent.clear()
    async with mailing.db.write() as tx:
        await turn_away(mailing.services, tx, account_id, "No.")
    await mailing.work()
    assert mailing.mailer.sent == []


async def test_a_letter_that_can_not_be_sent_is_given_up(mailing: InProcess) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    account_id = await applying(mailing, "ann", confirmed=True)
    mailing.mailer.sent.clear()
    async with mailing.db.write() as tx:
        await turn_away(mailing.services, tx, account_id)
    mailing.clock.advance(REFUSAL_MS + 1)
    await mailing.work()
    assert mailing.mailer.sent == []
    assert await Town(mailing).anywhere("ann@example.org") == []


async def test_an_address_that_was_asked_for_under_another_password_gets_no_letter(
    mailing: InProcess,
) -> None:
    assert isinstance(mailing.mailer, MemoryMailer)
    account_id = await applying(mailing, "ann", confirmed=True)
    mailing.mailer.sent.clear()
    async with mailing.db.write() as tx:
        await request_email_change(mailing.services, tx, account_id, "eve@example.org")
        await change_password(tx, account_id, "another")
    await mailing.work()
    assert [mail.to for mail in mailing.mailer.sent] == ["ann@example.org"]  # of the password
    mailing.mailer.sent.clear()
    async with mailing.db.write() as tx:
        await request_email_change(mailing.services, tx, account_id, "ann@example.net")
        await change_password(tx, account_id, "a third one")
        await request_email_change(mailing.services, tx, account_id, "ann@example.net")
    await mailing.work()
    told = sorted(mail.to for mail in mailing.mailer.sent)
    assert told == ["ann@example.net", "ann@example.org"]
