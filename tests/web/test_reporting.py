"""Members report by forms without script, and see what became of it."""

import re

from tests.safety.moderating import moderator, ruling
from tests.web.conftest import Streets

from rostra.kernel.paging import Page
from rostra.safety.categories.model import Category
from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind
from rostra.safety.reports import access
from rostra.safety.reports.model import Report
from rostra.safety.subjects import Subject, SubjectKind


async def reports_of(streets: Streets, reporter_id: int) -> list[Report]:
    """What somebody has reported, the newest first."""
    async with streets.rostra.db.read() as reader:
        return await access.listed(reader, Page(40), reporter_id=reporter_id)


async def test_a_post_is_reported_from_its_menu(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    ada, browser = await streets.member("ada")
    post, other = [await streets.town.post(bob, text) for text in ("You fool", "And you")]
    await browser.open(f"/@bob/{post}")
    [path] = set(re.findall(r"/posts/[0-9]+/report", browser.text))
    await browser.open(path)
    for words in ("You fool", "And you", "Harassment", "does not learn who reported"):
        assert words in browser.text, words
    form = {"harm": "harassment", "comment": "He insults me.", "posts[]": other}
    await browser.send(path, None, **form)
    assert browser.path == "/settings/reports"
    assert "Thank you." in browser.text
    assert "The team has not decided yet" in browser.text
    [report] = await reports_of(streets, ada.id)
    assert report.post_ids == tuple(sorted((int(post), int(other))))
    assert (report.row.category, report.row.comment) == (Category.HARASSMENT, "He insults me.")


async def test_an_account_is_reported_from_its_profile(streets: Streets) -> None:
    bob, theirs = await streets.member("bob")
    ada, browser = await streets.member("ada")
    await browser.open("/@bob")
    path = f"/accounts/{bob.id}/report"
    assert path in browser.text
    await browser.open(path)
    await browser.send(path, None, harm="spam")
    [report] = await reports_of(streets, ada.id)
    assert report.post_ids == ()
    assert report.row.target_account_id == bob.id
    assert "You have reported nothing" in (await theirs.open("/settings/reports")).text


async def test_the_outcome_is_told_without_what_was_done(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    _, browser = await streets.member("ada")
    posts = [int(await streets.town.post(bob, text)) for text in ("one", "two")]
    for post in posts:
        await browser.open(f"/posts/{post}/report")
        await browser.send(f"/posts/{post}/report", None, harm="spam")
    for post, kind in zip(posts, (ActionKind.REMOVE, ActionKind.NONE), strict=True):
        found = kind is not ActionKind.NONE
        what = ruling(kind) if found else ruling(kind, ground=0, facts="")
        async with streets.rostra.db.write() as tx:
            subject = Subject(SubjectKind.POST, post)
            await deciding.decide_subjects(
                streets.rostra.services, tx, moderator(471_147_114), what, [subject]
            )
    await browser.open(f"/posts/{posts[1]}/report")
    assert "The team decided about this on" in browser.text
    await browser.open(f"/accounts/{bob.id}/report")
    assert "The team decided about this on" not in browser.text
    await browser.open("/settings/reports")
    for words in ("The team has acted on it", "The team saw no reason to act"):
        assert browser.text.count(words) == 1, words
    assert "471147114" not in browser.text
    [path] = set(re.findall(r"/settings/reports/[0-9]+/object", browser.text))
    _, other = await streets.member("cat")
    assert (await other.open(path)).status_code == 404
    await browser.open(path)
    await browser.send(path, None, text="Look again.")
    assert "You have objected. It will be answered by" in browser.text
    assert path not in browser.text


async def test_what_is_wrong_is_shown_with_what_was_typed(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    ada, browser = await streets.member("ada")
    post = await streets.town.post(bob, "one")
    path = f"/posts/{post}/report"
    await browser.open(path)
    await browser.send(path, None, comment="Because.")
    assert browser.page.status_code == 422
    assert "What it is about: This must be chosen." in browser.text
    assert "Because." in browser.text
    await browser.send(path, None, harm="spam", comment="x" * 1001)
    assert browser.page.status_code == 422
    assert "is too long" in browser.text
    assert await reports_of(streets, ada.id) == []


async def test_nobody_reports_what_they_do_not_see(streets: Streets) -> None:
    bob, _ = await streets.member("bob")
    ada, browser = await streets.member("ada")
    hidden = await streets.town.post(bob, "For friends", visibility="private")
    mine = await streets.town.post(ada, "My own")
    for path in (
        f"/posts/{hidden}/report",
        f"/posts/{mine}/report",
        f"/accounts/{ada.id}/report",
        "/accounts/1/report",
    ):
        assert (await browser.open(path)).status_code == 404, path
    open_ = await streets.town.post(bob, "For all")
    path = f"/posts/{open_}/report"
    await browser.open(path)
    assert "For friends" not in browser.text
    await browser.send(path, None, harm="spam", **{"posts[]": hidden})
    assert browser.page.status_code == 404
    assert await reports_of(streets, ada.id) == []
    visitor = streets.visitor()
    await visitor.open(path)
    assert visitor.path.startswith("/sign-in")
