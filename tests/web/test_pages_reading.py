"""Every page that is read, for visitors and for members, and what it costs."""

import re
from html import unescape

import pytest
from tests.web.conftest import Streets

from rostra.network.instance import settings as place_settings
from rostra.web.pages.search import OPERATORS

HOSTILE = "<script>alert('x')</script> & \"quotes\""
VISITOR_PAGES = {
    "/": "What people are saying",
    "/public": "Explore",
    "/@ada": "@ada",
    "/@ada/replies": "Hello, harbour",
    "/@ada/media": "Nothing to read here",
    "/@ada/followers": "Followers",
    "/@ada/following": "Following",
    "/@ada/featured": "Featured",
    "/@ada/tagged/ships": "Hello, harbour",
    "/tags/ships": "#ships",
    "/search": "Look for somebody",
    "/search?q=ada": "@ada",
    "/about": "Rules",
    "/about/terms": "Terms",
    "/about/privacy": "Privacy",
}
MEMBER_PAGES = VISITOR_PAGES | {
    "/": "Home",
    "/home": "Hello, harbour",
    "/notifications": "Notifications",
    "/notifications?only=mentions": "Notifications",
    "/favourites": "Favourites",
    "/bookmarks": "Bookmarks",
    "/follow-requests": "Follow requests",
    "/lists": "Lists",
    "/messages": "No messages",
    "/followed-tags": "You follow no hashtags",
    "/search?q=harbour": "Hello, harbour",
}


async def lively(streets: Streets) -> tuple[str, str]:
    """Two people, who talk: the first post and its answer."""
    ada, bob = await streets.town.members("ada", "bob")
    await streets.town.follow(bob, ada)
    post = await streets.town.post(ada, "Hello, harbour #ships")
    answer = await streets.town.post(bob, "@ada Welcome", in_reply_to_id=post)
    await streets.town.act(bob, "favourite", post)
    await streets.town.act(bob, "reblog", post)
    return post, answer


async def test_pages_for_visitors(streets: Streets) -> None:
    post, _ = await lively(streets)
    browser = streets.visitor()
    for path, words in {**VISITOR_PAGES, f"/@ada/{post}": "Welcome"}.items():
        answer = await browser.open(path)
        assert answer.status_code == 200, path
        assert words in unescape(answer.text), path
        assert "Sign in" in answer.text, path


async def test_pages_for_members(streets: Streets) -> None:
    post, _ = await lively(streets)
    carol, browser = await streets.member("carol")
    ada = (await carol.client.get("/api/v1/accounts/lookup?acct=ada")).json()
    await carol.client.post(f"/api/v1/accounts/{ada['id']}/follow")
    await streets.town.act(carol, "favourite", post)
    for path, words in {**MEMBER_PAGES, f"/@ada/{post}": "Welcome"}.items():
        answer = await browser.open(path)
        assert answer.status_code == 200, path
        assert words in unescape(answer.text), path
        assert "Sign out" in answer.text, path


async def test_the_search_page_explains_its_operators_to_members(streets: Streets) -> None:
    post, _ = await lively(streets)
    carol, browser = await streets.member("carol")
    await streets.town.act(carol, "favourite", post)
    page = unescape((await browser.open("/search?q=harbour+has:wings&kind=posts")).text)
    assert "has: takes media, image" in page
    for example, _ in OPERATORS:
        assert example in page
    answer = await browser.open("/search?q=harbour+-from:bob+during:2027-01&kind=posts")
    assert "Hello, harbour" in answer.text
    answer = await browser.open("/search?q=harbour+-from:ada&kind=posts")
    assert "Hello, harbour" not in answer.text
    page = unescape((await streets.visitor().open("/search?q=harbour+has:wings")).text)
    assert "has: takes" not in page  # visitors find no posts
    assert OPERATORS[0][0] not in page


@pytest.mark.parametrize(
    "path", ["/home", "/notifications", "/favourites", "/bookmarks", "/follow-requests", "/compose"]
)
async def test_members_pages_lead_visitors_to_sign_in(streets: Streets, path: str) -> None:
    answer = await streets.visitor().client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"/sign-in?next=%2F{path[1:]}")


async def test_what_is_not_there_and_what_may_not_be_seen_look_the_same(streets: Streets) -> None:
    ada, bob = await streets.town.members("ada", "bob")
    secret = await streets.town.post(ada, "For followers", visibility="private")
    _, stranger = await streets.member("mallory")
    pages = set()
    for path in (f"/@ada/{secret}", "/@ada/1", "/@nobody/1", f"/@bob/{secret}", f"/posts/{secret}",
                 f"/@ada/{secret}/history", "/posts/12345", "/@ada/xyz"):  # fmt: skip
        answer = await stranger.client.get(path)
        assert answer.status_code == 404, path
        text = re.sub(r'(value|name="next" value)="[^"]*"', "", answer.text)
        pages.add(text.replace(path, ""))
    assert len(pages) == 1
    assert bob.name not in pages.pop()


async def test_hostile_names_are_words(streets: Streets) -> None:
    member, browser = await streets.member("ada")
    await member.client.patch(
        "/api/v1/accounts/update_credentials",
        json={"display_name": HOSTILE[:30], "note": HOSTILE},
    )
    post = await streets.town.post(member, HOSTILE, spoiler_text=HOSTILE)
    for path in ("/@ada", f"/@ada/{post}", "/public", "/", "/@ada.rss", "/search?q=" + HOSTILE):
        answer = await browser.open(path)
        assert "<script>alert" not in answer.text, path


