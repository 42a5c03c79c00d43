"""However much is posted, this server is nobody's hammer; and what few may read tells nothing."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.crowd import good
from tests.harness.streets import MINUTE, POSTS, Streets, streets_of

from rostra.network.previews.quota import ForgetCalls, forget
from rostra.store.query import upsert
from rostra.store.tables.previews import called_domains, cards

PUT_CALLS = upsert(called_domains, ["domain"])


@pytest.fixture
async def sparing(data_dir: Path, database_url: str) -> AsyncIterator[Streets]:
    few: dict[str, Any] = {"ROSTRA_PREVIEWS__CALLS_PER_MINUTE": "3"}
    async with streets_of(data_dir, database_url, **few) as made:
        yield made


async def minutes(streets: Streets, most: int) -> list[int]:
    """How many calls came in each of the next minutes."""
    found = []
    for _ in range(most):
        before = len(streets.site.asked)
        await streets.town.rostra.work()
        found.append(len(streets.site.asked) - before)
        streets.town.rostra.clock.advance(MINUTE)
    return found


async def test_a_flood_becomes_a_trickle(sparing: Streets) -> None:
    town, site = sparing.town, sparing.site
    ann = await town.member("ann")
    for number in range(8):
        url = site.page(f"/{number}", f"<title>{number}</title>")
        await town.post(ann, url.replace("site.test", f"{number}.site.test"))
    assert max(await minutes(sparing, 40)) <= 3
    assert Counter(site.asked) == Counter(f"/{number}" for number in range(8))
    shown = good(await ann.client.get("/api/v1/timelines/public"))
    assert sorted(each["card"]["title"] for each in shown) == list("01234567")
    assert await town.count(called_domains) == 1
    async with town.db.write() as tx:
        await forget(town.services, tx, ForgetCalls())
    assert await town.count(called_domains) == 0


async def test_pictures_descriptions_and_redirects_count_for_their_own_domain(
    sparing: Streets,
) -> None:
    town, site = sparing.town, sparing.site
    ann = await town.member("ann")
    link = '<link rel="alternate" type="application/json+oembed" href="{}">'
    image = '<meta property="og:image" content="{}">'
    site.pages["/o"] = (200, "application/json", json.dumps({"type": "link"}).encode())
    for number in range(6):
        host = f"a{number}.test"
        victim = [site.url(f"/{what}?{number}", "victim.test") for what in "io"]
        head = f"<title>T</title>{image.format(victim[0])}{link.format(victim[1])}"
        site.page(f"/p{number}", head)
        await town.post(ann, site.url(f"/p{number}", host))
        site.pages[f"/r{number}"] = (302, site.url(f"/v{number}", "victim.test"), b"")
        await town.post(ann, site.url(f"/r{number}", host))
    before = 0
    for _ in range(20):
        await town.rostra.work()
        called = sum(path[:2] in {"/i", "/o", "/v"} for path in site.asked)
        assert called - before <= 3
        before = called
        town.rostra.clock.advance(MINUTE)
    assert before > 0


async def test_who_waits_too_long_is_given_up(sparing: Streets) -> None:
    town, site = sparing.town, sparing.site
    ann = await town.member("ann")
    url = site.page("/a", "<title>T</title>")
    await town.post(ann, url)
    row = {"domain": "site.test", "calls": 99}
    for _ in range(90):
        minute = town.rostra.clock.now() // MINUTE
        async with town.db.write() as tx:
            await tx.run(PUT_CALLS, minute=minute, **row)
        await town.rostra.work()
        town.rostra.clock.advance(10 * MINUTE)
    assert site.asked == []
    assert await town.count(cards, cards.c.state == 2) == 1
    await sparing.work()
    assert site.asked == []


async def test_a_preview_tells_nobody_of_posts_for_followers(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann, bob = await town.members("ann", "bob")
    url = site.page("/unlisted-party", "<title>Party</title>")
    private = await town.post(ann, url, visibility="private")
    await streets.work()
    assert good(await ann.client.get(f"{POSTS}/{private}"))["card"]["title"] == "Party"
    for client in (bob.client, town.anybody):
        assert (await client.get(f"{POSTS}/{private}")).status_code == 404
    probe = await town.post(bob, url)
    assert good(await bob.client.get(f"{POSTS}/{probe}"))["card"] is None
    second = await town.post(bob, url, visibility="private")
    assert good(await bob.client.get(f"{POSTS}/{second}"))["card"] is None
    await streets.work()
    assert site.asked == ["/unlisted-party"] * 3
    again = await town.post(ann, url, visibility="private")
    assert good(await ann.client.get(f"{POSTS}/{again}"))["card"]["title"] == "Party"
    for who, post in ((ann, private), (ann, again), (bob, probe), (bob, second)):
        good(await who.client.delete(f"{POSTS}/{post}"))
    await streets.work()
    assert await town.count(cards) == 0


@pytest.mark.postgresql
async def test_posts_with_embeds_are_found(streets: Streets) -> None:
    town, site = streets.town, streets.site
    ann = await town.member("ann")
    good(await ann.client.patch("/api/v1/profile", json={"indexable": True}))
    frame = {"type": "video", "html": '<iframe src="https://video.test/1"></iframe>'}
    site.pages["/o"] = (200, "application/json", json.dumps(frame).encode())
    link = '<link rel="alternate" type="application/json+oembed" href="/o">'
    url = site.page("/film", f"<title>Film</title>{link}")
    film = await town.post(ann, f"see {url}")
    plain = await town.post(ann, f"see {site.page('/words', '<title>Words</title>')}")

    async def found(q: str) -> list[str]:
        params = {"q": q, "type": "statuses"}
        answer = good(await ann.client.get("/api/v2/search", params=params))
        return [each["id"] for each in answer["statuses"]]

    assert await found("has:embed") == []
    await streets.work()
    assert await found("has:embed") == [film]
    assert await found("see -has:embed") == [plain]
    later = await town.post(ann, f"again {url}")
    assert await found("has:embed") == [later, film]
    good(await ann.client.put(f"{POSTS}/{later}", json={"status": "no more"}))
    assert await found("has:embed") == [film]
    site.page("/film", "<title>Film</title>")
    town.rostra.clock.advance(15 * 24 * 60 * MINUTE)
    await town.post(ann, url)
    await streets.work()
    assert await found("has:embed") == []
