"""Law 5's other half: whoever decides appears as the team on every surface that members reach.

A moderator with a name that stands nowhere else decides; then everything that the member, the
reporter and a visitor can open is read, and neither name nor id of the moderator is in it.
"""

from collections.abc import Iterable

from tests.harness.browser import Browser
from tests.harness.crowd import Member, Town
from tests.safety.moderating import ruling
from tests.web.conftest import Streets, streets
from tests.web.test_moderation import reached

from rostra.network.credentials.model import Role
from rostra.outside.mail import MemoryMailer
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind
from rostra.safety.reports import file
from rostra.safety.reports.model import Said
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor

__all__ = ["streets"]

NAME, SHOWN = "zyxmoderatrix", "Zyxia Moderatrix"
FEEDS = (
    "/api/v1/notifications",
    "/api/v2/notifications",
    "/api/v1/notifications?types[]=moderation_warning",
    "/api/v1/accounts/verify_credentials",
)
PAGES = ("/notifications", "/settings/moderation", "/settings", "/home")


def unnamed(where: str, text: str, moderator: Member) -> None:
    """Nothing in it tells who decided."""
    for trace in (NAME, SHOWN, str(moderator.id)):
        assert trace not in text, f"{where} tells {trace}"


async def read_all(browser: Browser, moderator: Member, paths: Iterable[str]) -> None:
    """Open pages, and what decisions they lead to."""
    for path in paths:
        page = await browser.open(path)
        assert page.status_code == 200, path
        unnamed(path, page.text, moderator)


async def test_nobody_learns_who_decided(streets: Streets) -> None:
    town: Town = streets.town
    moderator = await town.member(NAME)
    await moderator.client.patch(
        "/api/v1/accounts/update_credentials", json={"display_name": SHOWN}
    )
    ada, browser = await streets.member("ada")
    bob, reporter = await streets.member("bob")
    await reached(streets.rostra, ada)
    post_id = int(await town.post(ada, "You fool"))
    services, actor = streets.rostra.services, Actor(moderator.id, Role.MODERATOR)
    async with services.db.write() as tx:
        said = Said(reporter_id=bob.id, target_account_id=ada.id, post_ids=(post_id,))
        await file.report(services, tx, said)
    for kind in (ActionKind.REMOVE, ActionKind.WARN, ActionKind.SENSITIVE_ACCOUNT):
        async with services.db.write() as tx:
            subject = Subject(SubjectKind.POST, post_id)
            await deciding.decide_subjects(services, tx, actor, ruling(kind), [subject])
    await streets.rostra.work()
    told = (await ada.client.get(FEEDS[0])).json()
    assert len(told) == 3
    for member in (ada, bob):
        for path in FEEDS:
            unnamed(path, (await member.client.get(path)).text, moderator)
    decisions = [f"/settings/moderation/{note['id']}" for note in told]
    await read_all(browser, moderator, (*PAGES, *decisions))
    await read_all(reporter, moderator, PAGES)
    assert isinstance(streets.rostra.mailer, MemoryMailer)
    assert streets.rostra.mailer.sent
    for mail in streets.rostra.mailer.sent:
        unnamed("a letter", mail.subject + mail.text + mail.html, moderator)
