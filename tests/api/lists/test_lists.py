"""Lists: who may touch them, who may stand in them, and what they show."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.harness.crowd import ids_of
from tests.harness.neighbours import Asker, Place

from rostra.network.accounts.removal import remove_account
from rostra.network.lists import access, manage
from rostra.store.query import insert, query
from rostra.store.tables.lists import list_accounts, lists

LISTS = "/api/v1/lists"


async def made(who: Asker, *members: Asker, **fields: Any) -> str:
    """A list with these members; its id."""
    found = await who.do(LISTS, **({"title": "Friends"} | fields))
    if members:
        ids = [str(member.account_id) for member in members]
        await who.do(f"{LISTS}/{found['id']}/accounts", account_ids=ids)
    return str(found["id"])


async def names(who: Asker, list_id: str, **query: Any) -> list[str]:
    """Who stands in a list."""
    found = await who.get(f"{LISTS}/{list_id}/accounts", params=query)
    return [account["username"] for account in found]


async def shown(who: Asker, list_id: str, **query: Any) -> list[str]:
    """The ids of a list's timeline."""
    return ids_of(await who.get(f"/api/v1/timelines/list/{list_id}", params=query))


async def home(who: Asker) -> list[str]:
    """The ids of a home."""
    return ids_of(await who.get("/api/v1/timelines/home"))


async def following(place: Place, *usernames: str) -> list[Asker]:
    """Members of whom the first follows all others."""
    first, *others = await place.members(*usernames)
    for other in others:
        await first.relate("follow", other)
    return [first, *others]


async def test_a_list_is_made_changed_and_deleted(place: Place) -> None:
    ann = await place.member("ann")
    assert await ann.get(LISTS) == []
    first = await ann.do(LISTS, title="  Friends ")
    assert first == {
        "id": first["id"],
        "title": "Friends",
        "replies_policy": "list",
        "exclusive": False,
    }
    second = await ann.do(LISTS, title="News", replies_policy="none", exclusive="true")
    assert await ann.get(LISTS) == [first, second]
    path = f"{LISTS}/{first['id']}"
    assert await ann.get(path) == first
    changed = await ann.ask("PUT", path, json={"replies_policy": "followed"})
    assert changed == first | {"replies_policy": "followed"}
    changed = await ann.ask("PATCH", path, data={"title": "Old friends", "exclusive": "1"})
    assert changed["title"] == "Old friends"
    assert changed["replies_policy"] == "followed"
    assert changed["exclusive"]
    assert await ann.get(path) == changed
    assert await ann.ask("DELETE", path) == {}
    await ann.get(path, 404)
    await ann.ask("DELETE", path, 404)
    assert await ann.get(LISTS) == [second]


@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ({"title": ""}, "title"),
        ({"title": " \n"}, "title"),
        ({"title": "x" * 257}, "title"),
        ({"title": "x", "replies_policy": "some"}, "replies_policy"),
        ({"title": "x", "exclusive": "maybe"}, "exclusive"),
    ],
)
async def test_what_is_wrong_is_named(place: Place, field: dict[str, str], fault: str) -> None:
    ann = await place.member("ann")
    refused = await ann.do(LISTS, 422, **field)
    assert list(refused["details"]) == [fault]
    list_id = await made(ann)
    refused = await ann.ask("PUT", f"{LISTS}/{list_id}", 422, json=field)
    assert list(refused["details"]) == [fault]
    assert (await ann.get(LISTS))[0]["title"] == "Friends"
    await ann.do(LISTS, title="x" * 256)


async def test_accounts_go_in_and_out(place: Place) -> None:
    ann, ben, eve, zoe = await following(place, "ann", "ben", "eve", "zoe")
    list_id = await made(ann, ben, eve)
    assert sorted(await names(ann, list_id)) == ["ben", "eve"]
    path = f"{LISTS}/{list_id}/accounts"
    for given in (
        {"params": {"account_ids[]": [ben.account_id]}},
        {"json": {"account_ids": [str(eve.account_id), str(zoe.account_id)]}},
    ):
        assert await ann.ask("DELETE", path, **given) == {}
    assert await names(ann, list_id) == []
    await ann.do(path, account_ids=[str(ann.account_id)])
    assert await names(ann, list_id) == ["ann"]
    other = await made(ann, ben)
    found = await ann.get(f"/api/v1/accounts/{ben.account_id}/lists")
    assert ids_of(found) == [other]
    await ann.get("/api/v1/accounts/1234567890123456789/lists", 404)
    await eve.relate("block", ann)
    await ann.get(f"/api/v1/accounts/{eve.account_id}/lists", 404)


