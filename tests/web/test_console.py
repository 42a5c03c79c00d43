"""The console: who finds it, the queue, a case, and what is done with it before it is decided."""

import pytest
from tests.harness.browser import Browser
from tests.web.conftest import Streets
from tests.web.console import HERE, case, post, said, staff, waiting

from rostra.hosting.parties import note as parties
from rostra.hosting.parties.model import Noted
from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.accounts import access as accounts_access
from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category, Sender
from rostra.safety.team.model import Duty
from rostra.web.routes import all_routes


async def _two_cases(streets: Streets) -> tuple[int, int]:
    """An insult and a call to violence, of the same author; the ids of their cases."""
    ada, bela = await streets.town.members("ada", "bela")
    first = await post(ada, "You are a fool, @bela")
    second = await post(ada, "Burn the house down tonight", spoiler_text="Angry")
    await said(streets, bela, ada, first, comment="He is rude.")
    await said(streets, bela, ada, second, category=Category.VIOLENCE_INCITEMENT)
    worst, other = await waiting(streets)
    assert (worst.subject_id, other.subject_id) == (second, first)
    return worst.id, other.id


async def test_nobody_else_knows_of_it(streets: Streets) -> None:
    _, member = await streets.member("ada")
    gone = (await member.open("/lists/123")).text.partition("<main")[2].partition("</main")[0]
    await member.open("/home")
    token = member.form("/sign-out").fields["csrf_token"]
    for route in all_routes():
        if not route.path.startswith(HERE):
            continue
        path = route.path.replace("{id}", "123")
        if route.method == "GET":
            answer = await member.open(path)
        else:
            answer = await member.client.post(path, data={"csrf_token": token, "words": "x"})
        assert answer.status_code == 404, path
        assert answer.text.partition("<main")[2].partition("</main")[0] == gone, path
    assert HERE not in (await member.open("/home")).text
    visitor = streets.visitor()
    await visitor.open(HERE)
    assert visitor.path.startswith("/sign-in")


@pytest.mark.parametrize(
    ("role", "duties"),
    [
        (Role.OWNER, Duty(0)),
        (Role.MODERATOR, Duty(0)),
        (Role.MEMBER, Duty.AUDITOR),
        (Role.MEMBER, Duty.NOTICE_DESK),
    ],
)
async def test_the_team_is_led_to_it(streets: Streets, role: Role, duties: Duty) -> None:
    _, browser = await staff(streets, role, duties)
    await browser.open("/home")
    assert 'href="/console"' in browser.text
    assert (await browser.open(HERE)).status_code == 200
    assert "Nothing waits" in browser.text


