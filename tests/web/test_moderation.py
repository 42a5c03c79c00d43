"""Pages of decisions: a member's own, by signed-in browser and by the link of a letter."""

import re

import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.safety.moderating import moderator, ruling
from tests.web.conftest import Streets

from rostra.kernel.clock import DAY
from rostra.outside.mail import MemoryMailer
from rostra.safety.appeals import access as appeals_access
from rostra.safety.appeals.answer import answer
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind, Decision, Ruling
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import number, query
from rostra.store.tables.accounts import users

_REACHED = query(
    users.update()
    .where(users.c.account_id == number("account"))
    .values(email="ada@example.org", confirmed_at=1)
)


async def rule(rostra: InProcess, what: Ruling, *subjects: Subject) -> Decision:
    """Decide about something, without a report."""
    async with rostra.db.write() as tx:
        return await deciding.decide_subjects(
            rostra.services, tx, moderator(4711), what, list(subjects)
        )


def account(member: Member) -> Subject:
    """An account as a subject."""
    return Subject(SubjectKind.ACCOUNT, member.id)


async def reached(rostra: InProcess, member: Member) -> None:
    """Give a member an address that is confirmed."""
    async with rostra.db.write() as tx:
        await tx.run(_REACHED, account=member.id)


def link_of(rostra: InProcess) -> str:
    """Where the last letter leads."""
    assert isinstance(rostra.mailer, MemoryMailer)
    mail = rostra.mailer.sent[-1]
    assert mail.to == "ada@example.org"
    found = re.search(r"https?://[^/]+(/\S+)", mail.text)
    assert found
    return found.group(1)


@pytest.fixture
async def ada(streets: Streets) -> tuple[Member, Browser]:
    """A member and their browser."""
    return await streets.member("ada")


async def test_decisions_stand_in_the_settings(
    streets: Streets, ada: tuple[Member, Browser]
) -> None:
    member, browser = ada
    _, other = await streets.member("bob")
    assert "Nothing was decided about you" in (await browser.open("/settings/moderation")).text
    post_id = int(await streets.town.post(member, "You <b>fool</b>"))
    what = ruling(ActionKind.REMOVE, words="Be kinder.\nPlease.")
    await rule(streets.rostra, what, Subject(SubjectKind.POST, post_id))
    page = (await browser.open("/notifications")).text
    assert "The team of" in page
    assert "has decided something about you" in page
    await browser.open("/settings/moderation")
    assert "New</span>" in browser.text
    [path] = set(re.findall(r"/settings/moderation/\d+", browser.text))
    await browser.open(path)
    for words in (
        "It is removed.",
        "This holds until we take it back.",
        "You &lt;b&gt;fool&lt;/b&gt;",
        "It is against the rules of this place.",
        "It insults somebody by name.",
        "Be kinder.",
        "Nobody reported it",
        "People decided it.",
        "you can appeal until",
        "The team of",
    ):
        assert words in browser.text, words
    assert f'href="/posts/{post_id}"' not in browser.text
    assert "New</span>" not in (await browser.open("/settings/moderation")).text
    assert (await other.open(path)).status_code == 404
    assert "fool" not in (await other.open("/settings/moderation")).text
    visitor = streets.visitor()
    await visitor.open(path)
    assert visitor.path.startswith("/sign-in")


@pytest.mark.parametrize("kind", [ActionKind.FREEZE, ActionKind.SUSPEND])
async def test_who_may_not_sign_in_reads_it_by_a_link(
    streets: Streets, ada: tuple[Member, Browser], kind: ActionKind
) -> None:
    member, browser = ada
    rostra = streets.rostra
    await reached(rostra, member)
    await rule(rostra, ruling(kind), account(member))
    await rostra.work()
    path = link_of(rostra)
    assert path.startswith("/decision?token=")
    await browser.open("/settings/moderation")
    assert browser.path.startswith("/sign-in")
    visitor = streets.visitor()
    assert (await visitor.open(path)).status_code == 200
    assert "It insults somebody by name." in visitor.text
    assert (await visitor.open(path[:-1])).status_code == 404
    assert "no longer works" in visitor.text
    rostra.clock.advance(183 * DAY)
    assert (await visitor.open(path)).status_code == 404


async def test_who_may_sign_in_gets_no_such_link(
    streets: Streets, ada: tuple[Member, Browser]
) -> None:
    member, browser = ada
    await reached(streets.rostra, member)
    await rule(streets.rostra, ruling(ActionKind.WARN), account(member))
    await streets.rostra.work()
    path = link_of(streets.rostra)
    assert path.startswith("/settings/moderation/")
    assert "This is a warning." in (await browser.open(path)).text


async def test_an_appeal_in_the_settings(streets: Streets, ada: tuple[Member, Browser]) -> None:
    member, browser = ada
    await rule(streets.rostra, ruling(ActionKind.WARN), account(member))
    await browser.open("/settings/moderation")
    [path] = set(re.findall(r"/settings/moderation/\d+", browser.text))
    await browser.open(path)
    await browser.send(f"{path}/appeal", None, text=" ")
    assert browser.page.status_code == 422
    assert "blank" in browser.text
    await browser.send(f"{path}/appeal", None, text="I <b>quoted</b>.")
    for words in ("Your appeal has arrived.", "I &lt;b&gt;quoted", "It will be answered by"):
        assert words in browser.text, words
    assert f'action="{path}/appeal"' not in browser.text
    _, other = await streets.member("bob")
    await other.open("/settings/moderation")
    assert (await other.open(path)).status_code == 404


@pytest.mark.postgresql
async def test_an_appeal_by_the_link_of_a_letter(
    streets: Streets, ada: tuple[Member, Browser]
) -> None:
    member, _ = ada
    rostra = streets.rostra
    await reached(rostra, member)
    made = await rule(rostra, ruling(ActionKind.SUSPEND), account(member))
    await rostra.work()
    visitor = streets.visitor()
    await visitor.open(link_of(rostra))
    await visitor.send("/decision", None, text="It was not me.")
    assert "It will be answered by" in visitor.text
    assert visitor.path.startswith("/decision")
    async with rostra.db.write() as tx:
        said = await appeals_access.of_decisions(tx, member.id, [made.id])
        await answer(
            rostra.services,
            tx,
            moderator(4712),
            said[made.id].id,
            uphold=True,
            reasons="It was somebody else.",
        )
    await rostra.work()
    assert "It was somebody else." in (await visitor.open(visitor.path)).text
    assert isinstance(rostra.mailer, MemoryMailer)
    assert "It was somebody else." in rostra.mailer.sent[-1].text
    assert (await streets.visitor().open("/@ada")).status_code == 200
