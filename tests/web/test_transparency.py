"""The transparency report, for everybody."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of
from tests.safety.moderating import decide, queue, report, ruling, undo

from rostra.kernel.clock import HOUR
from rostra.safety.decisions.model import ActionKind, Ground

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
