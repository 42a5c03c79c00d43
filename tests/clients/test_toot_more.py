"""The `toot` command over a real socket: lists, tags, polls, requests, accounts and old names."""

import json
from pathlib import Path

import pytest
from mastodon import Mastodon
from tests.clients.place import PASSWORD, Place
from tests.clients.toot_driver import Toot, signed_in
from tests.harness.patience import wait_for
from tests.pictures import photo

PLAIN = ("--no-pager", "--no-clear")


@pytest.fixture(scope="module")
def gus(place: Place) -> Mastodon:
    """Somebody with another program, who writes what those with this one read."""
    return place.joined("gus")


def test_lists(eve: Toot, fay: Toot, gus: Mastodon) -> None:
    assert "no lists" in eve("lists", "list")
    assert "created" in eve("lists", "create", "Friends", "--replies-policy", "list")
    made = eve.json("lists", "create", "Second")
    assert (made["title"], made["replies_policy"]) == ("Second", "none")
    assert "Friends" in eve("lists", "list")
    assert {each["title"] for each in eve.json("lists", "list")} == {"Friends", "Second"}
    assert "must follow @gus" in eve("lists", "add", "Friends", "gus", status=1)
    eve("follow", "gus")
    assert "✓" in eve("lists", "add", "Friends", "gus")
    assert "@gus" in eve("lists", "accounts", "Friends")
    assert [each["acct"] for each in eve.json("lists", "accounts", "friends")] == ["gus"]
    post = gus.status_post("for those who list me")
    listed = eve.json("timelines", "list", "Friends")
    assert ids(listed) == [str(post.id)]
    assert "No statuses found" in eve("timelines", "list", made["id"], *PLAIN)
    assert "for those who list me" in eve("timeline", "--list", "Friends", "--once")
    assert "✓" in eve("lists", "remove", "Friends", "gus")
    assert "no accounts" in eve("lists", "accounts", "Friends")
    assert "not found" in fay("lists", "accounts", "Friends", status=1)
    assert "✓" in eve("lists", "delete", "Friends")
    assert eve.json("lists", "delete", "--id", made["id"]) == {}
    assert eve.json("lists", "list") == []
    eve("unfollow", "gus")


@pytest.mark.usefixtures("gus")
def test_lists_by_their_old_names(eve: Toot) -> None:
    eve("follow", "gus")
    assert "✓" in eve("list_create", "Old friends")
    assert "✓" in eve("list_add", "Old friends", "gus")
    assert "@gus" in eve("list_accounts", "Old friends")
    assert "✓" in eve("list_remove", "Old friends", "gus")
    assert "✓" in eve("list_delete", "Old friends")
    assert "no lists" in eve("lists", "list")
    eve("unfollow", "gus")


def test_hashtags(eve: Toot, fay: Toot) -> None:
    post = fay.post("roses #gardening #tooting")
    assert "not following" in eve("tags", "followed")
    assert "✓" in eve("tags", "follow", "#gardening")
    assert "#gardening" in eve("tags", "followed")
    assert [each["name"] for each in eve.json("tags", "followed")] == ["gardening"]
    assert "Followed" in eve("tags", "info", "gardening")
    assert eve.json("tags", "info", "#gardening")["following"] is True
    assert "not found" in eve("tags", "info", "nobodyusesthis", status=1)
    assert post in [each["id"] for each in eve.json("timelines", "home")]
    assert "✓" in eve("tags", "unfollow", "gardening")
    assert "Not followed" in eve("tags", "info", "gardening")
    assert "don't have any" in fay("tags", "featured")
    assert "✓" in fay("tags", "feature", "#gardening")
    featured = fay.json("tags", "feature", "tooting")
    assert "#gardening" in fay("tags", "featured")
    assert "✓" in fay("tags", "unfeature", "gardening")
    fay("tags", "unfeature", featured["id"])
    assert fay.json("tags", "featured") == []
    assert "is not featured" in fay("tags", "unfeature", "gardening", status=1)


