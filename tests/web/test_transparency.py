"""The transparency report, for everybody."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of
from tests.harness.staff import staff
from tests.safety.moderating import decide, queue, report, ruling, undo
from tests.safety.test_appeals import answered, object_to

from rostra.kernel.clock import HOUR
from rostra.network.credentials.model import Role
from rostra.safety.decisions.model import ActionKind, Ground
from rostra.safety.team.model import Actor

HERE = "/about/transparency"
FILES = (
    "1_report_identification.csv",
    "3_member_states_orders.csv",
    "4_notices.csv",
    "5_own_initiative_illegal.csv",
    "6_own_initiative_TC.csv",
    "7_appeals_and_recidivism.csv",
    "8_automated_means.csv",
    "11_qualitative.csv",
    "own_letters_from_outside.csv",
)


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as made:
        yield made


async def text(place: Place, path: str = HERE, status: int = 200) -> str:
    answer = await place.nobody.client.get(path)
    assert answer.status_code == status, answer.text
    return answer.text


async def table(place: Place, file: str) -> list[list[str]]:
    answer = await place.nobody.client.get(f"{HERE}/2027-H1/{file}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.text)))


async def decided(place: Place) -> None:
    """A post removed after two hours, one kept, one removed and given back, one by law."""
    ann, bob = await place.members("ann", "bob")
    for at, what in enumerate(
        (
            ruling(ActionKind.REMOVE),
            ruling(ActionKind.NONE, ground=Ground.NONE, facts=""),
            ruling(ActionKind.REMOVE),
            ruling(ActionKind.REMOVE, ground=Ground.LAW, legal_ground="§ 185 StGB", source=-1),
        )
    ):
        post = await bob.post(f"post {at}")
        await report(ann, bob, post["id"], category="legal" if at == 3 else "violation")
        place.clock.advance(2 * HOUR)
        (case,) = await queue(place)
        made = await decide(place, [case.id], what)
        if at == 2:
            await undo(place, made.id)


async def test_what_was_decided_is_told(place: Place) -> None:
    await decided(place)
    page = await text(place)
    assert "Transparency report 2027-H1" in page
    assert "<dt>Reports</dt><dd>4</dd>" in page
    assert "<dt>Decisions</dt><dd>4</dd>" in page
    assert "<dt>Restrictions that people decided</dt><dd>3</dd>" in page
    assert "<dt>Hours to the decision</dt><dd>2.0 and 2.0</dd>" in page
    assert "Harassment" in page
    assert "4 decided, 2.0 and 2.0 hours, 1 taken back" in page
    assert f'href="{HERE}/2027-H1/4_notices.csv"' in page


async def test_letters_and_appeals_are_told(place: Place) -> None:
    """Two letters are answered, two are overdue; one appeal is right, one is open."""
    mo, ned = await staff(place, "mo"), await staff(place, "ned")
    ann, bob, cora = await place.members("ann", "bob", "cora")
    desk = "/api/rostra/v1/safety/notices"
    for who in (bob, cora):
        post = await who.post("You fool")
        named = f"{place.services.settings.site.base_url}/@x/{post['id']}"
        for number, sender in enumerate(("The police <a@p.example>", "Host <a@host.example>")):
            head = f"From: {sender}\nSubject: Threats\nMessage-ID: <{number}{post['id']}@x>\n\n"
            made = await mo.do(desk, letter=f"{head}Threats of violence: {named}\n")
            if who is bob:
                place.clock.advance(3 * HOUR)
                subject = f"Re: {made['reference']}"
                await mo.do(f"{desk}/{made['id']}/answer", subject=subject, text="Done.")
    await place.app.work()
    place.clock.advance(HOUR)
    for case in await queue(place):
        await decide(place, [case.id], ruling(ActionKind.REMOVE))
    for who in (bob, cora):
        appealed = await object_to(place, who)
        place.clock.advance(4 * HOUR)
        if who is bob:
            await answered(place, appealed.id, Actor(ned.account_id, Role.MODERATOR))
    place.clock.advance(48 * HOUR)
    page = await text(place)
    for label, value in (
        *(("Made", "2"), ("Decision taken back", "1"), ("Hours to the answer", "4.0 and 4.0")),
        *(("Received", "4"), ("From authorities", "2"), ("Answered in time", "2")),
        *(("Of these overdue", "2"), ("Hours to the answer", "3.0 and 3.0")),
    ):
        assert f"<dt>{label}</dt><dd>{value}</dd>" in page, label
    columns, every, *_ = await table(place, "own_letters_from_outside.csv")
    assert dict(zip(columns, every, strict=True))["Answered in time"] == "2"
    orders = await table(place, "3_member_states_orders.csv")
    assert orders[1][3:11] == ["TOTAL", "", "TOTAL", "2", "2", "3.0", "1.0", "0"]
    complaints = await table(place, "7_appeals_and_recidivism.csv")
    assert [line[6] for line in complaints[1:6]] == ["2", "0", "0", "1", "4.0"]
    assert ann.account_id != mo.account_id


async def test_the_tables(place: Place) -> None:
    await decided(place)
    for file in FILES:
        assert len({len(line) for line in await table(place, file)}) == 1
    notices = await table(place, "4_notices.csv")
    assert notices[1][3:9] == ["TOTAL", "", "1", "0", "1", "0"]
    own = await table(place, "6_own_initiative_TC.csv")
    assert own[1][3:8] == ["TOTAL", "", "2", "0", "2"]
    law = await table(place, "5_own_initiative_illegal.csv")
    assert law[1][3:8] == ["TOTAL", "", "1", "0", "1"]


async def test_nobody_is_named(place: Place) -> None:
    await decided(place)
    for path in (HERE, *(f"{HERE}/2027-H1/{file}" for file in FILES)):
        found = await text(place, path)
        for secret in ("@ann", "@bob", "It insults somebody by name."):
            assert secret not in found


async def test_an_empty_half_year(place: Place) -> None:
    page = await text(place, f"{HERE}/2026-H1")
    assert "Nothing in this half-year." in page
    assert 'aria-current="page"' in page


@pytest.mark.parametrize(
    "path",
    ["2027-H2", "2020-H1", "2027-H3", "x", "2027-H1/x.csv", "2027-H1/2_categories_names.csv"],
)
async def test_what_is_not_there(place: Place, path: str) -> None:
    await text(place, f"{HERE}/{path}", 404)


async def test_it_is_counted_once_an_hour(place: Place) -> None:
    await decided(place)
    await text(place)
    await place.settle()
    with place.app.counted() as counted:
        await text(place)
        await table(place, "4_notices.csv")
    assert counted.statements <= 3, "what the shell of a page needs, and no counting"
    ann, bob = await place.members("cora", "dan")
    post = await bob.post("one more")
    await report(ann, bob, post["id"])
    assert "<dt>Reports</dt><dd>4</dd>" in await text(place)
    place.clock.advance(HOUR)
    assert "<dt>Reports</dt><dd>5</dd>" in await text(place)


async def test_the_page_about_the_place_leads_there(place: Place) -> None:
    assert f'href="{HERE}"' in await text(place, "/about")
