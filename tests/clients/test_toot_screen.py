"""`toot tui` over a real socket: a round through what it offers, by its keys."""

from pathlib import Path

import pytest
from mastodon import Mastodon, MastodonNotFoundError
from tests.clients.place import Place
from tests.clients.toot_driver import Toot, signed_in
from tests.clients.toot_screen import DOWN, ENTER, ESCAPE, Screen
from tests.harness.patience import wait_for


@pytest.fixture(scope="module")
def gus(place: Place) -> Mastodon:
    return place.joined("gus")


@pytest.fixture
def eve(place: Place, tmp_path: Path, gus: Mastodon) -> Toot:
    """Who follows gus, and has been told already that this program is not kept up any more."""
    toot = signed_in(place, tmp_path, f"eve{place.served.port}_{tmp_path.name[-8:]}")
    toot("follow", gus.me().username)
    return toot


def opened(eve: Toot, words: str) -> Screen:
    """The screen with the newest post at home."""
    screen = Screen(eve)
    screen.shows("Type 'dismiss'")
    screen.press("\n")
    screen.shows(words)
    return screen


def test_reacting_voting_and_answering(eve: Toot, gus: Mastodon) -> None:
    poll = gus.make_poll(["sail", "row"], expires_in=3600)
    post = gus.status_post("harbour lights", poll=poll)
    with opened(eve, "harbour lights") as screen:
        screen.press("f")
        wait_for(lambda: gus.status(post).favourites_count == 1)
        screen.press("b")
        wait_for(lambda: gus.status(post).reblogs_count == 1)
        screen.press("o")
        wait_for(lambda: "harbour" in eve("bookmarks", "--once"))
        screen.press("p")
        screen.shows("Vote")
        screen.press(ENTER, DOWN, DOWN, ENTER)
        wait_for(lambda: gus.status(post).poll.votes_count == 1)
        screen.shows("Already Voted")
        screen.press("q", "a")
        screen.shows("Followers:")
        screen.press("q", "r")
        screen.shows("Replying to")
        screen.press("aye aye", DOWN, DOWN, DOWN, ENTER)
        screen.shows("Status posted")
        answer = wait_for(lambda: gus.notifications(types=["mention"]))[0].status
        assert answer.in_reply_to_id == post.id
        assert "aye aye" in answer.content
        screen.press("t")
        screen.shows("status 1 of 2")
        screen.press(DOWN)
        screen.shows("aye aye")
        screen.press("q", "q")
        assert screen.ended() == 0


def test_going_elsewhere_editing_and_deleting(eve: Toot, gus: Mastodon) -> None:
    gus.status_post(f"@{eve.name} ahoy there", visibility="direct")
    mine = eve.post("first words #quay")
    eve("lists", "create", "Crew")
    eve("lists", "add", "Crew", gus.me().username)
    with opened(eve, "first words") as screen:
        # The menu: home, local, global, personal, bookmarks, notifications, conversations, lists.
        for downs, shown in (
            (1, "[local public]"),
            (2, "[global public]"),
            (5, "[notifications]"),
            (6, "[conversations]"),
            (7, "Crew]"),
            (3, f"[personal {eve.name}]"),
        ):
            screen.press("g")
            screen.shows("Home timeline")
            screen.press(*[DOWN] * downs, ENTER)
            screen.shows(shown)
        screen.press("u")
        screen.shows("Filename:")
        screen.press(ESCAPE, "e")
        screen.shows("Edit status")
        screen.press(", better", *[DOWN] * 4, ENTER)
        screen.shows("Status edited")
        assert "better" in gus.status(mine).content
        screen.press("d")
        screen.shows("Yes, delete")
        screen.press(ENTER)
        wait_for(lambda: gone(gus, mine))


def gone(member: Mastodon, post: str) -> bool:
    """Whether a post is not there any more."""
    try:
        member.status(post)
    except MastodonNotFoundError:
        return True
    return False
