"""Blind second looks on pages: the words, an answer, then what was done about them."""

import re
from html import unescape

import pytest
from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.console import post, staff

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.model import Action, ActionKind, Ruling
from rostra.safety.reviews.sample import Sample, sample
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor, Duty

REVIEWS = "/console/screening/reviews"


async def put_aside(streets: Streets) -> tuple[int, int, int]:
    """One post that passed and one that was removed, put aside in the night; and the decision."""
    ada, _ = await streets.member("ada")
    services, clock = streets.rostra.services, streets.rostra.clock
    clock.advance(DAY - clock.now() % DAY + HOUR)
    fine, spam = await post(ada, "Bread at noon"), await post(ada, "Buy my watches")
    ruling = Ruling(
        actions=(Action(kind=ActionKind.HOLD),), category=Category.SPAM, facts="Many times."
    )
    async with services.db.write() as tx:
        made = await decide_subjects(
            services, tx, Actor(1, Role.MODERATOR), ruling, [Subject(SubjectKind.POST, spam)]
        )
    clock.advance(DAY)
    await sample(services, Sample())
    return fine, spam, made.id


def form_action(browser: Browser) -> str:
    """Where the answer to what is shown goes."""
    found = re.search(rf'action="({REVIEWS}/\d+)"', browser.text)
    assert found, browser.text
    return found[1]


@pytest.mark.postgresql
async def test_what_was_done_is_told_once_somebody_has_said_what_they_think(
    streets: Streets,
) -> None:
    fine, spam, decision = await put_aside(streets)
    _, browser = await staff(streets)
    await browser.open(REVIEWS)
    assert browser.text.count(">Screening<") == 1, "each part of the console stands there once"
    told: dict[str, str] = {}
    for _ in range(2):
        before = unescape(browser.text)
        is_spam = "Buy my watches" in before
        assert is_spam or "Bread at noon" in before
        blind = before.partition('id="next-h"')[2].partition("Agreement by week")[0]
        secrets = (str(fine), str(spam), str(decision), "@ada", "It was decided on")
        assert not any(secret in blind for secret in secrets)
        await browser.send(form_action(browser), None)
        assert "must be chosen" in unescape(browser.text)
        answer = await browser.send(form_action(browser), None, view="against", category="")
        assert answer.status_code == 422
        assert "must be named" in unescape(answer.text)
        chosen = {"view": "against", "category": "spam"} if is_spam else {"view": "unsure"}
        answer = await browser.send(form_action(browser), None, **chosen)
        assert answer.status_code == 200
        told["spam" if is_spam else "fine"] = unescape(browser.text)
    assert "That agrees" in told["spam"]
    assert "It was decided on as Spam" in told["spam"]
    assert f'href="/console/decisions/{decision}"' in told["spam"]
    assert "Nobody can tell" in told["fine"]
    assert f'href="/posts/{fine}"' in told["fine"]
    last = unescape(browser.text)
    assert "Nothing waits for you" in last
    assert "100%" in last
    done = browser.path
    _, other = await staff(streets)
    assert "You said" not in (await other.open(done)).text, "what others said is theirs"


async def test_who_sees_some_categories_alone_looks_at_none(streets: Streets) -> None:
    await put_aside(streets)
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    text = (await auditor.open(REVIEWS)).text
    assert "Agreement by week" in text
    assert "watches" not in text
    assert "Nothing waits for you" not in text
    _, reviewer = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert (await reviewer.open(REVIEWS)).status_code == 403
    _, member = await streets.member("bela")
    assert (await member.open(REVIEWS)).status_code == 404