async def test_only_whom_one_follows_all_or_nobody(place: Place) -> None:
    ann, ben = await following(place, "ann", "ben")
    stranger = await place.member("stranger")
    list_id = await made(ann)
    path = f"{LISTS}/{list_id}/accounts"
    ids = [str(each.account_id) for each in (ben, stranger)]
    never = await ann.do(path, 404, account_ids=["1234567890123456789"])
    assert await ann.do(path, 404, account_ids=ids) == never
    assert await names(ann, list_id) == []
    await ann.do(path, account_ids=ids[:1])
    twice = await ann.do(path, 422, account_ids=ids[:1])
    assert list(twice["details"]) == ["account_ids"]
    assert await ann.do(path) == {}
    assert await names(ann, list_id) == ["ben"]


async def test_pages_of_members(place: Place) -> None:
    ann, *others = await following(place, "ann", *(f"friend{at}" for at in range(5)))
    list_id = await made(ann)
    for other in others:
        await ann.do(f"{LISTS}/{list_id}/accounts", account_ids=[str(other.account_id)])
    assert len(await names(ann, list_id, limit=2)) == 2
    assert len(await names(ann, list_id, limit=0)) == 5


async def test_nobody_else_sees_or_touches_a_list(place: Place) -> None:
    ann, ben = await following(place, "ann", "ben")
    eve = await place.member("eve")
    list_id = await made(ann, ben)
    for who in (ben, eve):
        assert await who.get(LISTS) == []
        for path in (f"{LISTS}/{list_id}", f"{LISTS}/{list_id}/accounts"):
            assert await who.get(path, 404) == await who.get(
                path.replace(list_id, "1234567890123456789"), 404
            )
        await who.get(f"/api/v1/timelines/list/{list_id}", 404)
        await who.do(f"{LISTS}/{list_id}/accounts", 404, account_ids=[str(ben.account_id)])
        await who.ask("PUT", f"{LISTS}/{list_id}", 404, json={"title": "mine"})
        await who.ask("DELETE", f"{LISTS}/{list_id}", 404)
    assert await ben.get(f"/api/v1/accounts/{ben.account_id}/lists") == []
    assert await names(ann, list_id) == ["ben"]


async def test_who_is_no_longer_followed_leaves_all_lists(place: Place) -> None:
    ann, ben, eve, zoe = await following(place, "ann", "ben", "eve", "zoe")
    one, two = await made(ann, ben, eve, zoe), await made(ann, ben)
    await ann.relate("unfollow", ben)
    assert sorted(await names(ann, one)) == ["eve", "zoe"]
    assert await names(ann, two) == []
    await ann.relate("block", eve)
    await zoe.relate("block", ann)
    assert await names(ann, one) == []
    await zoe.relate("unblock", ann)
    await ann.relate("follow", ben)
    assert await names(ann, one) == []


async def test_bounds(place: Place) -> None:
    ann, ben = await following(place, "ann", "ben")
    first = await made(ann)
    for _ in range(manage.LISTS_MAX - 1):
        await made(ann)
    refused = await ann.do(LISTS, 422, title="one too many")
    assert "maximum" in refused["error"]
    assert len(await ann.get(LISTS)) == manage.LISTS_MAX
    crowd = [
        {"list_id": int(first), "target_id": at, "id": at, "account_id": ann.account_id}
        for at in range(1, manage.MEMBERS_MAX + 1)
    ]
    async with place.db.write() as tx:
        await tx.run_many(insert(list_accounts), crowd)
    refused = await ann.do(f"{LISTS}/{first}/accounts", 422, account_ids=[str(ben.account_id)])
    assert list(refused["details"]) == ["account_ids"]
    assert await names(ann, first) == []