def test_timelines_of_hashtags(place: Place, eve: Toot, fay: Toot) -> None:
    both = fay.post("both #left #right")
    left = fay.post("one #left")
    tagged = ("timelines", "tag", "left")
    assert ids(eve.json(*tagged)) == [left, both]
    assert ids(eve.json(*tagged, "--all", "right")) == [both]
    assert ids(eve.json(*tagged, "--none", "right")) == [left]
    assert ids(eve.json("timelines", "tag", "right", "--any", "left")) == [left, both]
    assert ids(eve.json(*tagged, "--local", "--limit", "1")) == [left]
    assert ids(eve.json(*tagged, "--remote")) == []
    assert ids(eve.json(*tagged, "--only-media")) == []
    assert ids(eve.json(*tagged, "--since-id", both)) == [left]
    assert ids(eve.json(*tagged, "--instance", place.url)) == [left, both]
    assert "one #left" in eve("timeline", "--tag", "left", "--local", "--once")
    anonymous = ("timeline", "--instance", place.url, "--once")
    assert "one #left" in eve(*anonymous, "--tag", "left")
    assert "one #left" in eve(*anonymous, "--public", "--local", "--reverse")


def test_timelines_of_everybody(place: Place, eve: Toot, fay: Toot) -> None:
    post = fay.post("for everybody")
    assert post in ids(eve.json("timelines", "public"))
    assert post in ids(eve.json("timelines", "public", "--local"))
    assert eve.json("timelines", "public", "--remote") == []
    assert "for everybody" in eve("timelines", "public", "--no-pager", "--instance", place.url)
    assert "for everybody" in eve("timeline", "--account", "fay", "--once")
    assert eve.json("timelines", "trending") == []
    assert "No statuses found" in eve("timelines", "trending", "--instance", place.url)
    assert "not found" in eve("timelines", "link", "https://example.org/", status=1)
    assert "No statuses found" in eve("timelines", "favourites")


def test_polls(eve: Toot, fay: Toot) -> None:
    asked = eve.json(
        *("post", "Tea?", "--poll-option", "Yes", "--poll-option", "No", "--poll-option", "Both"),
        *("--poll-multiple", "--poll-hide-totals", "--poll-expires-in", "1h"),
    )
    poll = asked["poll"]
    assert (poll["multiple"], poll["options"][0]["votes_count"]) == (True, None)
    assert "Yes" in fay("polls", "show", poll["id"])
    assert fay.json("polls", "show", poll["id"])["voted"] is False
    assert "You voted!" in fay("polls", "vote", poll["id"], "0", "2")
    assert fay.json("polls", "show", poll["id"])["own_votes"] == [0, 2]
    assert "already voted" in fay("polls", "vote", poll["id"], "1", status=1)
    assert "Tea?" in fay("status", asked["id"])
    voted = eve.json("post", "Now?", "--poll-option", "Yes", "--poll-option", "No")["poll"]["id"]
    assert fay.json("polls", "vote", voted, "1")["options"][1]["votes_count"] == 1
    hidden = eve.json("post", "Who?", "--poll-option", "a", "--poll-option", "b", "-v", "direct")
    assert "not found" in fay("polls", "show", hidden["poll"]["id"], status=1)


def test_follow_requests(eve: Toot, fay: Toot, gus: Mastodon) -> None:
    assert "✓" in eve("update-account", "--locked")
    assert eve("follow-requests", "list") == ""
    fay("follow", "eve")
    gus.account_follow(gus.account_lookup("eve").id)
    assert "@fay" in eve("follow-requests", "list")
    assert "requested to follow you" in eve("notifications", "--type", "follow_request")
    assert "✓" in eve("follow-requests", "accept", "fay")
    assert "✓" in eve("follow-requests", "reject", "gus")
    assert eve.json("follow-requests", "list") == []
    assert [each["acct"] for each in eve.json("followers")] == ["fay"]
    assert [each["acct"] for each in fay.json("following")] == ["eve"]
    assert "✓" in eve("update-account", "--no-locked")
    fay("unfollow", "eve")


