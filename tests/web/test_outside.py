"""Anybody reports without an account, confirms it, follows it and objects, without script."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.harness.app import running
from tests.harness.browser import Browser
from tests.safety.moderating import moderator, ruling
from tests.web.conftest import Streets

from rostra.kernel.clock import DAY
from rostra.kernel.paging import Page
from rostra.outside.mail import Mail, MemoryMailer
from rostra.safety.appeals import access as appeals_access
from rostra.safety.appeals.answer import answer
from rostra.safety.cases import access as cases_access
from rostra.safety.cases.model import Case
from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind
from rostra.safety.ledger.audit import audit
from rostra.safety.outsiders import forget
from rostra.safety.reports import access, flaggers
from rostra.safety.reports.model import Report
from rostra.store.tables.outsiders import outside_links, outside_parts, outside_reports
from rostra.store.tables.safety import appeals

EMAIL = "olga@outside.example"
FORM: dict[str, Any] = {
    "harm": "harassment",
    "comment": "It insults me by name.",
    "name": "Olga Outside",
    "email": EMAIL,
    "good_faith": "1",
}


async def everything(streets: Streets) -> tuple[list[Report], list[Case]]:
    """All reports and open cases."""
    async with streets.rostra.db.read() as reader:
        return await access.listed(reader, Page(40)), await cases_access.queue(reader)


def letters_of(streets: Streets, to: str = EMAIL) -> list[Mail]:
    """What was sent to somebody."""
    assert isinstance(streets.rostra.mailer, MemoryMailer)
    return [mail for mail in streets.rostra.mailer.sent if mail.to == to]


def link_of(mail: Mail, path: str) -> str:
    """The link of a letter, without our host."""
    found = re.search(rf"https?://[^/\s]+({path}\?token=\S+)", mail.text)
    assert found, mail.text
    return found[1]


async def reported(streets: Streets, visitor: Browser, *addresses: str, **changed: Any) -> str:
    """Fill the form in; where that led."""
    base = streets.rostra.services.settings.site.base_url
    lines = "\n".join(base + each if each.startswith("/") else each for each in addresses)
    await visitor.open("/report")
    await visitor.send("/report", None, addresses=lines, **(FORM | changed))
    return visitor.path.partition("?")[0]


@pytest.mark.postgresql
async def test_a_report_from_outside_counts_once_it_is_confirmed_and_is_answered(
    streets: Streets,
) -> None:
    bob, _ = await streets.member("bob")
    post = await streets.town.post(bob, "You fool")
    visitor = streets.visitor()
    await visitor.open(f"/@bob/{post}")
    [prefilled] = set(re.findall(rf"/report\?address=/@bob/{post}", visitor.text))
    await visitor.open(prefilled)
    assert f"/@bob/{post}</textarea>" in visitor.text
    assert await reported(streets, visitor, f"/@bob/{post}") == "/report/state"
    for said in ("It waits for your confirmation", "Reference ", "Harassment", "insults me"):
        assert said in visitor.text, said
    assert await everything(streets) == ([], [])
    await streets.rostra.work()
    [receipt] = letters_of(streets)
    assert "Olga" not in receipt.text
    assert "insults" not in receipt.text
    confirm = link_of(receipt, "/report/confirm")
    for _ in range(2):  # what follows links confirms nothing
        await visitor.open(confirm)
    assert await everything(streets) == ([], [])
    token = confirm.partition("=")[2]
    await visitor.send("/report/confirm", None, token=token)
    assert visitor.path.startswith("/report/state?token=")
    assert "The team has not decided yet" in visitor.text
    [report], [case] = await everything(streets)
    assert (report.row.source, report.row.weight) == (Sender.OUTSIDER, 1_000)
    assert (case.subject_id, case.status.category) == (int(post), Category.HARASSMENT)
    await visitor.open(confirm)
    assert "Your report is confirmed" in visitor.text
    await answered(streets, visitor, case, report)


async def answered(streets: Streets, visitor: Browser, case: Case, report: Report) -> None:
    """It is dismissed; they hear, object, and hear again."""
    services = streets.rostra.services
    async with services.db.write() as tx:
        none = ruling(ActionKind.NONE, ground=0, facts="")
        await deciding.decide(services, tx, moderator(777_471_777), none, [case.id])
    await streets.rostra.work()
    [_, outcome] = letters_of(streets)
    assert outcome.text.startswith("Hello Olga Outside,")
    for said in ("We saw no reason to act", "People decided it", "you can object until"):
        assert said in outcome.text, said
    link = link_of(outcome, "/report/state")
    await visitor.open(link)
    assert "The team saw no reason to act" in visitor.text
    await visitor.send("/report/object", None, token=link.partition("=")[2], text="It is my name.")
    assert "Your objection" in visitor.text
    async with services.db.write() as tx:
        [appeal] = await appeals_access.waiting(tx, moderator(777_472_777))
        assert (appeal.account_id, appeal.report_id) == (0, report.row.id)
        await answer(
            services, tx, moderator(777_472_777), appeal.id, uphold=True, reasons="So it is."
        )
    await streets.rostra.work()
    [*_, told] = letters_of(streets)
    assert "You were right: your report is looked at again." in told.text
    assert "So it is." in told.text
    await visitor.open(link)
    for said in ("The team has not decided yet", "So it is."):
        assert said in visitor.text, said
    for number in (777_471_777, 777_472_777):
        assert str(number) not in visitor.text
    await objection_is_forgotten(streets, case)


async def objection_is_forgotten(streets: Streets, case: Case) -> None:
    """With its time all that was objected goes as well, and the ledger still verifies."""
    services, clock = streets.rostra.services, streets.rostra.clock
    async with services.db.write() as tx:
        await deciding.decide(services, tx, moderator(), ruling(ActionKind.REMOVE), [case.id])
    await streets.rostra.work()
    clock.advance(2 * (services.settings.moderation.appeal_days + 1) * DAY)
    assert await streets.town.count(appeals) == 1
    async with services.db.write() as tx:
        await forget.sweep(services, tx, forget.Sweep())
    await streets.rostra.work()
    assert await streets.town.count(appeals) == 0
    assert (await audit(services)).findings == []


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(streets: Streets) -> None:
    await streets.member("bob")
    visitor = streets.visitor()
    wrong = {"harm": "", "name": "", "email": "olga at home", "good_faith": ""}
    await reported(streets, visitor, "https://elsewhere.example/@bob/1", **wrong)
    assert visitor.path == "/report"
    for said in (
        "https://elsewhere.example/@bob/1&#34; leads to nothing here that everybody can see.",
        "must be chosen",
        "is no address that mail can be sent to",
        "must be confirmed",
        "It insults me by name.</textarea>",
        'value="olga at home"',
    ):
        assert said in visitor.text, said
    await reported(streets, visitor, "/@bob", more="https://buy.example")
    assert "One field has to stay empty" in visitor.text


async def test_nobody_buries_the_team_or_somebody_elses_mailbox(
    data_dir: Path, sqlite_url: str
) -> None:
    """Over the limit nothing typed is lost either; what nobody has confirmed weighs nothing."""
    limited = running(data_dir, sqlite_url, None, ROSTRA_LIMITS__SCALE="0.1")
    async with limited as rostra, Browser(rostra) as visitor:
        streets = Streets(rostra)
        await streets.town.member("bob")
        urgent = {"harm": "child_abuse", "name": "", "email": ""}
        for _ in range(3):
            await reported(streets, visitor, "/@bob", **urgent)
        assert (visitor.path, visitor.page.status_code) == ("/report", 429)
        assert "It insults me by name.</textarea>" in visitor.text
        reports, [case] = await everything(streets)
        assert (case.status.weight, case.status.reports_count) == (0, len(reports))
        assert len(reports) == 2


async def test_what_was_never_confirmed_and_what_is_over_is_deleted(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    post, other = [await streets.town.post(bob, text) for text in ("one", "two")]
    visitor = streets.visitor()
    services, clock = streets.rostra.services, streets.rostra.clock
    await reported(streets, visitor, f"/@bob/{post}")
    await reported(streets, visitor, f"/@bob/{other}", harm="child_abuse", name="", email="")
    _, [case] = await everything(streets)

    async def swept() -> list[int]:
        async with services.db.write() as tx:
            await forget.sweep(services, tx, forget.Sweep())
        tables = (outside_reports, outside_parts, outside_links)
        return [await streets.town.count(table) for table in tables]

    assert await swept() == [2, 1, 2]
    clock.advance(8 * DAY)
    assert await swept() == [1, 1, 1]
    async with services.db.write() as tx:
        await deciding.decide(services, tx, moderator(), ruling(ActionKind.REMOVE), [case.id])
    await streets.rostra.work()
    assert letters_of(streets) == []  # nor is what is deleted written of
    clock.advance((services.settings.moderation.appeal_days + 1) * DAY)
    assert await swept() == [0, 0, 0]
    assert len((await everything(streets))[0]) == 1


async def test_a_trusted_flagger_from_outside_goes_first_once_confirmed(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    post = await streets.town.post(bob, "one")
    services = streets.rostra.services
    async with services.db.write() as tx:
        await flaggers.add(services, tx, added_by=0, address="outside.example")
    visitor = streets.visitor()
    await reported(streets, visitor, f"/@bob/{post}")
    await streets.rostra.work()
    confirm = link_of(letters_of(streets)[0], "/report/confirm")
    await visitor.open(confirm)
    await visitor.send("/report/confirm", None, token=confirm.partition("=")[2])
    [report], [case] = await everything(streets)
    assert (report.row.source, report.row.weight) == (Sender.TRUSTED_FLAGGER, 5_000)
    assert "trusted" in {reason.name for reason in case.why}
