"""Clusters in the console: read, corrected, decided at once, let stand, taken back as a whole."""

from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.console import HERE, post, said, staff, there, waiting

from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.team.model import Duty

FLOOD = (
    "They sold our town. Saturday at noon we meet at the old market square, bring rope and make "
    "the mayor pay for what he did!"
)
ABOUT = f'My neighbour wrote "{FLOOD}" and I reported it'
CLUSTERS = f"{HERE}/clusters"


async def _flood(streets: Streets, prefix: str, *texts: str) -> list[int]:
    """Posts of different people, each reported; their ids."""
    reporter = await streets.town.member(f"{prefix}reporter")
    ids = []
    for at, text in enumerate(texts):
        author = await streets.town.member(f"{prefix}{at}")
        ids.append(await post(author, text))
        category = Category.VIOLENCE_INCITEMENT
        await said(streets, reporter, author, ids[-1], category=category)
    await streets.rostra.work()
    return ids


async def test_a_cluster_is_corrected_decided_let_stand_and_undone(streets: Streets) -> None:
    posts = await _flood(streets, "a", FLOOD, FLOOD, FLOOD, ABOUT)
    cases = {each.subject_id: each for each in await waiting(streets)}
    cluster = f"{CLUSTERS}/{cases[posts[0]].cluster_id}"
    _, browser = await staff(streets)
    listed = (await browser.open(CLUSTERS)).text
    assert f'href="{cluster}"' in listed
    assert "3 open members of 3, by 3 accounts" in listed
    assert "1 outlier" in listed
    # From a case to those that are like it; the outlier says why it is one.
    assert f'href="{cluster}"' in (await browser.open(f"{HERE}/cases/{cases[posts[3]].id}")).text
    assert "to be decided by itself" in browser.text
    page = (await browser.open(cluster)).text
    assert page.index(f"/cases/{cases[posts[3]].id}") < page.index(f"/cases/{cases[posts[1]].id}")
    # One is left out, put back, and left out for good.
    third = str(cases[posts[2]].id)
    for verb in ("leave-out", "take-in", "leave-out"):
        await browser.send(f"{cluster}/{verb}", case=third)
    assert "2 outliers" in browser.text
    assert "2 open members of 2" in browser.text
    elsewhere = await browser.client.post(
        f"{CLUSTERS}/1/leave-out",
        data={"csrf_token": browser.form(f"{cluster}/take-in").fields["csrf_token"], "case": third},
    )
    assert elsewhere.status_code == 404
    # What is missing is said beside the form; nothing has happened.
    await browser.send(f"{HERE}/decide", step="confirm", facts="")
    assert "the form</a> says what is missing" in browser.text
    wrong = {"actions[]": "remove", "stand": "7d", "most": "many", "facts": "A call to murder."}
    await browser.send(f"{HERE}/decide", step="confirm", **wrong)
    assert "must lie between 1 and" in browser.text
    await browser.send(f"{HERE}/decide", step="confirm", most="2")
    assert "2 cases" in browser.text
    assert "Later copies too, for 7 days, 2 at most." in browser.text
    assert await there(streets, posts[0])
    await browser.send(f"{HERE}/decide", step="decide")
    await streets.rostra.work()
    assert [await there(streets, each) for each in posts] == [False, False, True, True]
    assert "Later copies meet it too" in (await browser.open(browser.path)).text
    await _stands_and_is_undone(streets, browser, cluster, posts)


async def _stands_and_is_undone(
    streets: Streets, browser: Browser, cluster: str, posts: list[int]
) -> None:
    """What comes later meets the decision that is open; one undo takes all of it back."""
    decision = browser.path
    # A copy that comes later meets it; the list and the cluster say so.
    (later,) = await _flood(streets, "b", FLOOD)
    assert not await there(streets, later)
    assert "1 copy so far" in (await browser.open(CLUSTERS)).text
    assert "<b>1</b> of at most 2" in (await browser.open(cluster)).text
    # One undo takes all of it back, the copy as well.
    await browser.open(decision)
    await browser.send(f"{decision}/undo", facts="It was a play.", reopen="")
    await streets.rostra.work()
    assert [await there(streets, each) for each in (*posts, later)] == [True] * 5
    assert "That has ended" in (await browser.open(decision)).text


async def test_a_decision_can_be_let_stand_afterwards(streets: Streets) -> None:
    posts = await _flood(streets, "a", FLOOD, FLOOD)
    cluster = f"{CLUSTERS}/{(await waiting(streets))[0].cluster_id}"
    _, browser = await staff(streets)
    await browser.open(cluster)
    fields = {"actions[]": "remove", "facts": "A call to murder.", "step": "confirm"}
    await browser.send(f"{HERE}/decide", **fields)
    assert "Later." not in browser.text
    await browser.send(f"{HERE}/decide", step="decide")
    decision = browser.path
    await streets.rostra.work()
    assert not await there(streets, posts[0])
    await browser.open(decision)
    await browser.send(f"{decision}/stand", stand="", most="0")
    assert "is not one of the choices" in browser.text
    await browser.send(f"{decision}/stand", stand="30d", most="500")
    assert "Later copies meet it too" in browser.text
    lasting = next(each for form in browser.forms() for each in form.actions("") if "/end" in each)
    await browser.send(lasting)
    assert "That has ended" in browser.text
    # Nothing of it is left to decide.
    await browser.open(cluster)
    assert f'action="{HERE}/decide"' not in browser.text
    answer = await browser.client.post(
        f"{HERE}/decide",
        data={
            "csrf_token": browser.form("/sign-out").fields["csrf_token"],
            "cluster": cluster.rpartition("/")[2], "decided_as": "violence_incitement", **fields,
        },
        follow_redirects=True,
    )  # fmt: skip
    assert "Nothing in this cluster is left to decide" in answer.text


async def test_the_list_costs_the_same_and_reviewers_see_theirs(streets: Streets) -> None:
    _, browser = await staff(streets)
    _, reviewer = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.SPAM,))

    async def statements() -> int:
        await browser.open(CLUSTERS)
        with streets.rostra.counted() as seen:
            await browser.open(CLUSTERS)
        return seen.statements

    assert "No clusters wait" in (await browser.open(CLUSTERS)).text
    await _flood(streets, "a", FLOOD, FLOOD)
    first = await statements()
    for at, word in enumerate(("harbour", "library")):
        text = f"Nobody here wants the {word} closed, so on {word} day bring stones for {word} men"
        await _flood(streets, f"c{at}", text, text)
    assert await statements() == first
    cluster = f"{CLUSTERS}/{(await waiting(streets))[0].cluster_id}"
    assert (await browser.open(cluster)).status_code == 200
    assert "No clusters wait" in (await reviewer.open(CLUSTERS)).text
    assert (await reviewer.open(cluster)).status_code == 404