async def test_the_queue_says_why(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    _, browser = await staff(streets)
    text = (await browser.open(HERE)).text
    assert text.index(f"/console/cases/{worst}") < text.index(f"/console/cases/{other}")
    for words in ("Burn the house down", "severity critical", "due ", "1 report", "@ada", "Angry"):
        assert words in text
    assert "Call to violence" in text
    streets.rostra.clock.advance(5 * HOUR)
    assert "late by" in (await browser.open(HERE)).text


async def test_views_of_the_queue(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    _, browser = await staff(streets)

    async def shown(query: str) -> list[bool]:
        text = (await browser.open(f"{HERE}?{query}")).text
        return [f"/console/cases/{each}" in text for each in (worst, other)]

    assert await shown("category=harassment") == [False, True]
    assert await shown("category=spam") == [False, False]
    assert "Nothing waits here" in browser.text
    assert await shown("language=fr") == [False, False]
    assert await shown("language=en&view=due") == [True, True]
    assert await shown("source=letter") == [False, False]
    assert await shown("source=member&category=harassment") == [False, True]
    assert await shown("view=mine") == [False, False]
    assert await shown("view=escalated") == [False, False]
    assert (await browser.open(f"{HERE}?category=gossip")).status_code == 404
    assert (await browser.open(f"{HERE}?source=gossip")).status_code == 404


async def test_a_long_queue_has_pages(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    for number in range(5):
        await said(streets, bela, ada, await post(ada, f"Number {number}"))
    _, browser = await staff(streets)
    seen: list[str] = []
    path = f"{HERE}?show=2&view=due"
    for _ in range(3):
        text = (await browser.open(path)).text
        seen += [f"Number {n}" for n in range(5) if f"Number {n}<" in text]
        _, found, rest = text.partition('<nav class="pager"')
        path = rest.partition('href="')[2].partition('"')[0].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 5
    assert path == ""


async def test_the_queue_costs_the_same_however_long(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    _, browser = await staff(streets)

    async def statements() -> int:
        await browser.open(HERE)
        with streets.rostra.counted() as seen:
            await browser.open(HERE)
        return seen.statements

    await said(streets, bela, ada, await post(ada, "One"))
    first = await statements()
    for number in range(6):
        await said(streets, bela, ada, await post(ada, f"More {number}"))
    assert await statements() == first


async def test_taking_the_next_and_what_another_sees(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    first, mine = await staff(streets)
    _, theirs = await staff(streets)
    await mine.open(HERE)
    await mine.send(f"{HERE}/next")
    assert mine.path == f"{HERE}/cases/{worst}"
    assert "Yours until" in mine.text
    await theirs.open(f"{HERE}/cases/{worst}")
    assert f"@{first.name}" in theirs.text
    assert "works on it" in theirs.text
    assert 'action="/console/decide"' not in theirs.text
    await theirs.open(HERE)
    assert "Held by" in theirs.text
    await theirs.send(f"{HERE}/next")
    assert theirs.path == f"{HERE}/cases/{other}"
    await theirs.open(HERE)
    await theirs.send(f"{HERE}/next")
    assert theirs.path == HERE
    assert "Nothing else waits" in theirs.text
    answer = await theirs.client.post(
        f"{HERE}/cases/{worst}/skip",
        data={"csrf_token": theirs.form("/sign-out").fields["csrf_token"]},
        follow_redirects=True,
    )
    assert "Somebody else of the team works on this case" in answer.text
    streets.rostra.clock.advance(16 * MINUTE)
    await theirs.open(f"{HERE}/cases/{worst}")
    await theirs.send(f"{HERE}/cases/{worst}/claim")
    assert "Yours until" in theirs.text


async def test_skip_goes_on_and_release_gives_back(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    _, browser = await staff(streets)
    await browser.open(HERE)
    await browser.send(f"{HERE}/next")
    await browser.send(f"{HERE}/cases/{worst}/skip")
    assert browser.path == f"{HERE}/cases/{other}"
    await browser.send(f"{HERE}/cases/{other}/release")
    assert "Take it" in browser.text
    assert "Put aside" in (await browser.open(f"{HERE}/cases/{worst}")).text


async def test_notes_and_escalation(streets: Streets) -> None:
    worst, _ = await _two_cases(streets)
    _, browser = await staff(streets)
    here = f"{HERE}/cases/{worst}"
    await browser.open(here)
    await browser.send(f"{here}/note", words="Seen before, in spring.")
    assert "Seen before, in spring." in browser.text
    await browser.send(f"{here}/note", words="  ")
    assert browser.page.status_code == 422
    assert "blank" in browser.text
    await browser.open(here)
    await browser.send(f"{here}/escalate", words="The police should know.")
    assert "Escalated" in browser.text
    assert f"/console/cases/{worst}" in (await browser.open(f"{HERE}?view=escalated")).text
    await browser.open(here)
    await browser.send(f"{here}/calm")
    assert not (await case(streets, worst)).status.escalated


@pytest.mark.postgresql
async def test_handing_over_recategorising_merging_splitting(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    second, theirs = await staff(streets)
    _, browser = await staff(streets)
    here = f"{HERE}/cases/{other}"
    await browser.open(here)
    await browser.send(f"{here}/recategorise", **{"as": "hate"})
    assert (await case(streets, other)).status.category == Category.HATE
    await browser.send(f"{here}/merge", into=str(worst))
    assert browser.path == f"{HERE}/cases/{worst}"
    await browser.open(here)
    assert "was merged into" in browser.text
    await browser.send(f"{here}/split")
    await browser.send(f"{here}/hand-over", to=str(second.id), words="You know them.")
    assert f"Held by <bdi>@{second.name}" in browser.text
    assert "You know them." in browser.text
    assert "Yours until" in (await theirs.open(here)).text
    await theirs.send(f"{here}/hand-over", to="1")
    assert theirs.page.status_code == 422
    assert "nobody who could take it" in theirs.text


async def test_a_case_shows_what_it_is_about(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    _, browser = await staff(streets)
    text = (await browser.open(f"{HERE}/cases/{other}")).text
    for words in (
        "You are a fool",
        "He is rude.",
        "@bela",
        "ordinary weight",
        "0 strikes",
        "Opened",
    ):
        assert words in text
    assert f"/console/cases/{worst}" in text  # another open case of the same author
    text = (await browser.open(f"{HERE}/cases/{worst}")).text
    assert "Content warning" in text
    assert (await browser.open(f"{HERE}/cases/123")).status_code == 404


@pytest.mark.postgresql
async def test_accounts_and_what_is_gone(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    gone = await post(ada, "I will be gone")
    await said(streets, bela, ada, gone, source=Sender.OUTSIDER)
    await said(streets, bela, ada, category=Category.IMPERSONATION)
    answer = await ada.client.patch(
        "/api/v1/accounts/update_credentials", json={"note": "The one and only Bela"}
    )
    assert answer.status_code == 200
    assert (await ada.client.delete(f"/api/v1/statuses/{gone}")).status_code == 200
    _, browser = await staff(streets)
    await browser.open(HERE)
    assert "The one and only Bela" in browser.text
    texts = [
        (await browser.open(f"{HERE}/cases/{each.id}")).text for each in await waiting(streets)
    ]
    assert any("It is gone" in text for text in texts)
    assert any("The one and only Bela" in text and "Suspend" in text for text in texts)


async def test_what_is_for_few_is_shown_to_the_team(streets: Streets) -> None:
    ada, bela = await streets.town.members("ada", "bela")
    hidden = await post(ada, "@bela I hate you", visibility="direct")
    await said(streets, bela, ada, hidden)
    _, browser = await staff(streets)
    (found,) = await waiting(streets)
    text = (await browser.open(f"{HERE}/cases/{found.id}")).text
    assert "I hate you" in text
    assert "for those it mentions" in text


async def test_an_auditor_reads_and_changes_nothing(streets: Streets) -> None:
    worst, _ = await _two_cases(streets)
    _, browser = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    here = f"{HERE}/cases/{worst}"
    assert "Take the next" not in (await browser.open(HERE)).text
    await browser.open(here)
    assert "Burn the house down" in browser.text
    assert "Write a note" not in browser.text
    assert 'action="/console/decide"' not in browser.text
    token = browser.form("/sign-out").fields["csrf_token"]
    paths = [route.path.replace("{id}", str(worst)) for route in all_routes()
             if route.method == "POST" and route.path.startswith(f"{HERE}/cases")]  # fmt: skip
    for path in (*paths, f"{HERE}/next", f"{HERE}/decide"):
        data = {"csrf_token": token, "words": "x", "cases[]": str(worst), "as": "spam"}
        assert (await browser.client.post(path, data=data)).status_code in {403, 422}, path
    assert (await case(streets, worst)).status.events_count == 2


async def test_a_reviewer_sees_their_categories_alone(streets: Streets) -> None:
    worst, other = await _two_cases(streets)
    _, browser = await staff(streets, Role.MEMBER, Duty.REVIEWER, (Category.HARASSMENT,))
    for query in ("", "?view=due", "?category=violence_incitement", "?language=en"):
        text = (await browser.open(f"{HERE}{query}")).text
        assert str(worst) not in text
        assert "Call to violence" not in text
        assert (str(other) in text) == (not query.startswith("?category"))
    assert (await browser.open(f"{HERE}/cases/{worst}")).status_code == 404
    text = (await browser.open(f"{HERE}/cases/{other}")).text
    assert str(worst) not in text
    assert "Suspend" not in text  # accounts are not theirs to decide
    await browser.send(f"{HERE}/cases/{other}/recategorise", **{"as": "violence_incitement"})
    assert browser.path == HERE
    assert "not yours to see any more" in browser.text


async def test_readiness_is_for_those_who_keep_the_record(streets: Streets) -> None:
    _, browser = await staff(streets, Role.MEMBER, Duty.AUDITOR)
    text = (await browser.open(f"{HERE}/readiness")).text
    assert "Missing: not set: child_safety_contact_name, child_safety_contact_email" in text
    assert "certified" not in text.lower()
    # Parties outside: nobody is named yet, and then somebody is.
    assert '<b>Domain (registrar)</b></p><p class="field-hint">Missing: nobody is named' in text
    services = streets.rostra.services
    given = Noted(kind="registrar", party="Names <b>Ltd</b>", second="Other", noted_by="mo")
    async with services.db.write() as tx:
        await parties.note(services, tx, given)
    text = (await browser.open(f"{HERE}/readiness")).text
    assert "<bdi>Names &lt;b&gt;Ltd&lt;/b&gt;</bdi>" in text
    assert "Missing: never rehearsed" in text
    assert "Second: <bdi>Other</bdi>" in text
    assert "Noted by <bdi>mo</bdi>" in text
    _, desk = await staff(streets, Role.MEMBER, Duty.NOTICE_DESK)
    assert (await desk.open(f"{HERE}/readiness")).status_code == 404
    assert f"{HERE}/readiness" not in (await desk.open(HERE)).text


async def test_how_things_are_seen_is_kept(streets: Streets) -> None:
    worst, _ = await _two_cases(streets)
    _, browser = await staff(streets)
    here = f"{HERE}/cases/{worst}"
    await browser.open(here)
    assert _switches(browser) == ["blur", "grey", "mute", "keys"]
    assert "look-blur look-grey" in browser.text
    assert "js/console.js" in browser.text
    form = browser.form(f"{HERE}/look")
    token = {name: form.fields[name] for name in ("csrf_token", "next")}
    await browser.client.post(f"{HERE}/look", data={**token, "mute": "1"})
    await browser.open(here)
    assert _switches(browser) == ["mute"]
    assert 'class="desk"' in browser.text
    assert "js/console.js" not in browser.text


def _switches(browser: Browser) -> list[str]:
    fields = browser.form(f"{HERE}/look").fields
    return [name for name in ("blur", "grey", "mute", "keys") if name in fields]


async def test_a_reporter_is_warned_and_then_set_aside_beside_their_report(
    streets: Streets,
) -> None:
    worst, _ = await _two_cases(streets)
    _, browser = await staff(streets)
    here = f"{HERE}/cases/{worst}"
    await browser.open(here)
    await browser.send(f"{here}/reporter", facts="")
    assert "Facts can&#39;t be blank" in browser.text
    await browser.send(f"{here}/reporter", facts="He reports whatever she says.")
    for words in ("They are warned.", "Warned about their reports", "for 30 days"):
        assert words in browser.text, words
    await browser.send(f"{here}/reporter", facts="And again.", days="30")
    for words in ("Their reports are set aside.", "What they report is set aside until"):
        assert words in browser.text, words
    async with streets.rostra.db.read() as reader:
        bela = await accounts_access.any_by_username(reader, "bela")
    assert bela
    hers = await streets.signed_in(bela.id)
    await hers.open("/settings/moderation")
    for words in ("A warning about your reports", "Your reports are set aside"):
        assert words in hers.text, words
