"""Programs of the team see what judged words, how it does, and what it found."""

from pathlib import Path
from typing import Any

import pytest
from tests.harness.staff import staff
from tests.safety.moderating import decide, moderator, queue, report, ruling
from tests.safety.screening.listener import Listener, judged_by

from rostra.safety.decisions.model import ActionKind
from rostra.safety.tallies import lately

BASE = "/api/rostra/v1/safety"
HARM = {"kill": {"violence": 0.97}, "stupid": {"harassment": 0.6}}


@pytest.mark.postgresql
async def test_the_case_shows_what_was_found(database_url: str, data_dir: Path) -> None:
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        ann, mod = await place.member("ann"), await staff(place, "mod")
        post = await ann.post("I will k1ll you")
        [case] = await queue(place)
        found = await mod.get(f"{BASE}/cases/{case.id}")
        [judgement] = found["judgements"]
        assert (judgement["what"], judgement["current"]) == ("post", True)
        [finding] = judgement["findings"]
        assert finding["scores"] == {"violence": 0.97}
        assert finding["passages"] == [{"text": "k1ll", "weight": 1.0}]
        assert finding["reason"] == "It says kill."
        assert {"name": "signals", "sooner_s": 125_712, "value": "970"} in found["case"]["reasons"]
        await ann.edit(post["id"], "never mind")
        edited, first = (await mod.get(f"{BASE}/cases/{case.id}"))["judgements"]
        assert not first["current"]
        assert first["findings"][0]["passages"] == []
        assert edited["findings"][0]["scores"] == {}


async def test_no_more_judgements_are_counted_than_need_be(
    database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lately, "COUNTED", 2)
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        ann, mod = await place.member("ann"), await staff(place, "mod")
        for text in ("one", "two", "three"):
            await ann.post(text)
        found = await mod.get(f"{BASE}/signals", params={"window": "day"})
        assert (found["judged"], found["read"]) == (2, 3)


@pytest.mark.postgresql
async def test_how_the_signals_do(database_url: str, data_dir: Path) -> None:
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        ann, mod = await place.member("ann"), await staff(place, "mod")
        empty = await mod.get(f"{BASE}/signals")
        assert empty == {"judged": 0, "read": 0, "median_us": 0, "signals": []}
        await ann.post("kill one")
        await ann.post("kill two")
        await ann.post("a fine day")
        await ann.post("you are stupid")
        cases = await queue(place)
        await decide(place, [cases[0].id], ruling(ActionKind.REMOVE))
        await decide(place, [cases[1].id], ruling(ActionKind.NONE))
        found = await mod.get(f"{BASE}/signals", params={"window": "day"})
        assert (found["judged"], found["read"]) == (4, 4)
        [signal] = found["signals"]
        assert signal.pop("median_us") >= 0
        assert signal == {
            "name": "listener",
            "version": "1",
            "judged": 4,
            "found": 3,
            "above": 2,
            "failed": 0,
            "rate": 0.5,
            "decided": 2,
            "agreed": 1,
            "agreement": 0.5,
        }


@pytest.mark.postgresql
async def test_only_what_people_decided_about_the_words_counts(
    database_url: str, data_dir: Path
) -> None:
    """Neither before these were said, nor by a rule, nor what is done to whoever reported them."""
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        ann, bob, mod = *await place.members("ann", "bob"), await staff(place, "mod")

        async def told() -> tuple[int, int]:
            place.clock.advance(1)
            [signal] = (await mod.get(f"{BASE}/signals"))["signals"]
            return signal["decided"], signal["agreed"]

        async def decided(about: Any, *kinds: ActionKind, **more: Any) -> None:
            await report(bob, ann, *([about] if about != ann.account_id else []))
            [case] = [each for each in await queue(place) if each.subject_id == int(about)]
            place.clock.advance(1)
            await decide(place, [case.id], ruling(*kinds, **more), moderator(mod.account_id))

        one, two = [(await ann.post(f"kill {each}"))["id"] for each in ("one", "two")]
        await decided(one, ActionKind.NONE)
        assert await told() == (1, 0)
        await ann.edit(one, "kill it twice")  # nobody has decided about these words
        assert await told() == (1, 0)
        await decided(one, ActionKind.SENSITIVE)
        assert await told() == (2, 1)
        await decided(two, ActionKind.SENSITIVE, rule_id=5)
        assert await told() == (2, 1)
        await ann.change(note="kill them")
        await decided(ann.account_id, ActionKind.WARN_REPORTER)
        assert await told() == (3, 1)


async def test_they_are_for_the_team_alone(database_url: str, data_dir: Path) -> None:
    async with judged_by(data_dir, database_url, Listener(HARM)) as place:
        ann = await place.member("ann")
        await ann.get(f"{BASE}/signals", 403)
