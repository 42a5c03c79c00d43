"""The console: deciding one case and several, the second person, taking back."""

from typing import Any

import pytest
from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.console import HERE, case, post, said, staff, there, waiting

from rostra.kernel.clock import DAY, HOUR
from rostra.network.credentials.model import Role
from rostra.network.instance import rules
from rostra.safety.cases.model import CaseState
from rostra.safety.categories.model import Category
from rostra.safety.decisions import access as decisions_access
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.decisions.model import Decision
from rostra.safety.team.model import Duty

DECIDE = f"{HERE}/decide"


async def _one(streets: Streets, text: str = "You are a fool, @bela") -> tuple[int, int]:
    """A case about a post; the ids of both."""
    ada, bela = await streets.town.members("ada", "bela")
    post_id = await post(ada, text)
    await said(streets, bela, ada, post_id)
    (found,) = await waiting(streets)
    return found.id, post_id


async def _latest(streets: Streets) -> Decision:
    async with streets.rostra.db.read() as reader:
        return (await decisions_access.listed(reader, limit=1))[0]


async def _confirm(browser: Browser, **fields: Any) -> None:
    """Send the form of the page that is open, to be shown once more."""
    await browser.send(DECIDE, None, **{"step": "confirm", **fields})


async def test_a_case_is_decided_in_two_steps(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{case_id}")
    facts = browser.form(DECIDE).fields["facts"]
    assert facts.startswith("Reported once as “")
    assert "0 now, 0 after this" in browser.text
    fields = {
        "actions[]": ["remove", "freeze"],
        "ends[freeze]": "7d",
        "strikes": "3",
        "facts": "It insults @bela.",
        "words": "Please be kind.",
        "note": "The third time.",
    }
    await _confirm(browser, **fields)
    expected = (
        *("Decide?", "Remove", "for good", "Freeze", "until <time", "3 after this"),
        *("the house proposes: freeze for 1 day", "Please be kind.", "The third time."),
    )
    for words in expected:
        assert words in browser.text, words
    assert await there(streets, post_id)
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    assert "Decided." in browser.text
    decision = await _latest(streets)
    assert browser.path == f"{HERE}/decisions/{decision.id}"
    assert not await there(streets, post_id)
    assert (await case(streets, case_id)).status.state == CaseState.DECIDED
    assert (decision.strikes, decision.facts, decision.words, decision.note) == (
        3, "It insults @bela.", "Please be kind.", "The third time.",
    )  # fmt: skip
    assert [action.ends_at for action in decision.done] == [0, decision.created_at + 7 * DAY]
    await browser.open(f"{HERE}/cases/{case_id}")
    assert "It is decided." in browser.text
    assert 'action="/console/decide"' not in browser.text
    assert "3 strikes" in browser.text


def _repeated(browser: Browser) -> dict[str, Any]:
    """The fields of the confirmation that stand there more than once."""
    text = browser.text
    found: dict[str, Any] = {}
    for name in ("cases[]", "actions[]", "profile[]"):
        parts = text.split(f'<input type="hidden" name="{name}" value="')[1:]
        found[name] = [part.partition('"')[0] for part in parts]
    return {name: values for name, values in found.items() if values}


async def test_what_is_missing_is_said_where_it_is(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets)
    here = f"{HERE}/cases/{case_id}"

    async def refused(expected: str, **fields: Any) -> None:
        await browser.open(here)
        await _confirm(browser, **fields)
        assert browser.page.status_code == 422
        assert expected in browser.text

    await refused("blank")
    await refused("blank", **{"actions[]": "remove", "facts": " "})
    await refused("blank", **{"actions[]": "label"})
    await refused("1 to 10", **{"actions[]": "hide_on", "surfaces": " , "})
    await refused("must be some of", **{"actions[]": "fields"})
    await refused("must be a number", **{"actions[]": "remove", "strikes": "many"})
    await refused("is no category", **{"actions[]": "remove", "decided_as": "gossip"})
    await refused("an unknown one: burn", **{"actions[]": "burn"})
    await refused("beside no action", **{"actions[]": ["none", "remove"]})
    await refused("blank", **{"actions[]": "remove", "ground": "law"})
    await refused(
        "places left to fill: {which words}",
        **{"actions[]": "remove", "words": "These: {which words}", "note": "Kept as typed"},
    )
    assert "Kept as typed" in browser.text
    assert browser.form(DECIDE).fields["words"] == "These: {which words}"
    assert await there(streets, post_id)


async def test_words_come_from_templates_in_the_members_language(streets: Streets) -> None:
    case_id, _ = await _one(streets)
    async with streets.rostra.db.write() as tx:
        rule_id = await rules.add_rule(streets.rostra.services, tx, "Be kind.")
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{case_id}")
    chosen = {"template": "rule", "clause_id": str(rule_id), "spoken": "de", "actions[]": "remove"}
    await browser.send(DECIDE, None, step="template", **chosen)
    words = browser.form(DECIDE).fields["words"]
    assert "gilt diese Regel: Be kind." in words
    assert words.count("{") == 1
    await _confirm(browser, **chosen, words=words)
    assert "places left to fill: {warum}" in browser.text
    await _confirm(browser, **chosen, words=words.replace("{warum}", "er Bela beleidigt"))
    assert "Rule of the house: Be kind." in browser.text
    assert "er Bela beleidigt" in browser.text
    await browser.send(DECIDE, None, step="back", **_repeated(browser))
    assert "er Bela beleidigt" in browser.form(DECIDE).fields["words"]
    assert browser.form(DECIDE).fields["actions[]"] == "remove"


async def test_the_law_and_the_end(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{case_id}")
    chosen = {
        "actions[]": "hold",
        "ends[hold]": "1h",
        "ground": "law",
        "legal_ground": "§ 185 StGB",
    }
    await _confirm(browser, **chosen)
    assert "The law: § 185 StGB" in browser.text
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    assert "The law: § 185 StGB" in browser.text
    assert not await there(streets, post_id)
    streets.rostra.clock.advance(HOUR + 1)
    async with streets.rostra.db.write() as tx:
        await end_due(streets.rostra.services, tx, EndDue())
    assert await there(streets, post_id)


@pytest.mark.postgresql
async def test_decide_and_take_the_next(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    for number in range(2):
        await said(streets, bela, ada, await post(ada, f"Number {number}"))
    first, second = [each.id for each in await waiting(streets)]
    _, browser = await staff(streets)
    await browser.open(f"{HERE}?view=due")
    await browser.send(f"{HERE}/next")
    for following in (f"{HERE}/cases/{second}?view=due", f"{HERE}?view=due"):
        await _confirm(browser, **{"actions[]": "none"})
        await browser.send(DECIDE, None, step="next", **_repeated(browser))
        assert browser.path == following
    assert "Decided. Nothing else waits" in browser.text
    assert (await case(streets, first)).status.state == CaseState.DECIDED


async def test_somebody_was_faster(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, mine = await staff(streets)
    _, theirs = await staff(streets)
    for browser in (mine, theirs):
        await browser.open(f"{HERE}/cases/{case_id}")
        await _confirm(browser, **{"actions[]": "remove"})
    await theirs.open(f"{HERE}/cases/{case_id}")
    await theirs.send(f"{HERE}/cases/{case_id}/claim")
    await mine.send(DECIDE, None, step="decide", **_repeated(mine))
    assert "Somebody else of the team works on this case" in mine.text
    assert await there(streets, post_id)


async def test_a_reviewer_decides_what_is_theirs(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.HARASSMENT,))
    await browser.open(f"{HERE}/cases/{case_id}")
    await _confirm(browser, **{"actions[]": "suspend"})
    assert "not allowed" in browser.text
    await _confirm(browser, **{"actions[]": "remove"})
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    assert not await there(streets, post_id)
    _, other = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))
    assert (await other.open(browser.path)).status_code == 404
    assert "Remove" not in (await other.open(f"{HERE}/decisions")).text.partition("<main")[2]


async def _many(streets: Streets, number: int) -> tuple[list[str], list[int]]:
    ada, bela = await streets.town.members("ada", "bela")
    posts = [await post(ada, f"Buy pills {each}") for each in range(number)]
    for post_id in posts:
        await said(streets, bela, ada, post_id, category=Category.SPAM)
    return [str(each.id) for each in await waiting(streets)], posts


async def test_several_are_decided_at_once(streets: Streets) -> None:
    chosen, posts = await _many(streets, 3)
    _, browser = await staff(streets)
    await browser.open(HERE)
    await browser.send(f"{HERE}/together")
    assert "Choose the cases first." in browser.text
    await browser.send(f"{HERE}/together", None, **{"cases[]": chosen})
    assert "Decide these together" in browser.text
    assert "3 cases" in browser.text
    await _confirm(browser, **{"cases[]": chosen})
    assert "blank" in browser.text
    await _confirm(browser, **{"cases[]": chosen, "actions[]": "remove", "strikes": "1"})
    assert "@ada: 0 now, 1 after this." in browser.text
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    assert "3 subjects" in browser.text
    assert [await there(streets, each) for each in posts] == [False] * 3


async def test_many_wait_for_a_second_person(streets: Streets) -> None:
    chosen, posts = await _many(streets, 51)
    _, first = await staff(streets)
    _, second = await staff(streets)
    await first.open(f"{HERE}?show=200")
    await first.send(f"{HERE}/together", None, **{"cases[]": chosen})
    assert "a second person has to agree" in first.text
    await _confirm(first, **{"cases[]": chosen, "actions[]": "remove"})
    assert "Propose it" in first.text
    await first.send(DECIDE, None, step="decide", **_repeated(first))
    assert "It waits for a second person now." in first.text
    here = first.path
    assert f"{here}/agree" not in first.text
    assert await there(streets, posts[0])
    assert "Buy pills" not in (await second.open(f"{HERE}/decisions?state=waiting")).text
    assert here in second.text
    await second.open(here)
    await second.send(f"{here}/agree")
    assert "You agreed." in second.text
    assert "0 of 51" in second.text
    await streets.rostra.work()
    assert "In force" in (await second.open(here)).text
    assert not await there(streets, posts[0])


@pytest.mark.postgresql
async def test_a_proposal_is_refused(streets: Streets) -> None:
    chosen, posts = await _many(streets, 51)
    _, first = await staff(streets)
    _, second = await staff(streets)
    await first.open(f"{HERE}?show=200")
    await first.send(f"{HERE}/together", None, **{"cases[]": chosen})
    await _confirm(first, **{"cases[]": chosen, "actions[]": "remove"})
    await first.send(DECIDE, None, step="decide", **_repeated(first))
    here = first.path
    await second.open(here)
    await second.send(f"{here}/refuse")
    assert "Refused by the second person" in second.text
    assert await there(streets, posts[0])
    assert len(await waiting(streets)) == 51


async def test_taking_back_and_opening_again(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{case_id}")
    await _confirm(browser, **{"actions[]": "remove"})
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    here = browser.path
    await browser.send(f"{here}/undo", facts=" ")
    assert browser.page.status_code == 422
    assert "Say why" in browser.text
    await browser.send(f"{here}/undo", facts="It was a quote.", reopen="1")
    assert "It is taken back." in browser.text
    assert "It was a quote." in browser.text
    assert await there(streets, post_id)
    assert (await case(streets, case_id)).status.state == CaseState.OPEN
    await browser.open(here)
    assert "Taken back" in browser.text
    assert f"{here}/undo" not in browser.text
    assert "Opened again" in (await browser.open(f"{HERE}/cases/{case_id}")).text


async def test_the_list_of_decisions_has_pages_and_a_fixed_price(streets: Streets) -> None:
    _, browser = await staff(streets)
    assert "No decisions here" in (await browser.open(f"{HERE}/decisions")).text
    assert (
        "Nothing waits for a second" in (await browser.open(f"{HERE}/decisions?state=waiting")).text
    )
    assert (await browser.open(f"{HERE}/decisions?state=gossip")).status_code == 404
    ada, bela = await streets.town.members("ada", "bela")
    spent = []
    for _ in range(2):
        for number in range(2):
            await said(streets, bela, ada, await post(ada, f"Number {number}"))
            await browser.open(HERE)
            await browser.send(f"{HERE}/next")
            await _confirm(browser, **{"actions[]": "sensitive"})
            await browser.send(DECIDE, None, step="next", **_repeated(browser))
        await browser.open(f"{HERE}/decisions")
        with streets.rostra.counted() as counted:
            await browser.open(f"{HERE}/decisions")
        spent.append(counted.statements)
    assert spent[0] == spent[1]
    assert browser.text.count("Mark as sensitive") == 4


async def test_an_auditor_may_not_take_back(streets: Streets) -> None:
    case_id, post_id = await _one(streets)
    _, browser = await staff(streets)
    await browser.open(f"{HERE}/cases/{case_id}")
    await _confirm(browser, **{"actions[]": "remove"})
    await browser.send(DECIDE, None, step="decide", **_repeated(browser))
    here = browser.path
    _, auditor = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    await auditor.open(here)
    assert "In force" in auditor.text
    token = auditor.form("/sign-out").fields["csrf_token"]
    for verb in ("undo", "agree", "refuse"):
        data = {"csrf_token": token, "facts": "x"}
        answer = await auditor.client.post(f"{here}/{verb}", data=data, follow_redirects=True)
        assert answer.status_code == 403 or "not allowed" in answer.text
    assert not await there(streets, post_id)
