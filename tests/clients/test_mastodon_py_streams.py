"""Streams of Mastodon.py over a real socket, with two worker processes."""

import contextlib
import queue
import threading
import time
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNetworkError, StreamListener
from tests.clients.place import Place
from tests.harness.patience import PATIENCE_S, Watch, wait_for

pytestmark = pytest.mark.postgresql  # what one process tells another goes another way there


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
        return self.heard.get(timeout=PATIENCE_S)


def hang_up(writer: Mastodon, *handles: Any) -> None:
    """Close streams. Each waits for what comes next on it, so something is said on all of them."""
    closing = [threading.Thread(target=handle.close) for handle in handles]
    for thread in closing:
        thread.start()
    time.sleep(0.1)  # nothing tells that the others wait; too short a pause only costs a heartbeat
    writer.status_post("@bob that was all #tea")
    writer.status_post("@bob that was all", visibility="direct")
    for thread in closing:
        thread.join()


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
        hang_up(ann, handle)


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
        hang_up(ann, *handles)


def test_streams_of_a_single_kind(ann: Mastodon, bob: Mastodon) -> None:
    ears = [Ear() for _ in range(3)]
    handles = [
        bob.stream_user_notifications(ears[0], run_async=True),
        bob.stream_direct(ears[1], run_async=True),
        bob.stream_local(ears[2], run_async=True),
    ]
    try:
        private = ann.status_post("@bob psst", visibility="direct")
        name, told = ears[0].next()
        assert (name, told.type, told.status.id) == ("notification", "mention", private.id)
        name, talk = ears[1].next()
        assert (name, talk.last_status.id) == ("conversation", private.id)
        post = ann.status_post("aloud")
        name, shown = ears[2].next()
        assert (name, shown.id) == ("update", post.id)
        assert ears[1].heard.empty()
    finally:
        hang_up(ann, *handles)


def test_many_streams_over_one_socket(ann: Mastodon, bob: Any) -> None:
    everything, tea, mine, cake = (Ear() for _ in range(4))
    handle = bob.stream_open_websocket(everything)
    try:
        bob.stream_user_notifications(mine, websocket_handle=handle)
        local = handle.subscribe("public:local")
        bob.stream_hashtag("tea", tea, websocket_handle=handle)
        assert len(handle.subscriptions()) == 3
        awake(ann, "#tea", tea)  # the last one is, so the others are
        post = ann.status_post("@bob a cup of #tea")
        assert hears(tea, post) == hears(everything, post) == "update"
        assert hears(mine, post) == "notification"
        local.close()
        bob.stream_hashtag("cake", cake, websocket_handle=handle)
        awake(ann, "#cake", cake)
        later = ann.status_post("a pot of #tea")
        assert hears(tea, later) == "update"
        while not everything.heard.empty():
            assert everything.heard.get()[1].id != later.id
    finally:
        handle.close()


def awake(writer: Mastodon, word: str, ear: Ear) -> None:
    """Write until it is heard: nothing tells when a subscription has begun."""

    def heard() -> bool:
        writer.status_post(f"is anybody there? {word}")
        with contextlib.suppress(queue.Empty):
            ear.heard.get(timeout=0.5)
            return True
        return False

    wait_for(heard)


def hears(ear: Ear, post: Any) -> str:
    """What an ear hears of a post; it may hear others before."""
    while True:
        name, told = ear.next()
        if post.id in {told.id, getattr(told.get("status"), "id", None)}:
            return name


def test_a_revoked_token_ends_the_stream(place: Place) -> None:
    eve = place.joined("eve")
    ear = Ear()
    handle = eve.stream_user(ear, run_async=True)
    eve.revoke_access_token(allow_http=True)
    with Watch() as watch:
        wait_for(lambda: not handle.is_receiving())
    assert watch.seconds < 1
    handle.close()


def test_a_wrong_token_gets_no_stream(place: Place) -> None:
    with pytest.raises(MastodonNetworkError, match="Unauthorized"):
        place.program("wrong").stream_user(Ear())
