"""Clusters through the API: read, corrected, decided, and what stands for later copies."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role

BASE = "/api/rostra/v1/safety"
FLOOD = (
    "They sold our town. Saturday at noon we meet at the old market square, bring rope and make "
    "the mayor pay for what he did!"
)
ABOUT = f'My neighbour wrote "{FLOOD}" and I reported it'
REMOVE: dict[str, Any] = {
    "actions": [{"action": "remove"}],
    "category": "threat_to_life",
    "facts": "It calls for a murder.",
}


async def flooded(place: Place, by: str, *texts: str) -> list[str]:
    """Posts with these texts, each reported; their ids."""
    ann = await place.member(f"{by}reporter")
    ids = []
    for at, text in enumerate(texts):
        who = await place.member(f"{by}{at}")
        post = await who.post(text)
        body: dict[str, Any] = {"account_id": str(who.account_id), "harm": "threat_to_life"}
        await ann.do("/api/v1/reports", status_ids=[post["id"]], **body)
        ids.append(post["id"])
    return ids


async def the_cluster(mo: Asker) -> str:
    """The only one."""
    (found,) = await mo.get(f"{BASE}/clusters")
    return str(found["id"])


async def test_a_cluster_is_read_corrected_and_decided(place: Place) -> None:
    mo = await staff(place, "mo")
    posts = await flooded(place, "a", FLOOD, FLOOD, FLOOD, ABOUT)
    path = f"{BASE}/clusters/{await the_cluster(mo)}"
    found = await mo.get(path)
    assert (found["members"], found["outliers"], found["authors"]) == (3, 1, 3)
    assert sum(hour["cases"] for hour in found["hours"]) == 4
    (outlier,) = await mo.get(f"{path}/cases")
    assert outlier["case"]["subject_id"] == posts[3]
    assert {"name": "quotes", "sentence": outlier["reasons"][0]["sentence"]} in outlier["reasons"]
    members = await mo.get(f"{path}/cases?place=member")
    assert [each["case"]["subject_id"] for each in members] == posts[:3]
    rest = await mo.get(f"{path}/cases?place=member&after={members[0]['case']['id']}&limit=1")
    assert rest == members[1:2]
    await mo.get(f"{path}/cases?place=nonsense", 422)
    case_id = members[2]["case"]["id"]
    moved = await mo.do(f"{BASE}/cases/{case_id}/leave_out")
    assert (moved["place"], moved["placed_by"]) == ("outlier", str(mo.account_id))
    moved = await mo.do(f"{BASE}/cases/{case_id}/take_in")
    assert (moved["place"], moved["reasons"]) == ("member", [])
    made = await mo.do(f"{path}/decide", without=[case_id], **REMOVE)
    assert (made["left"], made["decision"]["subjects_count"]) == (0, 2)
    assert (await mo.get(path))["open_members"] == 1
    kinds = [event["kind"] for event in (await mo.get(path))["events"]]
    assert sorted(kinds) == ["left_out", "taken_in"]
    await mo.do(f"{path}/decide", 422, **{**REMOVE, "facts": ""})
    await mo.do(f"{path}/decide", 200, **REMOVE)
    await mo.do(f"{path}/decide", 409, **REMOVE)
    await mo.get(f"{BASE}/clusters/12345", 404)


async def test_a_decision_stands_and_is_taken_back_at_once(place: Place) -> None:
    mo = await staff(place, "mo")
    await flooded(place, "a", FLOOD, FLOOD)
    path = f"{BASE}/clusters/{await the_cluster(mo)}"
    made = (await mo.do(f"{path}/decide", **REMOVE))["decision"]
    ends = datetime.fromtimestamp((place.clock.now() + DAY) / 1000, UTC).isoformat()
    stand = f"{BASE}/decisions/{made['id']}/stand"
    stands = await mo.do(stand, ends_at=ends, most=50)
    await mo.do(stand, 409, ends_at=ends, most=50)
    await mo.do(stand, 422, ends_at="soon", most=50)
    (late,) = await flooded(place, "b", FLOOD)
    await place.app.work()
    await place.nobody.get(f"/api/v1/statuses/{late}", 404)
    assert (await mo.get(path))["standing"]["done_count"] == 1
    await mo.do(f"{BASE}/decisions/{made['id']}/undo")
    await place.app.work()
    await place.nobody.get(f"/api/v1/statuses/{late}")
    (ended,) = await mo.get(f"{BASE}/standing")
    assert ended["id"] == stands["id"]
    assert ended["ended_at"]
    again = await mo.do(f"{BASE}/standing/{stands['id']}/end")
    assert again["ended_at"] == ended["ended_at"]
    await mo.do(f"{BASE}/standing/12345/end", 404)


@pytest.mark.postgresql
async def test_clusters_are_merged(place: Place) -> None:
    mo = await staff(place, "mo")
    other = "Everybody knows that the lake is poisoned by those people who came here last winter"
    await flooded(place, "a", FLOOD, FLOOD, other, other)
    one, two = [each["id"] for each in await mo.get(f"{BASE}/clusters")]
    merged = await mo.do(f"{BASE}/clusters/{one}/merge", into=two)
    assert (merged["id"], merged["members"]) == (two, 4)
    assert [event["cluster_id"] for event in merged["events"]] == [one]
    await mo.do(f"{BASE}/clusters/{one}/merge", 409, into=two)
    await mo.do(f"{BASE}/clusters/{two}/merge", 404, into="12345")


async def test_what_is_not_theirs_does_not_exist(place: Place) -> None:
    mo = await staff(place, "mo")
    (first, _) = await flooded(place, "a", FLOOD, FLOOD)
    del first
    cluster_id = await the_cluster(mo)
    path = f"{BASE}/clusters/{cluster_id}"
    ann = await place.member("ann")
    await ann.get(f"{BASE}/clusters", 403)
    await ann.do(f"{path}/decide", 403, **REMOVE)
    (member, _) = await mo.get(f"{path}/cases?place=member")
    await ann.do(f"{BASE}/cases/{member['case']['id']}/leave_out", 403)
    boss, rev = await staff(place, "boss", Role.ADMIN), await staff(place, "rev", Role.MEMBER)
    trusted = {"duties": ["reviewer"], "categories": ["spam"]}
    await boss.ask("PUT", f"{BASE}/team/{rev.account_id}", json=trusted)
    assert await rev.get(f"{BASE}/clusters") == []
    await rev.get(path, 404)
    assert await rev.get(f"{path}/cases?place=member") == []
    await rev.do(f"{BASE}/cases/{member['case']['id']}/leave_out", 404)
    await rev.do(f"{path}/decide", 403, **REMOVE)


async def test_statements_for_cases_of_a_cluster_do_not_grow(place: Place) -> None:
    mo = await staff(place, "mo")
    await flooded(place, "a", *[FLOOD] * 6)
    path = f"{BASE}/clusters/{await the_cluster(mo)}/cases?place=member"
    counts = []
    for limit in (2, 6):
        await mo.get(f"{path}&limit={limit}")
        await place.settle()
        with place.app.counted() as counted:
            assert len(await mo.get(f"{path}&limit={limit}")) == limit
        counts.append(counted.statements)
    assert counts == [5, 5]