def test_all_of_a_profile(eve: Toot, tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(bytes(photo().pngsave_buffer()))
    changed = eve.json(
        *("update-account", "--display-name", "Eve", "--note", "I type.", "--header", str(path)),
        *("--avatar", str(path), "--bot", "--discoverable", "--privacy", "unlisted"),
        *("--sensitive", "--language", "de"),
    )
    assert (changed["display_name"], changed["bot"], changed["discoverable"]) == ("Eve", True, True)
    assert "missing" not in changed["header"]
    source = changed["source"]
    assert (source["privacy"], source["sensitive"], source["language"]) == ("unlisted", True, "de")
    assert eve.json("post", "as set")["visibility"] == "unlisted"
    assert "✓" in eve("update_account", "--no-bot", "--privacy", "public", "--no-sensitive")
    assert "I type." in eve("whoami")
    assert "at least one option" in eve("update-account", status=1)


def test_posts_that_appear_later(eve: Toot) -> None:
    assert "Toot scheduled for" in eve("post", "in an hour", "--scheduled-in", "1h")
    later = eve.json("post", "then", "--scheduled-at", "2035-05-05T12:00:00Z")
    assert (later["scheduled_at"], later["params"]["text"]) == ("2035-05-05T12:00:00.000Z", "then")
    assert "then" not in {each["content"] for each in eve.json("timelines", "account", "eve")}
    assert "at least 5 minutes" in eve("post", "too soon", "--scheduled-in", "1m", status=1)


def test_threads_and_languages(eve: Toot, fay: Toot) -> None:
    start = eve.json("post", "Guten Tag", "--language", "de", "--sensitive")
    assert (start["language"], start["sensitive"]) == ("de", True)
    second = eve.json("post", "und weiter", "--reply-last", "--content-type", "text/plain")
    assert second["in_reply_to_id"] == start["id"]
    thread = fay.json("thread", start["id"])
    assert ids(thread["descendants"]) == [second["id"]]
    assert "und weiter" in fay("thread", second["id"])
    gone = eve.json("delete", start["id"])
    assert gone["text"] == "Guten Tag"


def test_reactions_as_json_and_by_address(eve: Toot, fay: Toot) -> None:
    post = eve.json("post", "react to me")
    by_address = post["url"]
    assert fay.json("favourite", by_address)["favourited"] is True
    assert fay.json("unfavourite", post["id"])["favourited"] is False
    reblog = fay.json("reblog", post["id"], "--visibility", "unlisted")
    assert (reblog["visibility"], reblog["reblog"]["id"]) == ("unlisted", post["id"])
    assert [each["acct"] for each in eve.json("reblogged-by", post["id"])] == ["fay"]
    assert "fay" in eve("reblogged_by", post["id"])
    assert fay.json("unreblog", post["id"])["reblogged"] is False
    assert "not reblogged by anyone" in eve("reblogged-by", post["id"])
    assert fay.json("bookmark", post["id"])["bookmarked"] is True
    assert "react to me" in fay("bookmarks", "--count", "1", "--reverse")
    assert fay.json("unbookmark", post["id"])["bookmarked"] is False
    assert eve.json("pin", post["id"])["pinned"] is True
    assert eve.json("unpin", post["id"])["pinned"] is False
    assert "✓" not in fay("pin", post["id"], status=1)


@pytest.mark.usefixtures("fay")
def test_people_as_json(eve: Toot) -> None:
    assert eve.json("follow", "@fay")["following"] is True
    assert eve.json("whois", "@fay")["acct"] == "fay"
    assert eve.json("unfollow", "fay")["following"] is False
    assert eve.json("mute", "fay")["muting"] is True
    assert [each["acct"] for each in eve.json("muted")] == ["fay"]
    assert eve.json("unmute", "fay")["muting"] is False
    assert "No accounts muted" in eve("muted")
    assert eve.json("block", "fay")["blocking"] is True
    assert [each["acct"] for each in eve.json("blocked")] == ["fay"]
    assert eve.json("unblock", "fay")["blocking"] is False
    assert "No accounts blocked" in eve("blocked")
    assert "Account not found" in eve("whois", "nobody", status=1)


def test_notifications(eve: Toot, fay: Toot) -> None:
    post = eve.post("like me")
    eve("notifications", "--clear")
    fay("favourite", post)
    answer = fay.post("@eve and answer me", "--reply-to", post)
    told = wait_for(lambda: eve.json("notifications"))
    assert [each["type"] for each in told] == ["mention", "favourite"]
    assert told[0]["status"]["id"] == answer
    likes = eve.json("notifications", "--type", "favourite", "--type", "reblog")
    assert [each["type"] for each in likes] == ["favourite"]
    rest = eve.json("notifications", "--exclude-type", "favourite")
    assert [each["type"] for each in rest] == ["mention"]
    said = eve("notifications", "--reverse")
    assert said.index("favourited your status") < said.index("mentioned you")
    eve("notifications", "--clear")
    assert "no notifications" in eve("notifications")


def test_searching_for_one_kind(eve: Toot, fay: Toot) -> None:
    post = fay.post("numbats #marsupial")
    tags = eve.json("search", "marsupial", "--type", "hashtags")
    assert [each["name"] for each in tags["hashtags"]] == ["marsupial"]
    assert (tags["statuses"], tags["accounts"]) == ([], [])
    people = eve.json("search", "fay", "--type", "accounts", "--resolve", "--limit", "1")
    assert [each["acct"] for each in people["accounts"]] == ["fay"]
    assert eve.json("search", "fay", "--type", "accounts", "--offset", "1")["accounts"] == []
    assert ids(fay.json("search", "numbats", "--type", "statuses")["statuses"]) == [post]
    older = fay.json("search", "numbats", "--type", "statuses", "--max-id", post)
    newer = fay.json("search", "numbats", "--type", "statuses", "--min-id", post)
    assert (older["statuses"], newer["statuses"]) == ([], [])
    assert "Nothing found" in eve("search", "no such thing at all")


def test_media_with_a_description(eve: Toot, tmp_path: Path) -> None:
    path = tmp_path / "sea.png"
    path.write_bytes(bytes(photo().pngsave_buffer()))
    uploaded = eve.json("upload", str(path), "--description", "Grey water")
    assert (uploaded["type"], uploaded["description"]) == ("image", "Grey water")
    given = ("--media", str(path), "--thumbnail", str(path), "--description", "One")
    post = eve.json("post", "two pictures", *given, "--media", str(path), "--description", "Two")
    assert [each["description"] for each in post["media_attachments"]] == ["One", "Two"]


def test_two_accounts_in_one_place(place: Place, tmp_path: Path) -> None:
    place.joined("ida")
    toot = signed_in(place, tmp_path, "jon")
    toot("login_cli", "-i", place.url, "-e", "ida@example.org", "-p", PASSWORD)
    jon, ida = f"jon@{place.domain}", f"ida@{place.domain}"
    assert "@ida" in toot("whoami")
    assert "✓" in toot("activate", jon)
    assert "@jon" in toot("whoami")
    assert f"{jon} ACTIVE" in toot("auth")
    assert "@ida" in toot("--as", ida, "whoami")
    post = toot.json("post", "by another", "--using", ida)
    assert post["account"]["acct"] == "ida"
    assert "✓" in toot("logout", jon)
    assert "Account not found" in toot("activate", jon, status=1)
    assert "ida" in toot("auth")


def test_what_helps_when_something_is_wrong(place: Place, eve: Toot) -> None:
    said = eve("diag", "--server", "--files")
    assert "version 4.5.0 (compatible; Rostra" in said
    assert '"access_token": "*****"' in said
    assert "Toot Diagnostics" in eve("env")
    known = json.loads(eve("instance", "--json"))
    assert (known["uri"], known["urls"]["streaming_api"][:5]) == (place.domain, "ws://")
    assert "Instance not found" in eve("instance", f"{place.url}/nowhere", status=1)


def ids(posts: list[dict[str, str]]) -> list[str]:
    return [post["id"] for post in posts]
