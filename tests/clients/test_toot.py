"""The `toot` command over a real socket, each person with a configuration folder of their own."""

import json
from pathlib import Path

from tests.clients.place import Place
from tests.clients.toot_driver import Toot
from tests.pictures import photo


def test_who_and_where(place: Place, eve: Toot, fay: Toot) -> None:
    assert "@eve" in eve("whoami")
    assert eve.json("whoami")["username"] == "eve"
    assert "@fay" in eve("whois", fay.name)
    assert place.domain in eve("instance", place.url)


def test_posting_and_reading(eve: Toot, fay: Toot) -> None:
    ids = {
        visibility: eve.post(f"{visibility} words #toots", "--visibility", visibility)
        for visibility in ("public", "unlisted", "private", "direct")
    }
    assert "public words" in fay("timelines", "public", "--no-pager", "--no-clear")
    assert "public words" in fay("timeline", "--public", "--once")
    assert "public words" in fay("timelines", "tag", "toots", "--no-pager", "--no-clear")
    of_eve = fay("timelines", "account", "eve", "--no-pager", "--no-clear")
    assert "unlisted words" in of_eve
    assert "private words" not in of_eve
    assert "private words" in eve("status", ids["private"])
    assert "not found" in fay("status", ids["private"], status=1)
    hidden = eve.post("hidden", "--spoiler-text", "careful")
    assert fay.json("status", hidden)["spoiler_text"] == "careful"
    typed = json.loads(eve("post", "--json", typed="typed words"))
    assert "typed words" in eve("status", typed["id"])


def test_posting_a_picture(eve: Toot, tmp_path: Path) -> None:
    path = tmp_path / "sea.png"
    path.write_bytes(bytes(photo().pngsave_buffer()))
    post = eve.json("post", "the sea", "--media", str(path), "--description", "Grey water")
    assert post["media_attachments"][0]["description"] == "Grey water"
    assert "/media/" in eve("status", post["id"])
    assert "/media/" in eve("upload", str(path))


def test_following(eve: Toot, fay: Toot) -> None:
    assert "✓" in fay("follow", "eve")
    eve.post("for my followers", "--visibility", "private")
    assert "for my followers" in fay("timelines", "home", "--no-pager", "--no-clear")
    assert "for my followers" in fay("timeline", "--once")
    assert "@eve" in fay("following", "fay")
    assert "@fay" in eve("followers", "eve")
    assert "fay" in eve("notifications")
    assert "✓" in fay("unfollow", "eve")


def test_talking(eve: Toot, fay: Toot) -> None:
    start = eve.post("who is there?")
    answer = fay.post("@eve it is me", "--reply-to", start)
    thread = eve("thread", answer)
    assert "who is there?" in thread
    assert "it is me" in thread
    assert "it is me" in eve("notifications", "--mentions")
    assert "✓" in eve("notifications", "--clear")


def test_reacting(eve: Toot, fay: Toot) -> None:
    post = eve.post("react to me")
    for command, undo in (
        ("favourite", "unfavourite"),
        ("reblog", "unreblog"),
        ("bookmark", "unbookmark"),
    ):
        assert "✓" in fay(command, post)
        if command == "reblog":
            assert "fay" in eve("reblogged-by", post)
        if command == "bookmark":
            assert "react to me" in fay("bookmarks", "--once")
        if command == "favourite":
            assert "react to me" in fay("timelines", "favourites", "--no-pager", "--no-clear")
        assert "✓" in fay(undo, post)
    assert "✓" in eve("pin", post)
    assert "✓" in eve("unpin", post)


def test_searching_and_deleting(eve: Toot, fay: Toot) -> None:
    post = eve.post("a rare axolotl #amphibians")
    found = fay("search", "amphibians")
    assert "amphibians" in found
    assert "@eve" in fay("search", "eve")
    assert eve.json("search", "axolotl")["statuses"][0]["id"] == post
    assert "not found" in fay("delete", post, status=1)
    assert "✓" in eve("delete", post)
    assert "not found" in fay("status", post, status=1)


def test_paging_through_history(eve: Toot) -> None:
    for number in range(7):
        eve.post(f"page {number}")
    listing = ("timelines", "account", "eve", "--limit", "3")
    first = eve.json(*listing)
    second = eve.json(*listing, "--max-id", first[-1]["id"])
    back = eve.json(*listing, "--min-id", second[0]["id"])
    assert [post["id"] for post in back] == [post["id"] for post in first]
    assert "page 0" in second[-1]["content"] or len(second) == 3


def test_changing_the_profile(eve: Toot, tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(bytes(photo().pngsave_buffer()))
    eve("update-account", "--display-name", "Eve E.", "--note", "Hello", "--avatar", str(path))
    assert "Eve E." in eve("whoami")


def test_keeping_people_away(eve: Toot, fay: Toot) -> None:
    for command, listed, undo in (("mute", "muted", "unmute"), ("block", "blocked", "unblock")):
        assert "✓" in eve(command, fay.name)
        assert "@fay" in eve(listed)
        assert "✓" in eve(undo, fay.name)
