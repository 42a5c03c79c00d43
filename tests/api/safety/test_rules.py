"""Rules for screening in the API of the team: read, checked, kept, changed, bounded, switched."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff
from tests.safety.rules.keeping import LINKS, MORE_LINKS, ask, tried

from rostra.network.credentials.model import Role

HERE = "/api/rostra/v1/safety/rules"
WHY = "Spam in July"


@pytest.fixture
async def boss(place: Place) -> Asker:
    return await staff(place, "boss", Role.ADMIN)


async def added(boss: Asker, **more: Any) -> Any:
    return await boss.do(HERE, **{"name": "links", "source": LINKS, "reason": WHY, **more})


async def test_a_rule_is_kept_tried_and_switched_on(place: Place, boss: Asker) -> None:
    mo = await staff(place, "mo")
    made = await added(boss, most_an_hour=50, jump=3)
    rule = f"{HERE}/{made['id']}"
    assert (made["state"], made["version"], made["tried"]) == ("off", 1, False)
    assert (made["most_an_hour"], made["jump"], made["source"]) == (50, 3, LINKS)
    assert made["check"] == {
        "faults": [],
        "description": "Many links.",
        "cost": made["check"]["cost"],
        "most_cost": 1_000,
        "examples": 2,
        "needs": ["post.links"],
        "effects": [
            {"kind": "case", "category": "spam", "words": "", "lasts": None, "message": ""}
        ],
    }
    refused = await boss.do(f"{rule}/switch", 409, version=1, state="live", reason=WHY)
    assert "never tried on the past and never in shadow" in refused["error"]
    assert made["lacks"] == ["past", "present"]
    await tried(place)
    await boss.do(f"{rule}/switch", version=1, state="shadow", reason="To see")
    await ask(place, post_links=("https://a.example", "https://b.example"))
    found = await boss.do(f"{rule}/switch", version=1, state="live", reason="It is right")
    assert (found["state"], found["tried"], found["lacks"]) == ("live", True, [])
    assert found["switched_by"] == str(boss.account_id)
    (day,) = found["days"]
    assert (day["asked"], day["caught"], day["skipped"], day["spent_us"]) == (1, 1, 0, 2)
    body = {"version": 1, "source": MORE_LINKS, "reason": "One is enough"}
    changed = await boss.ask("PUT", rule, json=body)
    assert (changed["state"], changed["version"], changed["tried"]) == ("shadow", 2, False)
    again = await boss.ask("PUT", rule, 409, json={**body, "source": LINKS})
    assert again["error"].endswith("version 2 holds")
    bounds = {"most_an_hour": 9, "jump": 0, "reason": "A small place"}
    bounded = await boss.ask("PUT", f"{rule}/bounds", json=bounds)
    assert (bounded["most_an_hour"], bounded["jump"]) == (9, 0)
    assert (await mo.get(rule)) == bounded
    versions = await mo.get(f"{rule}/versions")
    assert [(each["version"], each["source"], each["reason"]) for each in versions] == [
        (2, MORE_LINKS, "One is enough"),
        (1, LINKS, WHY),
    ]
    assert [(each["what"], each["state"]) for each in await mo.get(f"{rule}/log")] == [
        ("bounded", "shadow"),
        ("changed", "shadow"),
        ("switched", "live"),
        ("switched", "shadow"),
        ("added", "off"),
    ]


async def test_only_owners_have_a_rule_go_live_untried(place: Place, boss: Asker) -> None:
    owner = await staff(place, "owner", Role.OWNER)
    rule = f"{HERE}/{(await added(boss))['id']}"
    at_once: dict[str, Any] = {
        "version": 1,
        "state": "live",
        "reason": "It cannot wait",
        "untried": True,
    }
    await boss.do(f"{rule}/switch", 403, **at_once)
    assert (await owner.do(f"{rule}/switch", **at_once))["state"] == "live"
    assert [each["what"] for each in await boss.get(f"{rule}/log")] == ["untried", "added"]


async def test_rules_are_listed_in_few_statements(place: Place, boss: Asker) -> None:
    assert await boss.get(HERE) == []
    for name in ("zebra", "apple"):
        made = await added(boss, name=name)
        await boss.do(f"{HERE}/{made['id']}/switch", version=1, state="shadow", reason=WHY)
    await place.settle()
    with place.app.counted() as counted:
        listed = await boss.get(HERE)
    assert [(each["name"], each["faults"]) for each in listed] == [("apple", []), ("zebra", [])]
    assert counted.statements <= 7


async def test_a_source_is_checked_without_being_kept(boss: Asker) -> None:
    assert (await boss.do(f"{HERE}/check", source=LINKS))["examples"] == 2
    wrong = await boss.do(f"{HERE}/check", source="when(post.link)\ncase()")
    assert wrong["faults"][0] == {
        "line": 1,
        "column": 6,
        "words": "there is no feature post.link; post.links may be meant",
    }
    assert await boss.get(HERE) == []
    refused = await added_wrong(boss)
    assert refused["details"]["source"][0] == {
        "error": "ERR_RULE",
        "description": "2:13: there is no feature post.link; post.links may be meant",
    }


async def added_wrong(boss: Asker) -> Any:
    source = LINKS.replace("post.links", "post.link")
    return await boss.do(HERE, 422, name="links", source=source, reason=WHY)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "No Name"}, "name"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"most_an_hour": 0}, "most_an_hour"),
        ({"jump": 1}, "jump"),
    ],
)
async def test_what_can_not_be_kept_names_the_field(
    boss: Asker, body: dict[str, Any], field: str
) -> None:
    given: dict[str, Any] = {"name": "links", "source": LINKS, "reason": WHY}
    assert field in (await boss.do(HERE, 422, **{**given, **body}))["details"]
    await boss.do(HERE, **given)
    assert "already" in (await boss.do(HERE, 409, **given))["error"]


async def test_who_may_not(place: Place, boss: Asker) -> None:
    made = await added(boss)
    mo, ann = await staff(place, "mo"), await staff(place, "ann", Role.MEMBER)
    rule = f"{HERE}/{made['id']}"
    await mo.do(HERE, 403, name="other", source=LINKS, reason=WHY)
    await mo.do(f"{rule}/switch", 403, version=1, state="shadow", reason=WHY)
    await mo.ask("PUT", rule, 403, json={"version": 1, "source": LINKS, "reason": WHY})
    await mo.ask("PUT", f"{rule}/bounds", 403, json={"most_an_hour": 1, "jump": 0, "reason": WHY})
    await ann.get(HERE, 403)
    await mo.get(f"{HERE}/1", 404)
    await mo.get(f"{HERE}/1/versions", 404)
    await mo.get(f"{HERE}/1/log", 404)
    await boss.do(f"{HERE}/1/switch", 404, version=1, state="shadow", reason=WHY)
