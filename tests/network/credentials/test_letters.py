"""Letters: each kind in each language, as text and as HTML, to members by their choice."""

from email import message_from_bytes
from email.policy import default

import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.people import join

from rostra.network.credentials.writing import WORDS, Facts, Purpose, written
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
    for name, locale, greeting in (("ann", "es-MX", "Hola, ann:"), ("bob", "ja", "Hello bob,")):
        await join(mailing, name, locale=locale)
        await mailing.work()
        assert mailing.mailer.sent[-1].text.startswith(greeting)
