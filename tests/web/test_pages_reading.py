"""Every page that is read, for visitors and for members, and what it costs."""

import re
from html import unescape

import pytest
from tests.web.conftest import Streets

HOSTILE = "<script>alert('x')</script> & \"quotes\""
VISITOR_PAGES = {
    "/": "What people are saying",
    "/public": "Explore",
    "/@ada": "@ada",
    "/@ada/replies": "Hello, harbour",
    "/@ada/media": "Nothing to read here",
    "/@ada/followers": "Followers",
    "/@ada/following": "Following",
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
        ("/home", 0, 12),
        ("/@ada", 11, 15),
        ("/notifications", 0, 14),
        ("/favourites", 0, 11),
        ("/tags/ships", 10, 14),
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
