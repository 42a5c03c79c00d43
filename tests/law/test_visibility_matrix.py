"""Law 3: nobody sees what they may not, on any surface; what they may not see does not exist."""

import re

from tests.harness.crowd import Town, good, ids_of
from tests.harness.streets import Streets
from tests.law.surfaces import MADE_UP, Cast, everything, pages, told_apart, where

from rostra.api.endpoint import Auth
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.network.instance import settings
from rostra.network.trends.rank import Rank, rank

VISIBILITIES = ("public", "unlisted", "private", "direct")
MAY_SEE = {
    "public": {"anonymous", "stranger", "follower", "mentioned", "moderator", "author"},
    "unlisted": {"anonymous", "stranger", "follower", "mentioned", "moderator", "author"},
    "private": {"follower", "mentioned", "author"},
    "direct": {"mentioned", "author"},
}
WORDS = {"name": "author", "tag": "matrix", "word": "matrix"}
ME = "/api/v1/accounts/update_credentials"
LINK = "/api/v1/timelines/link"


class Scene(Cast):
    """Four posts, one of each visibility, and everybody who may or may not see them.

    Who is blocked by the author follows (as far as that is possible) and is mentioned. Where
    there are streets, all posts lead to one page, which trends.
    """

    def __init__(self, town: Town, streets: Streets | None = None) -> None:
        super().__init__(town)
        self.streets = streets
        self.words = dict(WORDS)
        if streets:
            self.words["url"] = streets.site.page("/news", "<title>News</title>")
        self.posts: dict[str, str] = {}

    async def play(self) -> "Scene":
        """Let it happen."""
        town = self.town
        for name in ("author", "stranger", "follower", "mentioned", "blocked"):
            self.viewers[name] = await town.member(name)
        self.viewers["moderator"] = await town.member("moderator", role=1)
        await town.follow(self["follower"], self["author"])
        await town.follow(self["blocked"], self["author"])
        for visibility in VISIBILITIES:
            text = f"needle{visibility} for @mentioned and @blocked #matrix"
            text += f" {self.words.get('url', '')}"
            poll = {"options": [f"needle{visibility} tea", "coffee"], "expires_in": 600}
            self.posts[visibility] = await town.post(
                self["author"], text, visibility=visibility, poll=poll
            )
        quoter = await town.member("quoter")
        for visibility in ("public", "unlisted"):  # for everybody to see
            quoting = {"quoted_status_id": self.posts[visibility]}
            await town.post(quoter, "look", visibility="unlisted", **quoting)
        await town.block(self["author"], self["blocked"])
        if self.streets:
            await self._let_it_trend(self.streets)
        await town.rostra.work()
        return self

    async def _let_it_trend(self, streets: Streets) -> None:
        people = [self["author"], *await self.town.members("reader", "listener")]
        for one in people:
            good(await one.client.patch(ME, json={"discoverable": True}))
        for one in people[1:]:
            await self.town.post(one, f"look {self.words['url']}")
        async with self.town.db.write() as tx:
            await settings.change(self.town.services, tx, {"trends_unreviewed": True})
        await streets.work()
        await rank(self.town.services, Rank())

    def hidden_from(self, viewer: str) -> dict[str, str]:
        """The posts that a viewer may not see, by visibility."""
        return {v: self.posts[v] for v in VISIBILITIES if viewer not in MAY_SEE[v]}


async def test_no_surface_shows_a_post_to_those_who_may_not_see_it(streets: Streets) -> None:
    town = streets.town
    scene = await Scene(town, streets).play()
    ids = [*scene.posts.values(), str(scene["author"].id)]
    leaks = []
    for name, viewer in scene.viewers.items():
        found = await everything(town, viewer, ids, scene.words)
        assert "look <a" in found[LINK], name
        assert ("needlepublic" in found[LINK]) == (name != "blocked")
        for visibility, post_id in scene.hidden_from(name).items():
            leaks += [(name, path) for path in where(found, f"needle{visibility}")]
            if visibility != "public":  # whose number bounds pages of what anybody may see
                leaks += [(name, path) for path in where(found, post_id)]
        for visibility in set(scene.posts) - set(scene.hidden_from(name)):
            single = f"/api/v1/statuses/{scene.posts[visibility]}"
            assert f"needle{visibility}" in found[single], (name, visibility)
            assert f"needle{visibility}" in found[f"/api/v1/accounts/{ids[-1]}/statuses"], name
    assert leaks == []


