"""Rules for screening in the console: written, tried in shadow, switched on, compared."""

import re

from httpx2 import Response
from tests.harness.browser import Browser
from tests.safety.rules.keeping import LINKS, MORE_LINKS, owner
from tests.web.conftest import Streets
from tests.web.console import staff

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.safety.rules import edit, held, switch
from rostra.safety.rules.count import counted
from rostra.safety.rules.model import Asked, State
from rostra.safety.rules.outcome import Verdict
from rostra.safety.states import keep
from rostra.safety.team.model import Duty

HERE = "/console/screening/rules"
NEW = {
    "name": "links",
    "source": LINKS,
    "reason": "Spam in July",
    "most_an_hour": "50",
    "jump": "5",
}


async def asked(streets: Streets, verdict: Verdict, times: int = 1) -> None:
    """All rules are asked about a post."""
    services = streets.rostra.services
    for _ in range(times):
        async with services.db.write() as tx:
            rules = await held.HELD.of(services, tx, await keep.versions(tx))
            await counted(
                services, tx, services.ids.next(), [Asked(each, verdict, 4_000) for each in rules]
            )
        streets.rostra.clock.advance(20_000)


async def press(browser: Browser, path: str, **fields: str) -> Response:
    """Send what no form of the page that is open sends."""
    token = browser.forms()[0].fields["csrf_token"]
    return await browser.client.post(path, data={"csrf_token": token, **fields})


