"""The notice desk in the console: a letter is handed in, corrected, answered and closed."""

from datetime import UTC, datetime

from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.console import HERE, case, post, staff, waiting

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials.model import Role
from rostra.outside.mail import MemoryMailer
from rostra.safety.team.model import Duty

LETTERS = f"{HERE}/letters"


def _mail(streets: Streets, *paths: str) -> str:
    base = streets.rostra.services.settings.site.base_url
    lines = "\n".join(f"{base}{path}" for path in paths)
    return (
        "From: Abuse desk <abuse@host.example>\nTo: desk@here.example\n"
        "Subject: [AbuseID:4711] Your server\nMessage-ID: <1@host.example>\n\n"
        f"Please act on these threats within 12 hours:\n\n{lines}\n"
    )


async def test_a_letter_goes_through_the_desk(streets: Streets) -> None:
    ada = await streets.town.member("ada")
    post_id = await post(ada, "Burn it down")
    who, browser = await staff(streets, Role.MEMBER, Duty.NOTICE_DESK)
    assert "No letters here" in (await browser.open(LETTERS)).text
    assert f"{HERE}/clusters" in browser.text
    assert f"{HERE}/appeals" not in browser.text
    await browser.send(LETTERS, words=" ", form="text")
    assert "can&#39;t be blank" in browser.text
    await browser.send(LETTERS, words="{}", form="xarf")
    assert browser.page.status_code == 422
    letter = _mail(streets, f"/@ada/{post_id}", "/@ada/1887436800128692554")
    await browser.open(LETTERS)
    await browser.send(LETTERS, {"file": ("letter.eml", letter.encode(), "message/rfc822")})
    await streets.rostra.work()
    here = browser.path
    text = (await browser.open(here)).text
    for words in ("A host or provider", "[AbuseID:4711]", "12 hours left", "nothing is there"):
        assert words in text, words
    (found,) = await waiting(streets)
    assert f"{HERE}/cases/{found.id}" in text
    # The same letter again is kept once.
    await browser.open(LETTERS)
    await browser.send(LETTERS, words=letter, form="mail")
    assert browser.path == here
    assert "Came 2 times" in browser.text
    # What was read wrongly is put right; the case moves with it.
    at = datetime.fromtimestamp((streets.rostra.clock.now() + 3 * HOUR) / 1000, UTC)
    await browser.send(f"{here}/correct", deadline_at="soon")
    assert "This is no time." in browser.text
    await browser.send(f"{here}/correct", deadline_at=f"{at:%Y-%m-%dT%H:%M}", sender_kind="store")
    assert "An app store" in browser.text
    assert "Set by the desk" in browser.text
    assert "2 hours" in browser.text or "3 hours left" in browser.text
    moved = await case(streets, found.id)
    assert moved.status.deadline_at == int(at.replace(second=0, microsecond=0).timestamp()) * 1000
    assert "due within four hours" in (await browser.open(LETTERS)).text
    message = await _answered(streets, browser, here)
    await _closed(browser, here)
    # Nobody of the team who has no part in it comes here.
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    for path in (LETTERS, here, f"{HERE}/messages/{message}"):
        assert (await auditor.open(path)).status_code in {403, 404}
    assert LETTERS not in (await auditor.open(HERE)).text
    assert who.name in (await browser.open(here)).text


async def _answered(streets: Streets, browser: Browser, here: str) -> str:
    """Answer the letter that is open; the id of what was sent."""
    # The draft speaks another language, is shown once more, and goes out exactly so.
    await browser.open(here)
    await browser.send(f"{here}/answer", step="draft", language="de")
    assert "Sehr geehrte" in browser.text or "Guten Tag" in browser.text
    await browser.send(f"{here}/answer", step="confirm", subject="Re: yours")
    assert "must hold the reference" in browser.text
    fields = {"subject": "Re: [AbuseID:4711] Your server", "text": "It is gone.\n"}
    await browser.send(f"{here}/answer", step="confirm", **fields)
    assert "Nothing has been sent yet" in browser.text
    assert "1 address of ours is not decided yet" in browser.text
    await browser.send(f"{here}/answer", step="back")
    assert "It is gone." in browser.text
    await browser.send(f"{here}/answer", step="confirm")
    await browser.send(f"{here}/answer", step="send")
    await streets.rostra.work()
    assert "answered in time" in (await browser.open(here)).text
    assert "Sent to abuse@host.example" in browser.text
    assert isinstance(streets.rostra.mailer, MemoryMailer)
    sent = streets.rostra.mailer.sent[-1]
    assert (sent.to, sent.text.strip()) == ("abuse@host.example", "It is gone.")
    message = browser.text.partition("Sent to")[0].rpartition("/messages/")[2].partition('"')[0]
    exactly = (await browser.open(f"{HERE}/messages/{message}")).text
    assert "It is gone." in exactly
    assert "[AbuseID:4711]" in exactly
    file = await browser.open(f"{HERE}/messages/{message}/file")
    assert b"It is gone." in file.content
    assert file.headers["content-disposition"].startswith("attachment")
    return message


async def _closed(browser: Browser, here: str) -> None:
    """Close the letter that was answered."""
    await browser.open(f"{LETTERS}?state=answered")
    assert here in browser.text
    await browser.open(here)
    await browser.send(f"{here}/close", why="They are content.")
    assert here in (await browser.open(f"{LETTERS}?state=closed")).text
    assert "They are content." in (await browser.open(here)).text
    assert f"{here}/answer" not in browser.text


async def test_time_runs_and_the_list_costs_the_same(streets: Streets) -> None:
    _, browser = await staff(streets)

    async def handed(number: int) -> None:
        await browser.open(LETTERS)
        await browser.send(LETTERS, words=_mail(streets, f"/@nobody{number}"), form="text")

    async def statements() -> int:
        await browser.open(LETTERS)
        with streets.rostra.counted() as seen:
            await browser.open(LETTERS)
        return seen.statements

    await handed(1)
    here = browser.path
    first = await statements()
    for number in range(2, 5):
        await handed(number)
    assert await statements() == first
    streets.rostra.clock.advance(DAY)
    assert "late by" in (await browser.open(here)).text
    await browser.send(f"{here}/close", why=" ")
    assert "the letter was not answered" in browser.text
