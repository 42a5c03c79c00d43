"""The console shows what was reported as it was, to whoever says why."""

import pytest
from tests.harness.crowd import good
from tests.pictures import photo
from tests.web.conftest import Streets
from tests.web.console import HERE, post, said, staff, waiting

from rostra.kernel.clock import MINUTE
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.team.model import Actor, Duty


async def _deleted(streets: Streets) -> tuple[int, bytes]:
    """A post with a picture, reported and then deleted; its case, and what the picture was."""
    ada, bela = await streets.town.members("ada", "bela")
    data = bytes(photo(64, 48).pngsave_buffer())
    picture = await streets.town.picture(ada, data, description="a boat")
    question = await post(bela, "Who is a fool?")
    post_id = await post(
        ada,
        "You are\na fool <b>",
        spoiler_text="Rude",
        in_reply_to_id=str(question),
        media_ids=[picture["id"]],
    )
    seen = await streets.town.anybody.get(picture["url"].partition("8420")[2])
    await said(streets, bela, ada, post_id)
    query = {"delete_media": "true"}
    good(await ada.client.delete(f"/api/v1/statuses/{post_id}", params=query))
    await streets.rostra.work()
    (case,) = await waiting(streets)
    return case.id, seen.content


def _hold(text: str) -> str:
    return f"{HERE}/evidence/" + text.partition(f"{HERE}/evidence/")[2].partition('"')[0]


@pytest.mark.postgresql
async def test_a_deleted_post_is_shown_as_it_was_reported(streets: Streets) -> None:
    case_id, picture = await _deleted(streets)
    _, browser = await staff(streets)
    text = (await browser.open(f"{HERE}/cases/{case_id}")).text
    assert "It is deleted, and kept here as it was seen" in text
    assert "a fool" not in text
    hold = _hold(text)
    text = (await browser.open(hold)).text
    assert "Why do you open it?" in text
    assert "Deleted since" in text
    assert f'href="{HERE}/cases/{case_id}"' in text
    for words in ("a fool", "Rude", "Log", f"{hold}/release"):
        assert words not in text
    assert (await browser.open(f"{hold}/file?place=1")).status_code == 404
    await browser.open(hold)
    await browser.send(f"{hold}/open", why=" ")
    assert browser.page.status_code == 422
    assert "blank" in browser.text
    await browser.send(f"{hold}/open", why="Its author appeals")
    for words in ("You are\na fool &lt;b&gt;", "Rude", "a boat", "Who is a fool?", "@bela"):
        assert words in browser.text, words
    shown = await browser.client.get(f"{hold}/file?place=1")
    assert shown.content == picture
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["cache-control"] == "private, no-store"
    assert "sandbox" in shown.headers["content-security-policy"]
    part = await browser.client.get(f"{hold}/file?place=1", headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, picture[:4])
    still = await browser.client.get(f"{hold}/file?place=1&still=1")
    assert still.status_code == 200
    for wrong in ("place=2", "place=x", ""):
        assert (await browser.client.get(f"{hold}/file?{wrong}")).status_code == 404
    streets.rostra.clock.advance(31 * MINUTE)
    assert "Why do you open it?" in (await browser.open(hold)).text


async def test_it_is_kept_longer_and_ended_and_the_log_tells(streets: Streets) -> None:
    case_id, _ = await _deleted(streets)
    mod, browser = await staff(streets)
    _, admin = await staff(streets, Role.ADMIN)
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    _, desk = await staff(streets, Role.MEMBER, Duty.NOTICE_DESK)
    hold = _hold((await browser.open(f"{HERE}/cases/{case_id}")).text)
    await browser.open(hold)
    await browser.send(f"{hold}/extend", days="0", why="x")
    assert browser.page.status_code == 422
    await browser.send(f"{hold}/extend", days="400", why="Police order 12/26")
    assert "By hand, until" in browser.text
    assert hold not in (await desk.open(f"{HERE}/cases/{case_id}")).text
    assert (await desk.open(hold)).status_code == 404
    assert (await desk.open(f"{HERE}/evidence")).status_code == 403
    assert "It is deleted, and kept" in (await auditor.open(f"{HERE}/cases/{case_id}")).text
    text = (await auditor.open(f"{HERE}/evidence")).text
    for words in (hold, "Kept for longer", "Police order 12/26", f"@{mod.name}"):
        assert words in text
    text = (await auditor.open(hold)).text
    assert "opened by moderators" in text
    assert "Police order" in text
    await admin.open(hold)
    await admin.send(f"{hold}/release", why="")
    assert admin.page.status_code == 422
    await admin.send(f"{hold}/release", why="The victim asks")
    assert "A case or an appeal about it is open" in admin.text
    async with streets.rostra.db.write() as tx:
        nothing = Ruling(actions=(Action(kind=ActionKind.NONE),), category=Category.HARASSMENT)
        actor = Actor(mod.id, Role.MODERATOR)
        await decide(streets.rostra.services, tx, actor, nothing, [case_id])
    await admin.open(hold)
    await admin.send(f"{hold}/release", why="The victim asks")
    assert "What was kept is gone" in admin.text
    assert "Ended before its time" in admin.text
    assert "Nothing is kept" in (await admin.open(f"{HERE}/evidence")).text
    assert hold in (await admin.open(f"{HERE}/evidence?gone=1")).text
