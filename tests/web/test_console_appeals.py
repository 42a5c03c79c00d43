"""Appeals in the console: read beside the decision, answered with reasons, by somebody else."""

import re

from tests.web.conftest import Streets
from tests.web.console import HERE, post, said, staff, there, waiting

from rostra.network.credentials.model import Role
from rostra.safety.team.model import Duty

APPEALS = f"{HERE}/appeals"


async def _removed(streets: Streets, name: str) -> tuple[int, int, str]:
    """A post is removed, its author objects: its id, who decided, the page of the appeal."""
    author, reporter = await streets.town.members(name, f"{name}reporter")
    post_id = await post(author, "You fool, you")
    await said(streets, reporter, author, post_id)
    (found,) = await waiting(streets)
    who, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{found.id}")
    await browser.send(f"{HERE}/decide", step="confirm", **{"actions[]": "remove"}, facts="Rude.")
    await browser.send(f"{HERE}/decide", step="decide")
    await streets.rostra.work()
    theirs = await streets.signed_in(author.id)
    own = "/settings/moderation"
    listed = (await theirs.open(own)).text
    number = re.search(rf'href="{own}/(\d+)"', listed)
    assert number
    await theirs.open(f"{own}/{number[1]}")
    await theirs.send(f"{own}/{number[1]}/appeal", text="It was a quote.")
    shown = (await browser.open(APPEALS)).text
    filed = shown[: shown.index("It was a quote.")] if name == "ada" else shown
    return post_id, who.id, f"{APPEALS}/{re.findall(rf'{APPEALS}/([0-9]+)', filed)[-1]}"


async def test_an_appeal_is_answered_by_somebody_else(streets: Streets) -> None:
    first, _, here = await _removed(streets, "ada")
    second, by, there_too = await _removed(streets, "bela")
    decider = await streets.signed_in(by)
    text = (await decider.open(APPEALS)).text
    assert text.count("For somebody else") == 1
    assert "It was a quote." in text
    await decider.open(there_too)
    assert "Somebody else has to answer it" in decider.text
    assert f"{there_too}/answer" not in decider.text
    token = decider.form("/sign-out").fields["csrf_token"]
    for step in ("confirm", "answer"):
        fields = {"csrf_token": token, "outcome": "rejected", "reasons": "No.", "step": step}
        answer = await decider.client.post(
            f"{there_too}/answer", data=fields, follow_redirects=True
        )
        assert "Somebody else has to answer this appeal." in answer.text
    # With reasons, in two steps: one is right, of the other the decision stays.
    _, browser = await staff(streets)
    for page, outcome, words, gone in (
        (here, "upheld", "all that it did to them ends", False),
        (there_too, "rejected", "The decision stays as it is", True),
    ):
        await browser.open(page)
        assert "Rude." in browser.text
        await browser.send(f"{page}/answer", step="confirm", reasons="x")
        assert "Say whether they are right" in browser.text
        await browser.send(f"{page}/answer", step="confirm", outcome=outcome, reasons=" ")
        assert "These can&#39;t be blank" in browser.text or "blank" in browser.text
        await browser.send(f"{page}/answer", step="confirm", outcome=outcome, reasons="Read anew.")
        assert words in browser.text
        await browser.send(f"{page}/answer", step="back")
        assert browser.form(f"{page}/answer").fields["reasons"].strip() == "Read anew."
        await browser.send(f"{page}/answer", step="confirm")
        await browser.send(f"{page}/answer", step="answer")
        assert "It is answered" in browser.text
        await streets.rostra.work()
        assert await there(streets, first if page == here else second) is not gone
    assert "No appeals wait" in (await browser.open(APPEALS)).text
    assert "They were right" in (await browser.open(here)).text
    assert "What took the decision back" in browser.text
    assert "The decision stayed" in (await browser.open(there_too)).text
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    for path in (APPEALS, here):
        assert (await auditor.open(path)).status_code in {403, 404}


async def test_the_list_costs_the_same(streets: Streets) -> None:
    _, browser = await staff(streets)

    async def statements() -> int:
        await browser.open(APPEALS)
        with streets.rostra.counted() as seen:
            await browser.open(APPEALS)
        return seen.statements

    await _removed(streets, "ada")
    first = await statements()
    await _removed(streets, "bela")
    assert await statements() == first
