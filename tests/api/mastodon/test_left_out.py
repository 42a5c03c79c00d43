"""What homes and lists leave out of what those whom one follows post."""

import pytest
from sqlalchemy import BigInteger, bindparam, update
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.kernel.clock import MINUTE
from rostra.network.timelines import fan_out
from rostra.store.query import query
from rostra.store.tables.accounts import accounts
from rostra.store.tables.timelines import arrivals

HOME = "/api/v1/timelines/home"
POPULAR = query(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger()))
    .values(followers_count=fan_out.MANY_FOLLOWERS + 1)
)


async def _ids(member: Member, path: str = HOME) -> list[str]:
    return ids_of(good(await member.client.get(path)))


async def _merged_star(town: Town, *readers: Member) -> Member:
    """Somebody whose posts the readers' homes merge when they are read."""
    star = await town.member("star")
    for reader in readers:
        await town.follow(reader, star)
    async with town.db.write() as tx:
        await tx.run(POPULAR, account=star.id)
        await fan_out.start_merging(town.services, tx)
    town.rostra.clock.advance(fan_out.MERGE_NOTICE_MS + MINUTE)
    return star


@pytest.mark.postgresql
@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_reblogs_by_very_large_accounts_of_whom_one_hides(town: Town, verb: str) -> None:
    ann, eve, bob = await town.members("ann", "eve", "bob")
    star = await _merged_star(town, ann, bob)
    own, words = await town.post(star, "a heron"), await town.post(eve, "a quokka")
    reblog = (await town.act(star, "reblog", words))["id"]
    assert await _ids(ann) == [reblog, own]
    hide = {"block": town.block, "mute": town.mute}[verb]
    await hide(ann, eve)
    assert await _ids(ann) == [own]
    assert await _ids(bob) == [reblog, own]
    page = await (await town.browser(ann)).get("/home")
    assert "a heron" in page.text
    assert "a quokka" not in page.text


@pytest.mark.postgresql
@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_posts_that_mention_whom_one_hides(town: Town, verb: str) -> None:
    """They stand in no home, written or merged, and in no list; one's own do."""
    ann, eve, bob = await town.members("ann", "eve", "bob")
    star = await _merged_star(town, ann)
    for author in (bob, eve):
        await town.follow(ann, author)
    every = good(await ann.client.post("/api/v1/lists", json={"title": "every"}))["id"]
    members = {"account_ids": [str(bob.id), str(star.id)]}
    good(await ann.client.post(f"/api/v1/lists/{every}/accounts", json=members))
    named = [await town.post(author, "about @eve") for author in (ann, bob, star)]
    reblogged = await town.post(await town.member("cid"), "@eve again")
    named += [(await town.act(author, "reblog", reblogged))["id"] for author in (bob, star)]
    plain = [await town.post(author, "about @bob") for author in (bob, star)]
    listed = f"/api/v1/timelines/list/{every}"
    assert await _ids(ann) == [*plain[::-1], *named[::-1]]
    assert await _ids(ann, listed) == [*plain[::-1], *named[:0:-1]]
    await {"block": town.block, "mute": town.mute}[verb](ann, eve)
    assert await _ids(ann) == [*plain[::-1], named[0]]
    assert await _ids(ann, listed) == plain[::-1]
    good(await ann.client.post(f"/api/v1/accounts/{eve.id}/un{verb}"))
    assert await _ids(ann) == [*plain[::-1], *named[::-1]]


@pytest.mark.postgresql
async def test_a_post_that_waits_to_be_written_mentions_whom_one_hides(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    await town.follow(ann, bob)
    async with town.db.write() as tx:
        await tx.run(POPULAR, account=bob.id)  # so that homes are written later
    about, plain = await town.post(bob, "@eve"), await town.post(bob, "plain")
    assert await town.count(arrivals) == 2
    assert await _ids(ann) == [plain, about]
    await town.mute(ann, eve)
    assert await _ids(ann) == [plain]


@pytest.mark.postgresql
async def test_languages_of_a_follow_hold_however_posts_come_into_a_home(town: Town) -> None:
    """Written when they are posted, by a new follow, by a home built anew, and merged."""
    ann, bob, cid = await town.members("ann", "bob", "cid")
    theirs = {code: await town.post(bob, "words", language=code) for code in ("de", "en", "fr")}
    await town.follow(ann, bob, languages=["de", "fr"])
    expected = [theirs["fr"], theirs["de"]]
    assert await _ids(ann) == expected  # brought by the follow
    await town.post(bob, "words", language="en")
    expected.insert(0, await town.post(bob, "words", language="de"))
    answer = await town.post(ann, "own answer", in_reply_to_id=await town.post(cid, "words"))
    expected.insert(0, answer)
    reblog = await town.act(bob, "reblog", await town.post(cid, "words", language="en"))
    expected.insert(0, reblog["id"])  # it has no language of its own
    assert await _ids(ann) == expected
    async with town.db.write() as tx:
        await fan_out.rebuild(town.services, tx, ann.id)
    assert await _ids(ann) == expected
    async with town.db.write() as tx:
        await tx.run(POPULAR, account=bob.id)
        await fan_out.start_merging(town.services, tx)
    town.rostra.clock.advance(fan_out.MERGE_NOTICE_MS + MINUTE)
    await town.post(bob, "words", language="en")
    expected.insert(0, await town.post(bob, "words", language="fr"))
    await town.post(bob, "@cid words", visibility="direct", language="fr")
    expected.insert(0, await town.post(bob, "@ann words", visibility="direct", language="fr"))
    assert await _ids(ann) == expected
