"""Streams of Mastodon.py over a real socket, with two worker processes."""

import queue
import time
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNetworkError, StreamListener
from tests.clients.place import Place


class Ear(StreamListener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()

    def on_any_event(self, name: str, data: Any = None, for_stream: Any = None) -> None:
        del for_stream
        self.heard.put((name, data))

    def on_abort(self, err: Exception) -> None:
        self.heard.put(("abort", err))

    def next(self) -> tuple[str, Any]:
        return self.heard.get(timeout=20)


@pytest.fixture(scope="module")
def ann(place: Place) -> Mastodon:
    return place.joined("ann")


@pytest.fixture(scope="module")
def bob(place: Place, ann: Mastodon) -> Mastodon:
    bob = place.joined("bob")
    bob.account_follow(ann.me().id)
    return bob


def test_the_streams_are_well(bob: Mastodon) -> None:
    assert bob.stream_healthy()


def test_posts_edits_and_deletions(ann: Mastodon, bob: Mastodon) -> None:
    ear = Ear()
    handle = bob.stream_user(ear, run_async=True)
    try:
        post = ann.status_post("hello")
        name, shown = ear.next()
        assert (name, shown.id, shown.content) == ("update", post.id, "<p>hello</p>")
        ann.status_update(post.id, "goodbye")
        name, shown = ear.next()
        assert (name, shown.content) == ("status.update", "<p>goodbye</p>")
        ann.status_delete(post.id)
        assert ear.next() == ("delete", post.id)
        ann.status_post("@bob you", visibility="direct")
        names = {ear.next()[0] for _ in "ab"}
        assert names == {"update", "notification"}
    finally:
        handle.close()


def test_every_other_stream(ann: Mastodon, bob: Mastodon) -> None:
    ears = [Ear() for _ in range(5)]
    made = bob.list_create("Ann")
    bob.list_accounts_add(made.id, [ann.me().id])
    handles = [
        bob.stream_public(ears[0], run_async=True),
        bob.stream_public(ears[1], local=True, run_async=True),
        bob.stream_hashtag("tea", ears[2], run_async=True),
        bob.stream_hashtag("tea", ears[3], local=True, run_async=True),
        bob.stream_list(made.id, ears[4], run_async=True),
    ]
    try:
        post = ann.status_post("#tea")
        for ear in ears:
            name, shown = ear.next()
            assert (name, shown.id) == ("update", post.id)
    finally:
        for handle in handles:
            handle.close()


def test_a_revoked_token_ends_the_stream(place: Place) -> None:
    eve = place.joined("eve")
    ear = Ear()
    handle = eve.stream_user(ear, run_async=True)
    began = time.monotonic()
    eve.revoke_access_token(allow_http=True)
    while handle.is_receiving() and time.monotonic() - began < 10:
        time.sleep(0.02)
    assert time.monotonic() - began < 1
    handle.close()


def test_a_wrong_token_gets_no_stream(place: Place) -> None:
    with pytest.raises(MastodonNetworkError, match="Unauthorized"):
        place.program("wrong").stream_user(Ear())
