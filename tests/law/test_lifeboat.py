"""Law 3, at a second provider: its lifeboat holds what anybody may read, and nothing else.

Everything that stands at the places for the lifeboat is opened with its key and searched, whether
a page leads there or not.
"""

from pathlib import Path

from tests.harness.crowd import good
from tests.harness.limits import limit, limit_accounts
from tests.hosting.lifeboat.afloat import Afloat, afloat
from tests.law.test_visibility_matrix import MAY_SEE, VISIBILITIES
from tests.pictures import photo

from rostra.hosting.ark.seal import Damaged, Sealer
from rostra.hosting.lifeboat import keys, pieces
from rostra.hosting.lifeboat.model import FOLDER
from rostra.network.accounts.leaving import hide_and_leave

MARK = ".rostra-place"  # by which a folder is known as a place


def _everything(boat: Afloat, wrapped: str) -> str:
    """All that the lifeboat's key opens at any place, and all that needs no key."""
    sealer = Sealer(keys.unwrap(wrapped, boat.berth.secret))
    found = []
    for path in sorted(boat.places.rglob("*")):
        if not path.is_file() or path.name == MARK:
            continue
        assert FOLDER in str(path)
        content = path.read_bytes()
        try:
            found.append(str(pieces.record_in(sealer, content, object)))
        except Damaged:
            found.append(content.decode("latin-1"))
    return "\n".join(found)


async def test_it_holds_what_the_matrix_gives_to_anybody(data_dir: Path) -> None:
    async with afloat(data_dir) as boat:
        author = await boat.town.member("author")
        await boat.town.member("mentioned")
        waiting = await boat.town.member("waiting", waiting=True)
        for visibility in VISIBILITIES:
            poll = {"options": [f"poll{visibility}", "coffee"], "expires_in": 600}
            await boat.town.post(
                author, f"needle{visibility} @mentioned", visibility=visibility, poll=poll
            )
        held = _everything(boat, (await boat.told()).wrapped)
        for visibility in VISIBILITIES:
            there = "anonymous" in MAY_SEE[visibility]
            assert (f"needle{visibility}" in held) is there, visibility
            assert (f"poll{visibility}" in held) is there, visibility
        assert "'waiting'" not in held
        for secret in (author.token, waiting.token, "author@members.example", "argon2"):
            assert secret not in held


async def test_what_is_taken_back_leaves_it(data_dir: Path) -> None:
    """Deleted, narrowed by a decision, suspended, left: what remains is what a visitor sees."""
    async with afloat(data_dir) as boat:
        town = boat.town
        keeper, suspended, leaver = await town.members("keeper", "needlesuspended", "needleleaver")
        words = ("needledeleted", "needleheld", "needleremoved", "needleweb", "needlepicture")
        posts = {}
        for word in words:
            picture = await town.picture(keeper, photo().jpegsave_buffer(), description=word)
            posts[word] = await town.post(keeper, word, media_ids=[picture["id"]])
        await town.post(keeper, "needlestays")
        quoted = await town.post(suspended, "needlequoted")
        await town.post(keeper, "Look.", quoted_status_id=quoted)
        await town.post(leaver, "needleleft")
        before = _everything(boat, (await boat.told()).wrapped)
        every = (*words, "needlestays", "needlequoted", "needleleft")
        assert [word for word in every if word not in before] == []
        pictures = len(boat.pieces())

        good(await keeper.client.delete(f"/api/v1/statuses/{posts['needledeleted']}"))
        await limit(town, posts["needleheld"], held=True)
        await limit(town, posts["needleremoved"], removed=True)
        await limit(town, posts["needleweb"], hidden_on=("web",))
        await limit_accounts(town, suspended.id, suspended=True)
        async with town.db.write() as tx:
            await hide_and_leave(town.services, tx, leaver.id)
        after = _everything(boat, (await boat.told()).wrapped)
        assert [word for word in every if word in after] == ["needlepicture", "needlestays"]
        assert await boat.page("needlesuspended") is None
        assert await boat.page("needleleaver") is None
        (look,) = [post for post in await boat.posts("keeper") if post.html == "<p>Look.</p>"]
        assert await boat.book.other(look.quotes) is None
        assert len(boat.pieces()) < pictures

        await limit(town, *posts.values())
        await limit_accounts(town, suspended.id)
        again = _everything(boat, (await boat.told()).wrapped)
        back = {"needleheld", "needleremoved", "needleweb", "needlequoted"}
        assert {word for word in every if word in again} == {
            *back,
            "needlepicture",
            "needlestays",
        }


async def test_who_does_not_want_to_be_found_is_marked_so(data_dir: Path) -> None:
    """As on the network's own pages: they can be read, and search engines are sent away."""
    async with afloat(data_dir) as boat:
        shy, open_one = await boat.town.members("shy", "open")
        url = "/api/v1/accounts/update_credentials"
        good(await shy.client.patch(url, json={"indexable": False}))
        good(await open_one.client.patch(url, json={"indexable": True}))
        await boat.told()
        found = [await boat.page(name) for name in ("shy", "open")]
        assert [page.person.indexable for page in found if page] == [False, True]
        good(await open_one.client.patch(url, json={"indexable": False}))
        await boat.told()
        page = await boat.page("open")
        assert page is not None
        assert not page.person.indexable