async def test_a_rule_is_written_tried_switched_on_and_changed(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    assert "No rules yet" in (await boss.open(HERE)).text
    assert "Words of the language" in (await boss.open(f"{HERE}/new")).text
    await boss.send(f"{HERE}/new", **NEW)
    assert "It is kept, and off." in boss.text
    assert "case (spam)" in boss.text
    rule = boss.path
    await boss.send(f"{rule}/switch", version="1", state="live", reason="Now")
    assert "never tried on the past and never in shadow" in boss.text
    assert "Live all the same" not in boss.text, "that is for owners"
    await boss.send(f"{rule}/tryouts")
    assert "It is tried on the posts of the last thirty days." in boss.text
    assert "Waits for its turn" in boss.text
    await streets.rostra.work()
    assert "Would have caught 0 of 0 posts" in (await boss.open(rule)).text
    await boss.send(f"{rule}/switch", version="1", state="", reason="Now")
    assert "Choose one." in boss.text
    await boss.send(f"{rule}/switch", version="1", state="shadow", reason="To see")
    assert "It is in shadow" in boss.text
    await asked(streets, Verdict.CAUGHT, 2)
    await asked(streets, Verdict.SKIPPED)
    await boss.send(f"{rule}/switch", version="1", state="live", reason="It is right")
    assert "It is live" in boss.text
    assert "@staff" in boss.text
    assert 'aria-label="Posts a day"' in boss.text
    assert "4.0 µs" in boss.text
    change = {"version": "1", "source": MORE_LINKS, "reason": "One is enough"}
    assert "It stays live" not in (await boss.open(f"{rule}/edit")).text, "that is for owners"
    await boss.send(f"{rule}/edit", **change)
    assert "Version 2 holds from now on." in boss.text
    await boss.open(f"{rule}/edit")
    await boss.send(f"{rule}/edit", **change)
    assert "version 2 holds" in boss.text
    compared = (await boss.open(f"{rule}/versions/2")).text
    assert re.search(r'is-gone">.*when\(length\(post\.links\) &gt; 1\)', compared)
    assert re.search(r'is-new">.*when\(length\(post\.links\) &gt; 0\)', compared)
    assert "is-new" not in (await boss.open(f"{rule}/versions/1")).text
    assert "is-new" in (await boss.open(f"{rule}/versions/1?against=2")).text
    listed = (await boss.open(HERE)).text
    assert "Caught by links on each of the last 30 days, 2 at most" in listed
    assert "In shadow" in listed
    assert "links: version 1 switched live" in listed


async def test_faults_stand_at_their_line_and_what_was_typed_stays(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    await boss.open(f"{HERE}/new")
    wrong = LINKS.replace("post.links", "post.link")
    await boss.send(f"{HERE}/new", **NEW | {"source": wrong})
    assert boss.page.status_code == 422
    assert re.search(
        r'is-wrong">.*when\(length\(post\.link\).*'
        r"Line 2, column 13: there is no feature post\.link; post\.links may be meant",
        boss.text,
    )
    assert "Spam in July" in boss.text
    await boss.send(f"{HERE}/new", **NEW | {"name": "No", "jump": "x"})
    assert "must be a whole number" in boss.text
    await boss.send(f"{HERE}/new", **NEW | {"reason": ""})
    assert "This can&#39;t be blank." in boss.text
    await boss.send(f"{HERE}/new", **NEW)
    rule = boss.path
    await boss.open(f"{rule}/edit")
    await boss.send(f"{rule}/edit", version="1", source=wrong, reason="x")
    assert "Line 2, column 13" in boss.text
    await boss.open(rule)
    await boss.send(f"{rule}/bounds", most_an_hour="0", jump="5", reason="x")
    assert "must lie between 1 and 10000" in boss.text
    await boss.send(f"{rule}/bounds", most_an_hour="7", jump="0", reason="")
    assert "This can&#39;t be blank." in boss.text
    await boss.send(f"{rule}/bounds", most_an_hour="7", jump="0", reason="Small")
    assert "more than 7 posts an hour." in boss.text


async def test_the_editor_asks_what_is_wrong(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    await boss.open(f"{HERE}/new")
    answer = await press(boss, f"{HERE}/check", source=LINKS)
    assert answer.json() == {"faults": [], "cost": answer.json()["cost"], "examples": 2}
    answer = await press(boss, f"{HERE}/check", source=LINKS.replace("post.links", "post.link"))
    assert answer.json()["faults"][0] == {
        "line": 2,
        "column": 13,
        "words": "there is no feature post.link; post.links may be meant",
    }


async def test_a_rule_that_put_itself_back_is_seen(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    services = streets.rostra.services
    async with services.db.write() as tx:
        made = await edit.add(services, tx, owner(), name="links", source=LINKS, reason="Spam")
        why = "The flood is on already"
        await switch.switch(
            services,
            tx,
            owner(),
            made.id,
            version=1,
            state=State.LIVE,
            reason=why,
            untried=True,
        )
        assert await switch.put_back(services, tx, made.id, 1, "It caught more than 100 posts")
    text = (await boss.open(f"{HERE}/{made.id}")).text
    assert "put itself back to shadow" in text
    assert "It caught more than 100 posts" in text
    assert "somebody who is gone" in text  # nobody has the number that the test acts as
    streets.rostra.clock.advance(DAY)
    assert "links: version 1 put itself back" in (await boss.open(HERE)).text


async def test_moderators_read_rules_and_others_do_not(streets: Streets) -> None:
    _, boss = await staff(streets, Role.ADMIN)
    await boss.open(f"{HERE}/new")
    await boss.send(f"{HERE}/new", **NEW)
    rule = boss.path
    _, mo = await staff(streets)
    assert "A new rule" not in (await mo.open(HERE)).text
    assert "Switch it" not in (await mo.open(rule)).text
    assert (await mo.open(f"{HERE}/new")).status_code == 403
    await mo.open(HERE)
    switch_it = {"version": "1", "state": "shadow", "reason": "x"}
    assert (await press(mo, f"{rule}/switch", **switch_it)).status_code == 403
    assert (await press(mo, f"{HERE}/check", source=LINKS)).status_code == 403
    assert (await mo.open(f"{HERE}/1")).status_code == 404
    assert (await mo.open(f"{rule}/versions/9")).status_code == 404
    _, desk = await staff(streets, Role.MEMBER, Duty.NOTICE_DESK)
    assert (await desk.open(HERE)).status_code == 403
