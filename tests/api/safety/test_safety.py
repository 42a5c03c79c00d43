"""Moderation through its API: the queue, cases, decisions, the team."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff

from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.team.appoint import set_duties
from rostra.safety.team.model import Duty

BASE = "/api/rostra/v1/safety"
BECAUSE: dict[str, Any] = {
    "category": "harassment",
    "ground": "rule",
    "facts": "It insults somebody by name.",
}


async def reported(place: Place, *harms: str) -> tuple[Asker, list[str]]:
    """Who wrote a post for each of these harms that somebody reported, and the posts."""
    ann, bob = await place.members("ann", "bob")
    posts = []
    for at, harm in enumerate(harms):
        post = await bob.post(f"post {at}")
        body: dict[str, Any] = {"account_id": str(bob.account_id), "harm": harm}
        await ann.do("/api/v1/reports", status_ids=[post["id"]], comment="Look", **body)
        posts.append(post["id"])
    return bob, posts


async def test_the_queue_and_a_case(place: Place) -> None:
    mo = await staff(place, "mo")
    bob, posts = await reported(place, "spam", "threat_to_life")
    worst, other = await mo.get(f"{BASE}/queue")
    assert worst["subject_id"] == posts[1]
    assert worst["severity"] == "critical"
    assert worst["account_id"] == str(bob.account_id)
    assert [reason["name"] for reason in worst["reasons"]] == ["deadline", "severity", "reports"]
    assert [c["id"] for c in await mo.get(f"{BASE}/queue?after={worst['id']}")] == [other["id"]]
    assert [c["id"] for c in await mo.get(f"{BASE}/queue?category=spam")] == [other["id"]]
    assert await mo.get(f"{BASE}/queue?source=authority") == []
    counts = await mo.get(f"{BASE}/queue/counts")
    assert {each["category"]: each["cases"] for each in counts} == {"spam": 1, "threat_to_life": 1}
    found = await mo.get(f"{BASE}/cases/{worst['id']}")
    assert found["case"] == worst
    assert [each["comment"] for each in found["reports"]] == ["Look"]
    assert [each["kind"] for each in found["events"]] == ["opened", "reported"]
    assert found["decisions"] == []
    reports = await mo.get(f"{BASE}/cases/{worst['id']}/reports")
    assert reports == found["reports"]
    await mo.get(f"{BASE}/cases/{int(worst['id']) + 1}", 404)
    await mo.get(f"{BASE}/queue?category=nonsense", 422)


async def test_statements_for_a_page_of_the_queue_do_not_grow(place: Place) -> None:
    mo = await staff(place, "mo")
    await reported(place, *["spam"] * 8)
    counts = []
    for limit in (2, 8):
        await mo.get(f"{BASE}/queue")
        await place.settle()
        with place.app.counted() as counted:
            assert len(await mo.get(f"{BASE}/queue?limit={limit}")) == limit
        counts.append(counted.statements)
    assert counts == [3, 3]


async def test_cases_are_worked_on(place: Place) -> None:
    mo, pat = await staff(place, "mo"), await staff(place, "pat")
    await reported(place, "spam", "hate")
    case = await mo.do(f"{BASE}/queue/next")
    assert case["holder_id"] == str(mo.account_id)
    path = f"{BASE}/cases/{case['id']}"
    refused = await pat.do(f"{path}/claim", 409)
    assert refused["error"] == "Somebody else of the team works on this case"
    assert [c["id"] for c in await mo.get(f"{BASE}/queue?mine=true")] == [case["id"]]
    noted = await mo.do(f"{path}/note", words="seen before")
    assert noted["holder_id"] == str(mo.account_id)
    handed = await mo.do(f"{path}/hand_over", account_id=str(pat.account_id))
    assert handed["holder_id"] == str(pat.account_id)
    ann = await place.member("nobody")
    await pat.do(f"{path}/hand_over", 422, account_id=str(ann.account_id))
    changed = await pat.do(f"{path}/recategorise", category="terrorism")
    assert changed["severity"] == "critical"
    up = await pat.do(f"{path}/escalate", words="too hard")
    assert up["escalated"]
    assert up["holder_id"] is None
    assert not (await mo.do(f"{path}/calm"))["escalated"]
    await mo.do(f"{path}/claim")
    assert (await mo.do(f"{path}/release"))["holder_id"] is None
    assert (await mo.do(f"{path}/skip"))["holder_id"] is None
    other = await mo.do(f"{BASE}/queue/next")
    assert other["id"] != case["id"]
    await mo.do(f"{BASE}/queue/next", 404, category="nonconsensual_intimate")
    merged = await mo.do(f"{path}/merge", into=other["id"])
    assert merged["reports_count"] == 2
    apart = await mo.do(f"{path}/split")
    assert apart["state"] == "open"
    kinds = [e["kind"] for e in (await mo.get(path))["events"]]
    assert kinds[-2:] == ["merged", "reopened"]


async def test_a_reviewer_merges_into_what_is_theirs_to_see(place: Place) -> None:
    mo, ren = await staff(place, "mo"), await staff(place, "ren", Role.MEMBER)
    async with place.db.write() as tx:
        await set_duties(tx, ren.account_id, Duty.REVIEWER, {Category.SPAM})
    await reported(place, "spam", "hate")
    cases = {each["category"]: each["id"] for each in await mo.get(f"{BASE}/queue")}
    await ren.do(f"{BASE}/cases/{cases['spam']}/merge", 404, into=cases["hate"])
    assert len(await mo.get(f"{BASE}/queue")) == 2


async def test_a_decision_is_made_read_and_taken_back(place: Place) -> None:
    mo = await staff(place, "mo")
    _, (post_id, _) = await reported(place, "harassment", "spam")
    case = await mo.do(f"{BASE}/queue/next", category="harassment")
    body = {"case_ids": [case["id"]], "actions": [{"action": "remove"}], **BECAUSE}
    made = await mo.do(f"{BASE}/decisions", **body)
    assert made["state"] == "in_force"
    assert made["source"] == "member"
    assert made["actor_id"] == str(mo.account_id)
    await place.nobody.get(f"/api/v1/statuses/{post_id}", 404)
    assert (await mo.get(f"{BASE}/decisions/{made['id']}")) == made
    assert [d["id"] for d in await mo.get(f"{BASE}/decisions")] == [made["id"]]
    of_bob = await mo.get(f"{BASE}/decisions?account_id={case['account_id']}")
    assert [d["id"] for d in of_bob] == [made["id"]]
    (subject,) = await mo.get(f"{BASE}/decisions/{made['id']}/subjects")
    assert subject["subject_id"] == post_id
    assert subject["state"] == "done"
    assert [d["id"] for d in (await mo.get(f"{BASE}/cases/{case['id']}"))["decisions"]] == [
        made["id"]
    ]
    undone = await mo.do(f"{BASE}/decisions/{made['id']}/undo", facts="Wrong", reopen=True)
    assert undone["undoes_id"] == made["id"]
    await place.nobody.get(f"/api/v1/statuses/{post_id}")
    assert len(await mo.get(f"{BASE}/queue")) == 2
    await mo.do(f"{BASE}/decisions/{made['id']}/undo", 409)
    assert await mo.get(f"{BASE}/decisions?state=proposed") == []


async def test_what_the_team_finds_itself_and_what_strikes_come_to(place: Place) -> None:
    mo = await staff(place, "mo")
    bob = await place.member("bob")
    post = await bob.post("one")
    made = await mo.do(
        f"{BASE}/decisions",
        subject_ids=[post["id"]],
        actions=[{"action": "sensitive"}, {"action": "warn"}],
        strikes=2,
        **BECAUSE,
    )
    assert made["source"] == "own_initiative"
    assert (await place.nobody.get(f"/api/v1/statuses/{post['id']}"))["sensitive"]
    found = await mo.get(f"{BASE}/accounts/{bob.account_id}/strikes?more=3")
    assert (found["points"], found["after"]) == (2, 5)
    assert found["proposed"] == {"points": 5, "action": "freeze", "days": 7}
    assert [each["decision_id"] for each in found["strikes"]] == [made["id"]]


async def test_a_second_person_agrees_or_refuses(place: Place) -> None:
    mo, pat = await staff(place, "mo"), await staff(place, "pat")
    _, posts = await reported(place, *["spam"] * 51)
    cases = [case["id"] for case in await mo.get(f"{BASE}/queue?limit=200")]
    body = {"case_ids": cases, "actions": [{"action": "remove"}], **BECAUSE}
    made = await mo.do(f"{BASE}/decisions", **body)
    assert made["state"] == "proposed"
    refused = await mo.do(f"{BASE}/decisions/{made['id']}/agree", 403)
    assert refused["error"] == "Somebody else has to agree to it"
    assert (await pat.do(f"{BASE}/decisions/{made['id']}/refuse"))["state"] == "refused"
    await place.nobody.get(f"/api/v1/statuses/{posts[0]}")
    made = await mo.do(f"{BASE}/decisions", **body)
    agreed = await pat.do(f"{BASE}/decisions/{made['id']}/agree")
    assert agreed["second_id"] == str(pat.account_id)
    await place.app.work()
    done = await mo.get(f"{BASE}/decisions/{made['id']}")
    assert (done["state"], done["done_count"]) == ("in_force", 51)
    await place.nobody.get(f"/api/v1/statuses/{posts[0]}", 404)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"actions": [{"action": "nonsense"}]}, "actions"),
        ({"actions": [{"action": "remove", "ends_at": "soon"}]}, "ends_at"),
        ({"actions": [{"action": "remove", "ends_at": "2001-01-01"}]}, "actions"),
        ({"actions": [{"action": "fields", "fields": ["nonsense"]}]}, "fields"),
        ({"category": "nonsense"}, "category"),
        ({"ground": "nonsense"}, "ground"),
        ({"facts": ""}, "facts"),
        ({"subject_ids": ["1887436800128692554"]}, "case_ids"),
        ({"case_ids": []}, "case_ids"),
    ],
)
async def test_bad_decisions_name_the_field(
    place: Place, given: dict[str, Any], field: str
) -> None:
    mo = await staff(place, "mo")
    _, (post_id,) = await reported(place, "spam")
    (case,) = await mo.get(f"{BASE}/queue")
    body = {"case_ids": [case["id"]], "actions": [{"action": "remove"}], **BECAUSE}
    answer = await mo.do(f"{BASE}/decisions", 422, **(body | given))
    assert field in answer["details"]
    await place.nobody.get(f"/api/v1/statuses/{post_id}")
    await mo.do(f"{BASE}/decisions", **body)
    await place.nobody.get(f"/api/v1/statuses/{post_id}", 404)


@pytest.mark.postgresql
async def test_the_team_is_trusted_by_an_admin(place: Place) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    mo, ann = await staff(place, "mo"), await staff(place, "anna", Role.MEMBER)
    path = f"{BASE}/team/{ann.account_id}"
    body = {"duties": ["reviewer"], "categories": ["spam"]}
    await mo.ask("PUT", path, 403, json=body)
    await ann.get(f"{BASE}/queue", 403)
    await boss.ask("PUT", path, 422, json={"duties": ["reviewer"]})
    await boss.ask("PUT", path, 422, json={"duties": ["nonsense"]})
    made = await boss.ask("PUT", path, json=body)
    assert made["categories"] == ["spam"]
    assert made["permissions"] == ["decide", "see_cases", "work_cases"]
    assert len(await mo.get(f"{BASE}/team")) == 3
    await reported(place, "spam", "hate")
    (case,) = await ann.get(f"{BASE}/queue")
    assert case["category"] == "spam"
    assert len(await ann.get(f"{BASE}/queue/counts")) == 1
    (hidden,) = await mo.get(f"{BASE}/queue?category=hate")
    await ann.get(f"{BASE}/cases/{hidden['id']}", 404)
    await ann.do(f"{BASE}/cases/{hidden['id']}/claim", 404)
    wish = {"case_ids": [hidden["id"]], "actions": [{"action": "remove"}], **BECAUSE}
    await ann.do(f"{BASE}/decisions", 404, **wish)
    assert (await ann.do(f"{BASE}/queue/next"))["id"] == case["id"]
    await boss.ask("PUT", path, json={"duties": []})
    await ann.get(f"{BASE}/queue", 403)


async def reviewer(place: Place, *duties: str) -> Asker:
    """A member who reviews spam, with further duties."""
    boss, ann = await staff(place, "boss", Role.ADMIN), await staff(place, "anna", Role.MEMBER)
    body = {"duties": ["reviewer", *duties], "categories": ["spam"]}
    await boss.ask("PUT", f"{BASE}/team/{ann.account_id}", json=body)
    return ann


@pytest.mark.parametrize("more", [(), ("auditor",), ("notice_desk", "auditor")])
async def test_a_reviewer_stays_within_their_categories(
    place: Place, more: tuple[str, ...]
) -> None:
    mo, ann = await staff(place, "mo"), await reviewer(place, *more)
    _, (spam, hate, free) = await reported(place, "spam", "hate", "spam")
    cases = {case["subject_id"]: case["id"] for case in await mo.get(f"{BASE}/queue")}
    removal = {"actions": [{"action": "remove"}], **BECAUSE}
    # Neither as what they have found themselves, under whatever name, nor as a case.
    for category, status in (("spam", 404), ("hate", 403)):
        wish = removal | {"subject_ids": [hate], "category": category}
        await ann.do(f"{BASE}/decisions", status, **wish)
    await place.nobody.get(f"/api/v1/statuses/{hate}")
    made = await mo.do(f"{BASE}/decisions", case_ids=[cases[hate]], **removal)
    for path in ("", "/subjects"):
        await ann.get(f"{BASE}/decisions/{made['id']}{path}", 404)
    assert await ann.get(f"{BASE}/decisions") == []
    assert await ann.get(f"{BASE}/decisions?account_id={made['id']}") == []
    # What somebody else holds is not decided past them.
    await mo.do(f"{BASE}/cases/{cases[spam]}/claim")
    wish = removal | {"subject_ids": [spam], "category": "spam"}
    await ann.do(f"{BASE}/decisions", 409, **wish)
    await place.nobody.get(f"/api/v1/statuses/{spam}")
    own = await ann.do(f"{BASE}/decisions", **(wish | {"subject_ids": [free]}))
    assert own["source"] == "member"  # its case was decided with it
    assert await ann.get(f"{BASE}/decisions") == [own]
    assert len(await mo.get(f"{BASE}/queue")) == 1


@pytest.mark.parametrize(
    ("path", "most"), [("/decisions", 3), ("/notices?state=open", 3), ("/team", 4)]
)
async def test_lists_for_the_team_cost_the_same_however_long(
    place: Place, path: str, most: int
) -> None:
    mo = await staff(place, "mo")
    _, posts = await reported(place, *["spam"] * 6)
    counts = []
    for at in range(2):
        for number in range(3):
            wish = {"subject_ids": [posts[3 * at + number]], **BECAUSE}
            await mo.do(f"{BASE}/decisions", actions=[{"action": "sensitive"}], **wish)
            mail = f"From: a{at}{number}@host.example\n\nRemove /@bob within a day.\n"
            await mo.do(f"{BASE}/notices", letter=mail)
            await staff(place, f"staff{at}{number}")
        await mo.get(f"{BASE}{path}")
        await place.settle()
        with place.app.counted() as counted:
            assert len(await mo.get(f"{BASE}{path}")) >= 3 * (at + 1)
        counts.append(counted.statements)
    assert counts[0] == counts[1] <= most


async def test_a_case_costs_the_same_however_much_was_said(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob, cem = await place.members("ann", "bob", "cem")
    post = await bob.post("one")
    body = {"account_id": str(bob.account_id), "status_ids": [post["id"]]}
    counts = []
    for who in (ann, cem):
        for _ in range(3):
            await who.ask("POST", "/api/v1/reports", json=body)
        (case,) = await mo.get(f"{BASE}/queue")
        await mo.get(f"{BASE}/cases/{case['id']}")
        await place.settle()
        with place.app.counted() as counted:
            found = await mo.get(f"{BASE}/cases/{case['id']}")
        counts.append(counted.statements)
    assert len(found["reports"]) == 6
    assert counts[0] == counts[1] <= 10


async def test_categories_are_told_to_everybody(place: Place) -> None:
    found = await place.nobody.get(f"{BASE}/categories")
    assert {"spam", "child_abuse", "other"} <= {each["slug"] for each in found}