async def test_the_timeline_has_what_members_post(place: Place) -> None:
    ann, ben, eve, zoe = await following(place, "ann", "ben", "eve", "zoe")
    before = await ben.post("before the list")
    list_id = await made(ann, ben, eve)
    mine, theirs = await ann.post("mine"), await zoe.post("not in it")
    posts = [await ben.post("one", visibility=name) for name in ("public", "unlisted", "private")]
    await ben.post("@ann psst", visibility="direct")
    reblog = await eve.react("reblog", theirs["id"])
    expected = [reblog["id"], *ids_of(posts)[::-1], before["id"]]
    assert await shown(ann, list_id) == expected
    assert mine["id"] not in expected
    await eve.react("unreblog", theirs["id"])
    await ben.delete(posts[0]["id"])
    assert await shown(ann, list_id) == [posts[2]["id"], posts[1]["id"], before["id"]]
    await ann.do(f"{LISTS}/{list_id}/accounts", account_ids=[str(ann.account_id)])
    assert mine["id"] in await shown(ann, list_id)


async def test_every_page_of_the_timeline(place: Place) -> None:
    ann, *others = await following(place, "ann", "ben", "eve", "zoe", "kim", "lou")
    list_id = await made(ann, *others)
    posts = []
    for at in range(23):  # some talk much, some once
        who = others[0] if at % 3 else others[at % 5]
        posts.append((await who.post(f"post {at}"))["id"])
    posts.reverse()
    for limit in (1, 2, 5, 40):
        found: list[str] = []
        while page := await shown(ann, list_id, limit=limit, max_id=found[-1] if found else ""):
            found += page
        assert found == posts
        found = []
        while page := await shown(ann, list_id, limit=limit, min_id=found[0] if found else "1"):
            found = [*page, *found]
        assert found == posts
    assert await shown(ann, list_id, limit=2, since_id=posts[5]) == posts[:2]


@pytest.mark.parametrize(
    ("policy", "belong"),
    [
        ("none", {"own", "owner"}),
        ("list", {"own", "owner", "member"}),
        ("followed", {"own", "owner", "member", "followed"}),
    ],
)
async def test_replies(place: Place, policy: str, belong: set[str]) -> None:
    ann, ben, eve, zoe = await following(place, "ann", "ben", "eve", "zoe")
    stranger = await place.member("stranger")
    list_id = await made(ann, ben, eve, replies_policy=policy)
    answered = {"own": ben, "owner": ann, "member": eve, "followed": zoe, "stranger": stranger}
    replies = {}
    for name, who in answered.items():
        post = await who.post("to be answered")
        replies[name] = (await ben.post("yes", in_reply_to_id=post["id"]))["id"]
    found = await shown(ann, list_id)
    assert {name for name, post_id in replies.items() if post_id in found} == belong


async def test_the_timeline_leaves_out_whom_one_does_not_want_to_see(place: Place) -> None:
    ann, ben, eve = await following(place, "ann", "ben", "eve")
    zoe = await place.member("zoe")
    list_id = await made(ann, ben, eve)
    by_zoe = await zoe.post("by zoe")
    await ben.react("reblog", by_zoe["id"])
    by_eve = await eve.post("by eve")
    german = await ben.post("Auf Deutsch", language="de")
    await ann.relate("follow", ben, languages=["en"])
    assert german["id"] not in await shown(ann, list_id)
    await ann.relate("follow", ben, languages=["de", "en"])
    assert len(await shown(ann, list_id)) == 3
    await ann.relate("mute", zoe)
    assert await shown(ann, list_id) == [german["id"], by_eve["id"]]
    await ann.relate("unmute", zoe)
    await zoe.relate("block", ann)
    assert await shown(ann, list_id) == [german["id"], by_eve["id"]]
    await zoe.relate("unblock", ann)
    await ann.relate("follow", ben, reblogs=False)
    assert await shown(ann, list_id) == [german["id"], by_eve["id"]]
    await ann.relate("mute", eve, duration=60)
    assert await shown(ann, list_id) == [german["id"]]
    place.clock.advance(61_000)
    assert await shown(ann, list_id) == [german["id"], by_eve["id"]]


