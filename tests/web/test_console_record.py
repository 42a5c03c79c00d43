"""The ledger and the team in the console."""

import json
from datetime import UTC, datetime

from tests.web.conftest import Streets
from tests.web.console import HERE, post, said, staff, waiting

from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.ledger.sign import sign_now
from rostra.safety.team import access as team_access
from rostra.safety.team.model import Duty
from rostra.store.query import query
from rostra.store.tables.ledger import ledger

LEDGER, TEAM, EXPORT = f"{HERE}/ledger", f"{HERE}/team", f"{HERE}/export"
_FORGED = query(ledger.update().where(ledger.c.seq == 1).values(at=ledger.c.at + 1))


async def _decided(streets: Streets, number: int) -> str:
    """A post is removed; the page of the decision."""
    author, reporter = await streets.town.members(f"ada{number}", f"bela{number}")
    await said(streets, reporter, author, await post(author, f"You fool {number}"))
    (found,) = await waiting(streets)
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{found.id}")
    await browser.send(f"{HERE}/decide", step="confirm", **{"actions[]": "remove"}, facts="Rude.")
    await browser.send(f"{HERE}/decide", step="decide")
    await streets.rostra.work()
    return browser.path


async def test_the_ledger_is_read_checked_and_taken_along(streets: Streets) -> None:
    _, browser = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    assert "Nothing is written down yet" in (await browser.open(LEDGER)).text
    made = await _decided(streets, 1)
    await sign_now(streets.rostra.services)
    text = (await browser.open(LEDGER)).text
    assert f'href="{made}"' in text
    assert "Its end was signed" in text
    with streets.rostra.counted() as one:
        await browser.open(LEDGER)
    await _decided(streets, 2)
    await browser.open(LEDGER)
    with streets.rostra.counted() as two:
        await browser.open(LEDGER)
    assert one.statements == two.statements
    assert "Nothing is wrong" in (await browser.open(f"{LEDGER}/check")).text
    assert "1 checkpoint saw the same" in browser.text
    assert "Lines 3 to" in (await browser.open(f"{LEDGER}/check?after=2")).text
    assert "Nothing is wrong" in browser.text
    assert (await browser.open(f"{LEDGER}/check?after=99")).status_code == 404
    # Statements of reasons for a period, on a page and as a file.
    today = datetime.fromtimestamp(streets.rostra.clock.now() / 1000, UTC).date()
    assert (
        "2 statements in this batch"
        in (await browser.open(f"{EXPORT}?since={today}&until={today}")).text
    )
    file = await browser.open(f"{EXPORT}/statements.json?since={today}&until={today}")
    assert len(json.loads(file.content)["statements"]) == 2
    assert file.headers["content-disposition"].startswith("attachment")
    assert (
        "must not be before"
        in (await browser.open(f"{EXPORT}?since={today}&until=2001-01-01")).text
    )
    assert "must be a day" in (await browser.open(f"{EXPORT}?since=soon&until={today}")).text
    assert (await browser.open(f"{EXPORT}/statements.json?since=x&until=y")).status_code == 404
    async with streets.rostra.db.write() as tx:
        await tx.run(_FORGED)
    assert "Something is wrong" in (await browser.open(f"{LEDGER}/check")).text
    assert "Line 1: the line is not what was hashed" in browser.text
    _, desk = await staff(streets, Role.MEMBER, Duty.NOTICE_DESK)
    for path in (LEDGER, f"{LEDGER}/check", EXPORT, f"{EXPORT}/statements.json"):
        assert (await desk.open(path)).status_code in {403, 404}, path


async def test_duties_are_given_and_taken(streets: Streets) -> None:
    ada = await streets.town.member("ada")
    mo, moderator = await staff(streets)
    text = (await moderator.open(TEAM)).text
    assert f"@{mo.name}" in text
    assert "Moderator" in text
    assert f"{TEAM}/{ada.id}" not in text
    assert (await moderator.open(f"{TEAM}/{ada.id}")).status_code in {403, 404}
    _, admin = await staff(streets, Role.ADMIN)
    await admin.open(TEAM)
    await admin.send(TEAM, who="nobody")
    assert "Nobody here is called so." in admin.text
    await admin.send(TEAM, who="@ada")
    here = admin.path
    assert here == f"{TEAM}/{ada.id}"
    await admin.send(here, **{"duties[]": "reviewer"})
    assert "Say which categories they review" in admin.text
    await admin.send(here, **{"duties[]": ["reviewer", "notice_desk"], "of[]": "spam"})
    assert "Notice desk" in admin.text
    async with streets.rostra.db.read() as reader:
        found = await team_access.actor(reader, ada.id)
    assert (found.duties, found.categories) == (
        Duty.REVIEWER | Duty.NOTICE_DESK, (int(Category.SPAM),),
    )  # fmt: skip
    await admin.open(here)
    fields = admin.form(here).fields
    assert (fields["of[]"], fields["duties[]"]) == ("spam", "notice_desk")
    token = fields["csrf_token"]
    answer = await admin.client.post(here, data={"csrf_token": token}, follow_redirects=True)
    assert f"@{ada.name}" not in answer.text.partition("<main")[2]
    assert (await admin.open(f"{TEAM}/1")).status_code == 404
