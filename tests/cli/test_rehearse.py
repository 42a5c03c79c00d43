"""The rehearsal: the same seed gives the same week and the same result, by the real verbs."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from msgspec.structs import replace

from rostra.cli.rehearse import command
from rostra.cli.rehearse.measure import Outcome
from rostra.cli.rehearse.plan import START, TARGET, Plan, Shifts, Way, next_start, on_duty
from rostra.cli.rehearse.plots import drawings
from rostra.cli.rehearse.report import span, text
from rostra.cli.rehearse.run import rehearse
from rostra.cli.rehearse.world import NOTHING_WRONG, make
from rostra.kernel.clock import DAY, HOUR, MINUTE

TINY = Plan(scale=1 / 5_000, days=2, examples=3)


def _shown(plan: Plan, outcomes: dict[Way, Outcome]) -> tuple[str, dict[str, str]]:
    return text(plan, make(plan), outcomes), drawings(outcomes)


async def test_the_same_seed_gives_the_same_result_and_another_one_does_not() -> None:
    first, again = await rehearse(TINY, Way.ROSTRA), await rehearse(TINY, Way.ROSTRA)
    assert _shown(TINY, {Way.ROSTRA: first}) == _shown(TINY, {Way.ROSTRA: again})
    other = replace(TINY, seed=2)
    shown = _shown(other, {Way.ROSTRA: await rehearse(other, Way.ROSTRA)})
    assert all(
        one != two for one, two in zip(_shown(TINY, {Way.ROSTRA: first}), shown, strict=True)
    )
    plain = await rehearse(TINY, Way.LIST)
    both = {Way.LIST: plain, Way.ROSTRA: first}
    _adds_up(*_shown(TINY, both), both)


def _adds_up(printed: str, plots: dict[str, str], outcomes: dict[Way, Outcome]) -> None:
    plain, rostra = outcomes[Way.LIST], outcomes[Way.ROSTRA]
    # What was small enough is decided in either way, by people or by what they left standing.
    for each in (plain, rostra):
        assert each.reports > 10
        assert each.cases == each.decided_cases + each.open_cases[-1]
        assert len(each.open_reports) == TINY.days * 24 + 1
        assert each.standing_cases > 0
        assert each.in_time[1] > 0
        assert all(call.told_at <= call.looked_at <= call.acted_at for call in each.calls)
    assert plain.clusters == plain.machine == 0
    assert plain.human == plain.decisions == len(plain.decided_at)
    assert f"seed {TINY.seed}," in printed.lower()
    assert set(plots) == {
        "backlog.svg", "calls.svg", "looks.svg", "decisions.svg", "letters.svg",
    }  # fmt: skip
    for drawing in plots.values():
        paths = ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}path")  # noqa: S314 (our own)
        lines = [path for path in paths if path.get("stroke-width") == "2.5"]
        assert len(lines) >= 2


def test_reports_rise_tenfold_and_most_of_what_comes_on_top_is_copies() -> None:
    plan = Plan(scale=0.01, days=6)
    world = make(plan)
    by_day = Counter((told.at - START) // DAY for told in world.told)
    first = by_day[0] - plan.standing
    # Whoever sees a post late reports it later, so a day holds less than was written on it.
    assert 0.7 * plan.ordinary_on(0) < first < 1.1 * plan.ordinary_on(0)
    # The last day's floods are not over when it ends.
    assert 8 < sum(by_day[day] / plan.ordinary_on(day) for day in (3, 4)) / 2 < 12
    copied = sum(world.posts[told.post].flood >= 0 for told in world.told if told.at > START + DAY)
    assert 0.7 < copied / sum(told.at > START + DAY for told in world.told) < 0.9
    about = [p for p in world.posts if p.flood >= 0 and p.really == NOTHING_WRONG]
    assert 0.02 < len(about) / world.copies < 0.08
    assert all(told.at >= world.posts[told.post].at for told in world.told)
    assert all(
        world.posts[number].at < letter.at for letter in world.letters for number in letter.posts
    )
    assert sum(len(letter.posts) for letter in world.letters) == plan.examples
    assert world.told == make(plan).told
    assert world.told != make(replace(plan, seed=2)).told


def test_three_shifts_cover_the_day_and_office_hours_do_not() -> None:
    for hour in range(24):
        at = START + 3 * DAY + hour * HOUR
        there = [person for person in range(3) if on_duty(Shifts.ROUND, person, at)]
        assert there == [hour // 8]
        open_ = [person for person in range(3) if on_duty(Shifts.OFFICE, person, at)]
        assert open_ == ([0, 1, 2] if 9 <= hour < 17 else [])
    for shifts in Shifts:
        for person in range(3):
            begins = next_start(shifts, person, START + 20 * HOUR)
            assert begins > START + 20 * HOUR
            assert on_duty(shifts, person, begins)
            assert not on_duty(shifts, person, begins - MINUTE)


def test_spans_are_told_as_people_do() -> None:
    assert [span(ms) for ms in (30_000, TARGET, 5 * HOUR, 3 * DAY)] == [
        "30 s", "60 min", "5.0 h", "3.0 days",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"scale": 0}, {"scale": 2}, {"days": 1}, {"copies": 1.5}, {"examples": -1}]
)
def test_what_makes_no_sense_is_said(
    wrong: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.parler_week(**wrong)  # type: ignore[arg-type] # each of another type
    assert re.search(r"scale: .*days: .*copies: ", capsys.readouterr().err)