async def test_a_hidden_post_answers_like_one_that_never_was(town: Town) -> None:
    """Every endpoint with an id in its path, all methods: same status, same body."""
    scene = await Scene(town).play()
    for name in scene.viewers:
        hidden = scene.hidden_from(name).values()
        assert await told_apart(scene.client(name), hidden) == [], name


async def test_a_page_of_a_hidden_post_is_like_one_that_never_was(town: Town) -> None:
    scene = await Scene(town).play()
    for name, viewer in scene.viewers.items():
        browser = await town.browser(viewer) if viewer else town.anybody
        for route in pages():
            if "id" not in route.path_params:
                continue
            for visibility, post_id in scene.posts.items():
                shown, never = [
                    await browser.get(fill(route.path, {"acct": "author"}, each))
                    for each in (post_id, MADE_UP)
                ]
                if visibility in scene.hidden_from(name):
                    assert shown.status_code == never.status_code, (name, route.path)
                    assert f"needle{visibility}" not in shown.text, (name, route.path)
                    assert _plain(shown.text, post_id) == _plain(never.text, MADE_UP)
                elif route.path == "/@{acct}/{id}":
                    assert f"needle{visibility}" in shown.text, name


def _plain(page: str, post_id: str) -> str:
    """A page without what is new in each: its own address, a token, the number of the request."""
    return re.sub(r"[0-9a-f]{20,}", "…", page.replace(post_id, "…"))


async def test_embeds_are_of_what_everybody_may_see(town: Town) -> None:
    """Whoever asks, the author too: what is embedded is shown to everybody."""
    scene = await Scene(town).play()
    base = town.services.settings.site.base_url
    for name, viewer in scene.viewers.items():
        client = viewer.client if viewer else town.anybody
        for form in ("json", "xml"):
            answers = {
                post_id: await client.get(
                    "/api/oembed", params={"url": f"{base}/@author/{post_id}", "format": form}
                )
                for post_id in (MADE_UP, *scene.posts.values())
            }
            never = answers[MADE_UP]
            assert never.status_code == 404
            for visibility, post_id in scene.posts.items():
                answer = answers[post_id]
                if visibility in {"public", "unlisted"}:
                    assert (answer.status_code, post_id in answer.text) == (200, True)
                    assert form in answer.headers["content-type"]
                else:
                    told = (answer.status_code, answer.text)
                    assert told == (404, never.text), (name, form, visibility)


async def test_no_verb_reaches_a_hidden_post(town: Town) -> None:
    scene = await Scene(town).play()
    verbs = [
        endpoint.path
        for endpoint in all_endpoints()
        if endpoint.method == "POST" and endpoint.path.startswith("/api/v1/statuses/{id}/")
    ]
    assert len(verbs) >= 10
    for name, viewer in scene.viewers.items():
        if viewer is None:
            continue
        for post_id in scene.hidden_from(name).values():
            for verb in verbs:
                answer = await viewer.client.post(fill(verb, {"id": post_id}))
                assert answer.status_code == 404, (name, verb, answer.text)
            reply = {"status": "re", "in_reply_to_id": post_id}
            good(await viewer.client.post("/api/v1/statuses", json=reply), 404)
    for visibility, post_id in scene.posts.items():
        post = good(await scene["author"].client.get(f"/api/v1/statuses/{post_id}"))
        assert post["favourites_count"] + post["reblogs_count"] + post["replies_count"] == 0
        for verb in ("favourite", "bookmark", "mute"):
            await town.act(scene["mentioned"], verb, post_id)
        reply = {"status": "re", "in_reply_to_id": post_id, "visibility": visibility}
        good(await scene["mentioned"].client.post("/api/v1/statuses", json=reply))
        reblog = await scene["mentioned"].client.post(f"/api/v1/statuses/{post_id}/reblog")
        assert (reblog.status_code == 200) == (visibility in {"public", "unlisted"})


async def test_timelines_hold_what_belongs_there(town: Town) -> None:
    scene = await Scene(town).play()
    lists = {
        "/api/v1/timelines/public": {"public"},
        "/api/v1/timelines/tag/matrix": {"public"},
    }
    for name, viewer in scene.viewers.items():
        client = viewer.client if viewer else town.anybody
        for path, belonging in lists.items():
            shown = set() if name == "blocked" else {scene.posts[v] for v in belonging}
            assert set(ids_of(good(await client.get(path)))) == shown, (name, path)
    homes = {"author": set(VISIBILITIES), "follower": {"public", "unlisted", "private"}}
    for name in ("author", "follower", "stranger", "moderator", "blocked", "mentioned"):
        shown = {scene.posts[v] for v in homes.get(name, set())}
        home = good(await scene[name].client.get("/api/v1/timelines/home"))
        assert set(ids_of(home)) == shown, name


