"""Law 3 for search: nobody finds what they may not see, however they ask, nor that it is there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good, ids_of

from rostra.network.accounts.removal import remove_account

SEARCH = "/api/v2/search"
VISIBILITIES = ("public", "unlisted", "private", "direct")
# Whose library it is in, or who may find it because it is public and its author agrees.
FINDS = {
    "public": {"stranger", "follower", "mentioned", "moderator", "author"},
    "unlisted": {"mentioned", "author"},
    "private": {"mentioned", "author"},
    "direct": {"mentioned", "author"},
}
WAYS = (
    "needle{v}",
    '"needle{v} for"',
    "tide{v}",
    "#tag{v}",
    "needle{v} from:author",
    "from:author has:poll tide{v}",
    "needle{v} in:all",
    "needle{v} -nothing",
    "needle{v} after:2020",
    "in:library needle{v}",
    "in:public needle{v}",
)


async def asked(who: Member | None, town: Town, q: str, **params: Any) -> Any:
    client = who.client if who else town.anybody
    return good(await client.get(SEARCH, params={"q": q, **params}))


async def found(who: Member, town: Town, q: str) -> list[str]:
    return ids_of((await asked(who, town, q, type="statuses"))["statuses"])


async def page(who: Member | None, town: Town, q: str) -> str:
    client = await town.browser(who) if who else town.anybody
    answer = await client.get("/search", params={"q": q})
    assert answer.status_code == 200
    return answer.text


async def open_member(town: Town, name: str) -> Member:
    """Somebody who agrees to be found."""
    who = await town.member(name)
    await agree(who, indexable=True)
    return who


async def agree(who: Member, *, indexable: bool) -> None:
    body = {"indexable": indexable, "discoverable": indexable}
    good(await who.client.patch("/api/v1/accounts/update_credentials", json=body))


async def scene(town: Town) -> tuple[dict[str, Member], dict[str, str]]:
    """Everybody, and a post of each visibility, whose words stand in its text and its poll."""
    people = {"author": await open_member(town, "author")}
    for name in ("stranger", "follower", "mentioned", "blocked"):
        people[name] = await town.member(name)
    people["moderator"] = await town.member("moderator", role=1)
    author = people["author"]
    for name in ("follower", "blocked"):
        await town.follow(people[name], author)
    posts = {
        v: await town.post(
            author,
            f"needle{v} for @mentioned and @blocked #tag{v}",
            visibility=v,
            poll={"options": [f"tide{v}", "ebb"], "expires_in": 600},
        )
        for v in VISIBILITIES
    }
    await town.block(author, people["blocked"])
    await town.rostra.work()
    return people, posts


async def test_nobody_finds_what_they_may_not_see_however_they_ask(town: Town) -> None:
    people, posts = await scene(town)
    for name, who in people.items():
        for visibility, post_id in posts.items():
            for way in WAYS:
                q = way.format(v=visibility)
                ids = await found(who, town, q)
                expected = name in FINDS[visibility]
                if "in:library" in way:
                    expected = name in {"mentioned", "author"}
                if "in:public" in way:
                    expected = visibility == "public" and expected
                assert ids == ([post_id] if expected else []), (name, q)
                assert (f"/{post_id}" in await page(who, town, q)) == expected, (name, q)
    for visibility in VISIBILITIES:  # posts are found by members only
        assert (await asked(None, town, f"needle{visibility}"))["statuses"] == []
        assert posts[visibility] not in await page(None, town, f"needle{visibility}")


async def test_an_address_opens_nothing_that_is_hidden(town: Town) -> None:
    people, posts = await scene(town)
    base = town.services.settings.site.base_url
    sees = {"follower": {"public", "unlisted", "private"}, "stranger": {"public", "unlisted"}}
    for name in ("stranger", "follower", "mentioned", "blocked", "moderator"):
        who = people[name]
        seen = {"mentioned": set(VISIBILITIES), "blocked": set(), "moderator": sees["stranger"]}
        for visibility, post_id in posts.items():
            for address in (f"{base}/@author/{post_id}", f"{base}/users/author/statuses/{post_id}"):
                answer = await asked(who, town, address, resolve=True)
                expected = visibility in {**sees, **seen}[name]
                assert bool(answer["statuses"]) == expected, (name, address)
                if not expected:
                    never = await asked(who, town, address.replace(post_id, "1" * 19))
                    assert answer == never


async def test_what_is_hidden_answers_like_words_that_nobody_wrote(town: Town) -> None:
    """All kinds at once: posts, hashtags and people; in the API and on the page."""
    people, _ = await scene(town)
    for name, hidden in (
        ("stranger", ("unlisted", "private", "direct")),
        ("moderator", ("unlisted", "private", "direct")),
        ("blocked", VISIBILITIES),
    ):
        for visibility in hidden:
            for word in (f"needle{visibility}", f"tide{visibility}"):
                never = "x" * len(word)
                assert await asked(people[name], town, word) == await asked(
                    people[name], town, never
                )
                shown, empty = (
                    await page(people[name], town, word),
                    await page(people[name], town, never),
                )
                assert _plain(shown, word) == _plain(empty, never), (name, word)


def _plain(text: str, word: str) -> str:
    """The page without what was asked and what is new in every page: tokens, numbers."""
    lines = [line for line in text.replace(word, "…").splitlines() if "csrf" not in line]
    return "\n".join(line for line in lines if "request" not in line.lower())


async def test_a_hashtag_of_hidden_posts_is_none(town: Town) -> None:
    people, _ = await scene(town)
    for who in (people["stranger"], people["blocked"], None):
        for visibility in ("unlisted", "private", "direct"):
            answer = await asked(who, town, f"tag{visibility}", type="hashtags")
            assert answer["hashtags"] == [], visibility
        if who is not None:
            tag = good(await who.client.get("/api/v1/tags/tagdirect"))
            assert {(day["uses"], day["accounts"]) for day in tag["history"]} == {("0", "0")}
    assert (await asked(people["stranger"], town, "tagpublic"))["hashtags"]


Change = Callable[[Town, Mapping[str, Member], str], Awaitable[Any]]


async def _nothing(_town: Town, _people: Mapping[str, Member], _post: str) -> None:
    """It is found: so each of the others hides it."""


async def _blocks(town: Town, people: Mapping[str, Member], _post: str) -> None:
    await town.block(people["ann"], people["bob"])


async def _is_blocked(town: Town, people: Mapping[str, Member], _post: str) -> None:
    await town.block(people["bob"], people["ann"])


async def _mutes(town: Town, people: Mapping[str, Member], _post: str) -> None:
    await town.mute(people["ann"], people["bob"])


async def _deleted(_town: Town, people: Mapping[str, Member], post: str) -> None:
    good(await people["bob"].client.delete(f"/api/v1/statuses/{post}"))


async def _edited(_town: Town, people: Mapping[str, Member], post: str) -> None:
    body = {"status": "other words"}
    good(await people["bob"].client.put(f"/api/v1/statuses/{post}", json=body))


async def _consent_ends(_town: Town, people: Mapping[str, Member], _post: str) -> None:
    await agree(people["bob"], indexable=False)


async def _gone(town: Town, people: Mapping[str, Member], _post: str) -> None:
    async with town.db.write() as tx:
        await remove_account(town.services, tx, people["bob"].id)


CHANGES: dict[str, Change] = {
    "nothing": _nothing,
    "she blocks him": _blocks,
    "he blocks her": _is_blocked,
    "she mutes him": _mutes,
    "he deletes it": _deleted,
    "he takes its words back": _edited,
    "he does not want to be found": _consent_ends,
    "he is gone": _gone,
}


@pytest.mark.parametrize("what", CHANGES)
async def test_it_is_found_no_more_at_once(town: Town, what: str) -> None:
    """Before any job has run, and after all have."""
    people = {"ann": await town.member("ann"), "bob": await open_member(town, "bob")}
    post = await town.post(people["bob"], "Quarzgeheimnis #quarz")
    await town.rostra.work()
    assert await found(people["ann"], town, "Quarzgeheimnis") == [post]
    await CHANGES[what](town, people, post)
    for _ in range(2):
        expected = [post] if what == "nothing" else []
        for q in ("Quarzgeheimnis", "#quarz", "from:bob Quarzgeheimnis"):
            assert await found(people["ann"], town, q) == expected, q
        assert (post in await page(people["ann"], town, "Quarzgeheimnis")) == bool(expected)
        await town.rostra.work()


@pytest.mark.parametrize("goes", ["she unfollows", "he blocks her", "nothing"])
async def test_a_library_holds_only_what_may_still_be_seen(town: Town, goes: str) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(ann, bob)
    post = await town.post(bob, "Quarzgeheimnis", visibility="private")
    for verb in ("bookmark", "favourite"):
        await town.act(ann, verb, post)
    assert await found(ann, town, "Quarzgeheimnis in:library") == [post]
    if goes == "she unfollows":
        await town.unfollow(ann, bob)
    elif goes == "he blocks her":
        await town.block(bob, ann)
    expected = [post] if goes == "nothing" else []
    for q in ("Quarzgeheimnis in:library", "Quarzgeheimnis", "in:library from:bob"):
        assert await found(ann, town, q) == expected, q


async def test_hidden_posts_make_no_page_shorter(town: Town) -> None:
    """What is left out does not show by its gap: pages are full as long as there is more."""
    ann, bob, cat = [await open_member(town, name) for name in ("ann", "bob", "cat")]
    shown = []
    for number in range(4):
        shown.append(await town.post(bob, f"quarz {number}"))
        await town.post(bob, f"quarz {number} hidden", visibility="private")
        await town.post(cat, f"quarz {number} of one who blocks")
    await town.block(cat, ann)
    await town.rostra.work()
    pages = []
    for offset in (0, 2, 4):
        answer = await asked(ann, town, "quarz", type="statuses", limit=2, offset=offset)
        pages.append(ids_of(answer["statuses"]))
    newest = shown[::-1]
    assert pages == [newest[:2], newest[2:], []]


async def test_who_is_not_there_is_not_found(town: Town) -> None:
    ann, bob, _ = await town.members("ann", "bob", "cat")
    await town.member("waiting", waiting=True)
    await town.block(bob, ann)
    base, domain = town.services.settings.site.base_url, town.services.settings.domain
    ways = ("{}", "@{}", f"@{{}}@{domain}", f"{base}/@{{}}", f"{base}/users/{{}}")
    for way in ways:
        assert 'href="/@cat"' in await page(ann, town, way.format("cat")), way
        for name in ("bob", "waiting"):
            assert f'href="/@{name}"' not in await page(ann, town, way.format(name)), way
            for path in (SEARCH, "/api/v1/accounts/search"):
                answer, never = [
                    await ann.client.get(path, params={"q": way.format(each), "resolve": "true"})
                    for each in (name, "nobody")
                ]
                assert answer.text == never.text, (path, way)
    assert ids_of((await asked(bob, town, "ann"))["accounts"]) == [str(ann.id)]