async def test_an_exclusive_list_takes_its_members_out_of_home(place: Place) -> None:
    ann, ben, eve = await following(place, "ann", "ben", "eve")
    first, by_eve = (await ben.post("first"))["id"], (await eve.post("by eve"))["id"]
    assert await home(ann) == [by_eve, first]
    list_id = await made(ann, ben, exclusive=True)
    assert await home(ann) == [by_eve]
    second = (await ben.post("second"))["id"]
    reblog = (await ben.react("reblog", by_eve))["id"]
    assert await home(ann) == [by_eve]
    assert await shown(ann, list_id) == [reblog, second, first]
    by_ben = (await eve.react("reblog", second))["id"]  # it is eve who says this
    assert await home(ann) == [by_ben, by_eve]
    other = await made(ann, ben, exclusive=True)
    await ann.ask("PUT", f"{LISTS}/{list_id}", json={"exclusive": False})
    assert await home(ann) == [by_ben, by_eve]  # one of them still keeps him
    await ann.ask("DELETE", f"{LISTS}/{other}")
    assert await home(ann) == [by_ben, reblog, second, by_eve, first]
    await ann.ask("PUT", f"{LISTS}/{list_id}", json={"exclusive": True})
    assert await home(ann) == [by_ben, by_eve]
    await ann.ask(
        "DELETE", f"{LISTS}/{list_id}/accounts", params={"account_ids[]": [ben.account_id]}
    )
    assert await home(ann) == [by_ben, reblog, second, by_eve, first]


async def test_many_come_back_at_once(place: Place) -> None:
    ann, *others = await following(place, "ann", *(f"friend{at}" for at in range(12)))
    list_id = await made(ann, *others, exclusive=True)
    posts = [(await other.post("words"))["id"] for other in others]
    mine = (await ann.post("mine"))["id"]
    assert await home(ann) == [mine]
    await ann.ask("DELETE", f"{LISTS}/{list_id}")
    assert await home(ann) == [mine, *posts[::-1]]


@pytest.mark.postgresql
async def test_which_lists_a_post_stands_in(place: Place) -> None:
    """What streams ask for."""
    ann, ben, eve = await following(place, "ann", "ben", "eve")
    zoe = await place.member("zoe")
    await zoe.relate("follow", ben)
    hers, others = await made(ann, ben), await made(zoe, ben, replies_policy="none")
    await made(ann, eve)

    async def receiving(post: Any) -> set[tuple[int, int]]:
        async with place.db.read() as reader:
            found = await access.receiving(reader, int(post["id"]), now=place.clock.now())
        return {(each.list_id, each.account_id) for each in found}

    both = {(int(hers), ann.account_id), (int(others), zoe.account_id)}
    assert await receiving(await ben.post("hello")) == both
    assert await receiving(await ben.post("hello", visibility="private")) == both
    assert await receiving(await ben.post("@ann hello", visibility="direct")) == set()
    post = await ann.post("to be answered")
    reply = await ben.post("yes", in_reply_to_id=post["id"])
    assert await receiving(reply) == {(int(hers), ann.account_id)}
    await ann.relate("mute", ben)
    assert await receiving(await ben.post("hello")) == {(int(others), zoe.account_id)}


async def test_lists_go_with_their_owner_and_members_go_with_their_account(place: Place) -> None:
    ann, ben, eve = await following(place, "ann", "ben", "eve")
    list_id = await made(ann, ben, eve)
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ben.account_id)
    await place.app.work()
    assert await names(ann, list_id) == ["eve"]
    async with place.db.write() as tx:
        await remove_account(place.services, tx, ann.account_id)
    async with place.db.read() as reader:
        for table in (lists, list_accounts):
            assert await reader.all(query(select(table))) == []


@pytest.mark.parametrize("size", [1, 12])
async def test_the_cost_does_not_grow(place: Place, size: int) -> None:
    ann, *others = await following(place, "ann", *(f"friend{at}" for at in range(size)))
    list_id = await made(ann, *others)
    for other in others:
        await other.post("words")
    await shown(ann, list_id)
    await place.settle()
    with place.app.counted() as reading:
        assert len(await shown(ann, list_id)) == size
    assert reading.statements == 4  # token, list, page, rows with flags
    with place.app.counted() as listing:
        assert len(await names(ann, list_id)) == size
    assert listing.statements == 4  # token, list, members, heads
    with place.app.counted() as mine:
        await ann.get(LISTS)
    assert mine.statements == 2