async def test_what_was_kept_is_gone_when_it_may_not_be_seen_any_more(streets: Streets) -> None:
    """Favourites, bookmarks, reblogs, homes and notifications are asked again each time."""
    town = streets.town
    scene = await Scene(town, streets).play()
    follower, mentioned, author = scene["follower"], scene["mentioned"], scene["author"]
    for post_id in (scene.posts["private"], scene.posts["public"]):
        for verb in ("favourite", "bookmark"):
            await town.act(follower, verb, post_id)
            await town.act(mentioned, verb, post_id)
    await town.act(follower, "reblog", scene.posts["public"])
    await town.post(mentioned, "re @author", in_reply_to_id=scene.posts["direct"])
    ids = [*scene.posts.values(), str(author.id), str(follower.id)]
    found = await everything(town, follower, ids, scene.words)
    assert len(where(found, "needleprivate")) > 3
    assert LINK in where(found, "needlepublic")
    for lost in (follower, mentioned):
        await town.block(author, lost)
        await town.rostra.work()
        found = await everything(town, lost, ids, scene.words)
        for visibility, post_id in scene.posts.items():
            assert where(found, f"needle{visibility}") == [], lost.name
            if visibility == "private":  # their own answer still names the direct one
                assert where(found, post_id) == [], lost.name


async def test_an_unfollow_ends_what_followers_see(town: Town) -> None:
    scene = await Scene(town).play()
    follower, post_id = scene["follower"], scene.posts["private"]
    good(await follower.client.get(f"/api/v1/statuses/{post_id}"))
    await town.act(follower, "bookmark", post_id)
    await town.unfollow(follower, scene["author"])
    found = await everything(town, follower, [post_id, str(scene["author"].id)], WORDS)
    assert where(found, "needleprivate") == []
    assert where(found, post_id) == []


async def test_a_request_to_follow_shows_nothing_yet(town: Town) -> None:
    shy = await town.member("author", locked=True)
    asking = await town.member("asking")
    await town.follow(asking, shy)
    post_id = await town.post(shy, "needle", visibility="private")
    found = await everything(town, asking, [post_id, str(shy.id)], WORDS)
    assert where(found, post_id) == []


async def test_counts_tell_nothing_of_hidden_posts(town: Town) -> None:
    """Nobody can count what somebody writes to others in private."""
    author, friend = await town.members("author", "friend")
    public = await town.post(author, "in public")
    before = good(await town.anybody.get(f"/api/v1/statuses/{public}"))
    town.rostra.clock.advance(3 * 86_400_000)
    hidden = await town.post(author, "@friend psst", visibility="direct")
    await town.post(friend, "re", visibility="private", in_reply_to_id=public)
    answer = await town.post(friend, "@author re", visibility="direct", in_reply_to_id=public)
    after = good(await town.anybody.get(f"/api/v1/statuses/{public}"))
    assert after["replies_count"] == before["replies_count"] == 0
    assert after["account"]["statuses_count"] == before["account"]["statuses_count"]
    assert after["account"]["last_status_at"] == before["account"]["last_status_at"]
    for member, post_id in ((author, hidden), (friend, answer)):
        good(await member.client.delete(f"/api/v1/statuses/{post_id}"))
    await town.rostra.work()
    again = good(await town.anybody.get(f"/api/v1/statuses/{public}"))
    assert again["replies_count"] == 0
    assert again["account"]["statuses_count"] == before["account"]["statuses_count"]


async def test_members_who_wait_see_what_anybody_sees(town: Town) -> None:
    """An account that is not let in yet is nobody, even with a token."""
    scene = await Scene(town).play()
    pending = await town.member("pending", waiting=True)
    found = await everything(town, pending, [*scene.posts.values()], WORDS)
    for visibility in ("private", "direct"):
        assert where(found, f"needle{visibility}") == []
    for endpoint in all_endpoints():
        if endpoint.auth is Auth.USER:
            path = fill(endpoint.path, {}, scene.posts["public"])
            answer = await pending.client.request(endpoint.methods[0], path)
            assert answer.status_code == 403, (endpoint.name, answer.text)
