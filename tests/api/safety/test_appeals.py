"""Appeals through the API of the team."""

from tests.harness.neighbours import Place
from tests.harness.staff import staff
from tests.safety.moderating import decide, queue, report, ruling
from tests.safety.test_appeals import object_to

from rostra.safety.decisions.model import ActionKind
from rostra.safety.team.model import Actor

BASE = "/api/rostra/v1/safety/appeals"


async def test_an_appeal_is_listed_and_answered(place: Place) -> None:
    mo, flo = [await staff(place, name) for name in ("mo", "flo")]
    ann, bob = await place.members("ann", "bob")
    post = await bob.post("You fool")
    await report(ann, bob, post["id"])
    (case,) = await queue(place)
    actor = Actor(mo.account_id, 1)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE), actor)
    filed = await object_to(place, bob)
    [found] = await mo.get(BASE)
    assert found["id"] == str(filed.id)
    assert found["decision_id"] == str(made.id)
    assert (found["state"], found["report_id"], found["answer"]) == ("open", None, "")
    assert await mo.get(f"{BASE}/{filed.id}") == found
    await mo.get(f"{BASE}/1", 404)
    path = f"{BASE}/{filed.id}/answer"
    await mo.do(path, 403, outcome="upheld", reasons="Mine was wrong.")
    await flo.do(path, 422, outcome="perhaps", reasons="Who knows.")
    await flo.do(path, 422, outcome="upheld", reasons="")
    done = await flo.do(path, outcome="upheld", reasons="It was a quote.")
    assert (done["state"], done["actor_id"]) == ("upheld", str(flo.account_id))
    await flo.do(path, 409, outcome="rejected", reasons="No.")
    assert await mo.get(BASE) == []
    await place.nobody.get(f"/api/v1/statuses/{post['id']}")
    for path in (BASE, f"{BASE}/{filed.id}"):
        await bob.get(path, 403)


async def test_the_list_costs_the_same_for_one_and_many(place: Place) -> None:
    mo = await staff(place, "mo")
    ann, bob = await place.members("ann", "bob")
    counts = []
    for number in range(4):
        post = await bob.post(f"post {number}")
        await report(ann, bob, post["id"])
        [case] = await queue(place)
        await decide(place, [case.id], ruling(ActionKind.WARN), Actor(mo.account_id, 1))
        await object_to(place, bob)
        await mo.get(BASE)
        await place.settle()
        with place.app.counted() as counted:
            assert len(await mo.get(BASE)) == number + 1
        counts.append(counted.statements)
    assert counts[0] == counts[-1]
