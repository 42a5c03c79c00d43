"""What a member's filters do to the pages that they see."""

from typing import Any

from tests.harness.crowd import Member, good
from tests.pictures import photo
from tests.web.conftest import Streets

WARNED = "Filtered: <bdi>Pets</bdi>"


async def make(member: Member, *contexts: str, **more: Any) -> str:
    wish = {
        "title": "Pets",
        "context": contexts,
        "keywords_attributes": [{"keyword": "cat"}],
    }
    made = good(await member.client.post("/api/v2/filters", json={**wish, **more}))
    return str(made["id"])


async def test_a_warning_stands_where_the_filter_holds(streets: Streets) -> None:
    ann, browser = await streets.member("ann")
    ben, _ = await streets.member("ben")
    await streets.town.follow(ann, ben)
    post = await streets.town.post(ben, "@ann a cat #pets")
    await make(ann, "home", "notifications")
    for path, warned in (
        ("/home", True),
        ("/notifications", True),
        ("/public", False),
        ("/tags/pets", False),
        ("/@ben", False),
        (f"/@ben/{post}", False),
    ):
        page = (await browser.open(path)).text
        assert "a cat" in page, path
        assert (WARNED in page) is warned, path
    await make(ann, "public", "account", "thread")
    for path in ("/public", "/tags/pets", "/@ben", f"/@ben/{post}", "/search?q=cat&kind=posts"):
        assert WARNED in (await browser.open(path)).text, path
    for path in ("/public", "/@ben"):
        assert WARNED not in (await streets.visitor().open(path)).text, path


async def test_what_is_hidden_is_in_no_list(streets: Streets) -> None:
    ann, browser = await streets.member("ann")
    ben, _ = await streets.member("ben")
    await streets.town.follow(ann, ben)
    post = await streets.town.post(ben, "a cat")
    answer = await streets.town.post(ben, "@ann the same cat", in_reply_to_id=post)
    await streets.town.act(ben, "reblog", post)
    await streets.town.post(ben, "a dog")
    everywhere = ("home", "notifications", "public", "account", "thread")
    made = await make(ann, *everywhere, filter_action="hide")
    for path in ("/home", "/public", "/@ben", "/@ben/replies", "/notifications"):
        page = (await browser.open(path)).text
        assert " cat" not in page, path
        assert "dog" in page or path == "/notifications", path
    # Whoever opens it is warned; what stands around it is left out.
    page = (await browser.open(f"/@ben/{post}")).text
    assert WARNED in page
    assert "the same cat" not in page
    await ann.client.delete(f"/api/v2/filters/{made}")
    for path, words in (("/home", "a cat"), ("/notifications", "the same cat")):
        assert words in (await browser.open(path)).text, path
    assert "the same cat" in (await browser.open(f"/@ben/{answer}")).text


async def test_pictures_are_covered_by_a_blurring_filter(streets: Streets) -> None:
    ann, browser = await streets.member("ann")
    ben, _ = await streets.member("ben")
    picture = await streets.town.picture(
        ben, bytes(photo(32, 24).pngsave_buffer()), description="A cat"
    )
    await streets.town.post(ben, "look", media_ids=[picture["id"]])
    await make(ann, "public", filter_action="blur")
    page = (await browser.open("/public")).text
    assert WARNED in page
    assert '<details class="covered">' in page
    assert "look" in page
    assert '<details class="covered">' not in (await streets.visitor().open("/public")).text


async def test_ones_own_posts_are_not_filtered(streets: Streets) -> None:
    ann, browser = await streets.member("ann")
    post = await streets.town.post(ann, "my cat")
    await make(ann, "home", "public", "account", "thread", filter_action="hide")
    for path in ("/home", "/public", "/@ann", f"/@ann/{post}"):
        page = (await browser.open(path)).text
        assert "my cat" in page, path
        assert WARNED not in page, path
