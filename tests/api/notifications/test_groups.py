"""What was done with the same post, or followed one, in half a day is told as one."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place

PATH = "/api/v2/notifications"
OLD = "/api/v1/notifications"
HOUR = 3_600_000


async def groups(asker: Asker, **params: Any) -> list[tuple[str, int, list[str]]]:
    found = await asker.get(PATH, params=params)
    names = {each["id"]: each["username"] for each in found["accounts"]}
    return [
        (
            each["type"],
            each["notifications_count"],
            [names[sender] for sender in each["sample_account_ids"]],
        )
        for each in found["notification_groups"]
    ]


async def test_groups_with_all_that_they_name(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    other = await ann.post("again")
    await ben.react("favourite", post["id"])
    await ben.react("favourite", other["id"])
    await eve.react("favourite", post["id"])
    await ben.relate("follow", ann)
    await eve.relate("follow", ann)
    await ben.post("@ann one")
    await ben.post("@ann two")
    await eve.react("reblog", post["id"])
    assert await groups(ann) == [
        ("reblog", 1, ["eve"]),
        ("mention", 1, ["ben"]),
        ("mention", 1, ["ben"]),
        ("follow", 2, ["eve", "ben"]),
        ("favourite", 2, ["eve", "ben"]),
        ("favourite", 1, ["ben"]),
    ]
    found = await ann.get(PATH)
    favourites = found["notification_groups"][4]
    ids = [each["id"] for each in await ann.get(OLD) if each["type"] == "favourite"]
    assert favourites == {
        "group_key": favourites["group_key"],
        "notifications_count": 2,
        "type": "favourite",
        "most_recent_notification_id": int(ids[0]),
        "page_min_id": ids[2],
        "page_max_id": ids[0],
        "latest_page_notification_at": favourites["latest_page_notification_at"],
        "sample_account_ids": [str(eve.account_id), str(ben.account_id)],
        "status_id": post["id"],
    }
    assert favourites["group_key"].startswith(f"favourite-{post['id']}-")
    assert "status_id" not in found["notification_groups"][3]
    named = {each.get("status_id") for each in found["notification_groups"]} - {None}
    assert {each["id"] for each in found["statuses"]} == named
    assert len(found["accounts"]) == 2
    assert "partial_accounts" not in found
    old = [each["group_key"] for each in await ann.get(OLD)]
    assert old.count(favourites["group_key"]) == 2
    mention = found["notification_groups"][1]
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"


async def test_only_what_the_client_can_show_is_grouped(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    for fan in (ben, eve):
        await fan.react("favourite", post["id"])
        await fan.relate("follow", ann)
    assert await groups(ann, **{"grouped_types[]": ["follow", "mention"]}) == [
        ("follow", 2, ["eve", "ben"]),
        ("favourite", 1, ["eve"]),
        ("favourite", 1, ["ben"]),
    ]
    found = await ann.get(PATH, params={"grouped_types[]": ["nonsense"]})
    assert all(g["group_key"].startswith("ungrouped-") for g in found["notification_groups"])
    assert len(found["notification_groups"]) == 4
    assert await groups(ann, **{"types[]": ["follow"]}) == [("follow", 2, ["eve", "ben"])]
    assert await groups(ann, **{"exclude_types[]": ["follow"]}) == [
        ("favourite", 2, ["eve", "ben"])
    ]
    assert await groups(ann, account_id=ben.account_id) == [
        ("follow", 1, ["ben"]),
        ("favourite", 1, ["ben"]),
    ]
    refused = await ann.get(PATH, 422, params={"expand_accounts": "some"})
    assert list(refused["details"]) == ["expand_accounts"]


async def test_avatars_are_enough_for_all_but_the_latest(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    for fan in (ben, eve):
        await fan.react("favourite", post["id"])
    found = await ann.get(PATH, params={"expand_accounts": "partial_avatars"})
    assert [each["username"] for each in found["accounts"]] == ["eve"]
    (partial,) = found["partial_accounts"]
    assert (partial["id"], partial["acct"]) == (str(ben.account_id), "ben")
    pictures = {"avatar", "avatar_static", "avatar_description"}
    assert set(partial) == {"id", "acct", "url", "locked", "bot"} | pictures


async def test_a_group_takes_in_half_a_day(place: Place) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(4)]
    post = await ann.post("hello")
    for fan, hours in zip(fans, (0, 7, 4, 7), strict=True):
        place.clock.advance(hours * HOUR)
        await fan.react("favourite", post["id"])
    assert await groups(ann) == [
        ("favourite", 1, ["fan3"]),
        ("favourite", 3, ["fan2", "fan1", "fan0"]),
    ]


@pytest.mark.postgresql
async def test_pages_run_over_groups(place: Place) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(3)]
    posts = [(await ann.post(f"post {number}"))["id"] for number in range(5)]
    for fan in fans:
        for post in posts:
            await fan.react("favourite", post)
    whole = await ann.get(PATH)
    order = [each["status_id"] for each in whole["notification_groups"]]
    assert order == posts[::-1]
    assert all(each["notifications_count"] == 3 for each in whole["notification_groups"])
    seen: list[str] = []
    answer = await ann.client.get(PATH, params={"limit": 2})
    while answer.json()["notification_groups"]:
        page = answer.json()["notification_groups"]
        seen += [each["status_id"] for each in page if each["status_id"] not in seen]
        if "next" not in answer.links:
            break
        answer = await ann.client.get(answer.links["next"]["url"])
    assert seen == order
    # Walking up from the oldest, a group stands where its oldest notification does.
    up = await ann.get(PATH, params={"min_id": "0", "limit": 2})
    assert [each["status_id"] for each in up["notification_groups"]] == [posts[1], posts[0]]
    newest = whole["notification_groups"][0]["page_max_id"]
    assert await groups(ann, min_id=newest) == []
    assert await groups(ann, since_id=newest) == []
    await fans[0].relate("follow", ann)
    assert await groups(ann, since_id=newest) == [("follow", 1, ["fan0"])]


async def test_one_group(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    for fan in (ben, eve):
        await fan.react("favourite", post["id"])
    await ben.post("@ann hi")
    mention, favourites = (await ann.get(PATH))["notification_groups"]
    key = favourites["group_key"]
    found = await ann.get(f"{PATH}/{key}")
    (group,) = found["notification_groups"]
    assert group["notifications_count"] == 2
    assert not {"page_min_id", "page_max_id", "latest_page_notification_at"} & set(group)
    assert [each["id"] for each in found["statuses"]] == [post["id"]]
    names = [each["username"] for each in await ann.get(f"{PATH}/{key}/accounts")]
    assert names == ["eve", "ben"]
    first = await ann.client.get(f"{PATH}/{key}/accounts", params={"limit": 1})
    second = await ann.client.get(first.links["next"]["url"])
    assert [each["username"] for each in (*first.json(), *second.json())] == ["eve", "ben"]
    alone = f"{PATH}/{mention['group_key']}"
    assert (await ann.get(alone))["notification_groups"][0]["type"] == "mention"
    assert [each["username"] for each in await ann.get(f"{alone}/accounts")] == ["ben"]
    for asker, path, status in (
        (eve, f"{PATH}/{key}", 404),
        (eve, alone, 404),
        (eve, f"{PATH}/{key}/accounts", 404),
        (ann, f"{PATH}/nonsense", 404),
        (ann, f"{PATH}/ungrouped-17", 404),
        (ann, f"{PATH}/ungrouped-x", 404),
    ):
        await asker.get(path, status)
    await eve.do(f"{PATH}/{key}/dismiss", 404)
    await eve.do(f"{alone}/dismiss", 404)
    assert await ann.do(f"{PATH}/{key}/dismiss") == {}
    assert await groups(ann) == [("mention", 1, ["ben"])]
    assert await ann.do(f"{alone}/dismiss") == {}
    assert await groups(ann) == []
    await ann.do(f"{alone}/dismiss", 404)


@pytest.mark.postgresql
async def test_who_is_out_of_sight_is_in_no_group(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    for fan in (ben, eve):
        await fan.react("favourite", post["id"])
    await ann.relate("mute", eve)
    assert await groups(ann) == [("favourite", 1, ["ben"])]
    assert (await ann.get(f"{PATH}/unread_count"))["count"] == 1
    key = (await ann.get(PATH))["notification_groups"][0]["group_key"]
    assert [each["username"] for each in await ann.get(f"{PATH}/{key}/accounts")] == ["ben"]
    await ann.relate("block", ben)
    assert await groups(ann) == []
    await ann.relate("unmute", eve)
    assert await groups(ann) == [("favourite", 1, ["eve"])]


async def test_unread_groups_are_counted_once(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    post = await ann.post("hello")
    for fan in (ben, eve):
        await fan.react("favourite", post["id"])
        await fan.post("@ann hi")
    count = f"{PATH}/unread_count"
    assert await ann.get(count) == {"count": 3}
    assert await ann.get(count, params={"grouped_types[]": ["follow"]}) == {"count": 4}
    assert await ann.get(count, params={"limit": 2}) == {"count": 2}
    assert await ann.get(count, params={"types[]": ["favourite"]}) == {"count": 1}
    assert await ann.get(f"{OLD}/unread_count") == {"count": 4}
    newest = (await ann.get(OLD))[0]["id"]
    await ann.do("/api/v1/markers", notifications={"last_read_id": newest})
    assert await ann.get(count) == {"count": 0}


@pytest.mark.postgresql
async def test_removing_several(place: Place) -> None:
    ann, ben, eve = await place.members("ann", "ben", "eve")
    for number in range(4):
        await ben.post(f"@ann {number}")
    ids = [each["id"] for each in await ann.get(OLD)]
    several = f"{OLD}/destroy_multiple"
    await eve.ask("DELETE", several, params={"ids[]": ids})
    assert len(await ann.get(OLD)) == 4
    assert await ann.ask("DELETE", several, json={"ids": [ids[0], "17", "x"]}) == {}
    assert await ann.do(f"{OLD}/dismiss", id=ids[1]) == {}
    await ann.do(f"{OLD}/dismiss", 404, id=ids[1])
    assert [each["id"] for each in await ann.get(OLD)] == ids[2:]
    assert await ann.do(f"{PATH}/clear") == {}
    assert await ann.get(OLD) == []


@pytest.mark.parametrize("size", [1, 12])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann = await place.member("ann")
    fans = [await place.member(f"fan{number}") for number in range(size)]
    posts = [(await ann.post(f"post {number}"))["id"] for number in range(size)]
    for fan in fans:
        await fan.relate("follow", ann)
        for post in posts:
            await fan.react("favourite", post)
    await ann.get(PATH)
    with place.app.counted() as reading:
        found = await ann.get(PATH)
    assert len(found["notification_groups"]) == size + 1
    assert [g["notifications_count"] for g in found["notification_groups"]] == [size] * (size + 1)
    assert len(found["notification_groups"][0]["sample_account_ids"]) == min(size, 8)
    assert reading.statements == 5  # token, groups, members, posts, accounts