async def test_the_feed(streets: Streets) -> None:
    post, _ = await lively(streets)
    ada = "Hello, harbour"
    answer = await streets.visitor().client.get("/@ada.rss")
    assert answer.headers["content-type"].startswith("application/rss+xml")
    assert ada in answer.text
    assert f"/@ada/{post}</link>" in answer.text


async def test_older_and_newer(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    for number in range(25):
        await streets.town.post(ada, f"Number {number}.")
    await browser.open("/@ada")
    older = re.findall(r'href="(/@ada\?max_id=\d+)"', browser.text)[0]
    await browser.open(older)
    assert "Number 4." in browser.text
    assert "Number 5." not in browser.text
    newer = re.findall(r'href="(/@ada\?min_id=\d+)"', browser.text)[0]
    await browser.open(newer)
    assert "Number 24." in browser.text


@pytest.mark.parametrize(
    ("path", "visitor", "member"),
    [
        ("/public", 7, 11),
        ("/home", 0, 13),  # one of them asks what is announced
        ("/@ada", 12, 16),
        ("/notifications", 0, 16),
        ("/favourites", 0, 11),
        ("/tags/ships", 9, 14),
    ],
)
async def test_what_a_page_costs(streets: Streets, path: str, visitor: int, member: int) -> None:
    """Statements do not grow with what is on the page."""
    post, _ = await lively(streets)
    known = (await streets.town.anybody.get("/api/v1/accounts/lookup?acct=ada")).json()
    browser = await streets.signed_in(int(known["id"]))
    await browser.open(f"/@ada/{post}")
    await browser.send(f"/posts/{post}/favourite")
    spent = []
    for reader, wanted in ((streets.visitor(), visitor), (browser, member)):
        if wanted:
            await reader.open(path)
            with streets.rostra.counted() as counted:
                answer = await reader.open(path)
            assert answer.status_code == 200
            spent.append((counted.statements, wanted))
    assert [one for one, _ in spent] == [two for _, two in spent]


async def test_lasting_names_lead_to_pages(streets: Streets) -> None:
    post, _ = await lively(streets)
    browser = streets.visitor()
    known = (await streets.town.anybody.get(f"/api/v1/statuses/{post}")).json()
    for uri, path in ((known["uri"], f"/@ada/{post}"), (known["account"]["uri"], "/@ada")):
        answer = await browser.open(uri.removeprefix(browser.base))
        assert answer.status_code == 200
        assert browser.path == path
    assert (await browser.open("/users/nobody")).status_code == 404


async def test_a_reblog_leads_to_its_original(streets: Streets) -> None:
    post, _ = await lively(streets)
    bob = (await streets.town.anybody.get("/api/v1/accounts/lookup?acct=bob")).json()
    posts = (await streets.town.anybody.get(f"/api/v1/accounts/{bob['id']}/statuses")).json()
    reblog = next(each["id"] for each in posts if each["reblog"])
    browser = streets.visitor()
    for path in (f"/@bob/{reblog}", f"/posts/{reblog}"):
        await browser.open(path)
        assert browser.path == f"/@ada/{post}"
    await browser.open(f"/@bob/{reblog}/history")
    assert browser.path == f"/@ada/{post}/history"


async def test_hidden_lists_stay_hidden(streets: Streets) -> None:
    ada, hers = await streets.member("ada")
    bob = await streets.town.member("bob")
    await streets.town.follow(bob, ada)
    await ada.client.patch("/api/v1/accounts/update_credentials", json={"hide_collections": True})
    answer = await streets.visitor().open("/@ada/followers")
    assert "Kept private" in answer.text
    assert "@bob" not in answer.text
    assert "@bob" in (await hers.open("/@ada/followers")).text


async def test_who_is_blocked_finds_nobody(streets: Streets) -> None:
    ada = await streets.town.member("ada")
    bob, his = await streets.member("bob")
    post = await streets.town.post(ada, "Words")
    await streets.town.block(ada, bob)
    for path in ("/@ada", "/@ada/followers", "/@ada/media", f"/@ada/{post}"):
        assert (await his.client.get(path)).status_code == 404, path


async def test_a_long_thread_comes_in_parts(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    post = await streets.town.post(ada, "Top")
    for number in range(103):
        await streets.town.post(ada, f"Answer {number}.", in_reply_to_id=post)
    await browser.open(f"/@ada/{post}")
    assert "Answer 99." in browser.text
    assert "3 further replies" in browser.text
    await browser.open(f"/@ada/{post}?after=100")
    assert "Answer 102." in browser.text


async def test_the_place_can_close_its_timelines(streets: Streets) -> None:
    await lively(streets)
    services = streets.rostra.services
    async with services.db.write() as tx:
        await place_settings.change(services, tx, {"public_timelines": False})
    streets.rostra.clock.advance(5_000)
    visitor = streets.visitor()
    assert "Hello, harbour" not in (await visitor.open("/")).text
    for path in ("/public", "/tags/ships"):
        assert (await visitor.client.get(path)).status_code == 303
