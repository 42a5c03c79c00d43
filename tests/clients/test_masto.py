"""masto over a real socket, with two worker processes: WebSocket streams, and a round of REST."""

import time
from typing import Any

import pytest
from mastodon import Mastodon
from tests.clients.masto_driver import Masto
from tests.clients.place import Place
from tests.harness.patience import Watch


@pytest.fixture(scope="module")
def ann(place: Place) -> Mastodon:
    return place.joined("ann")


@pytest.fixture(scope="module")
def bob(place: Place, ann: Mastodon) -> Mastodon:
    bob = place.joined("bob")
    bob.account_follow(ann.me().id)
    return bob


def settle() -> None:
    """A list is looked up before it is listened to: give that the time it takes."""
    time.sleep(0.2)


def collected(program: Masto, count: int) -> list[dict[str, Any]]:
    return [program.next() for _ in range(count)]


def test_streams_of_a_member(place: Place, node: str, ann: Mastodon, bob: Mastodon) -> None:
    with Masto(node, place.url, bob) as program:
        program.subscribe("user")
        program.subscribe("user:notification")
        program.subscribe("public:local")
        program.subscribe("hashtag", "tea")
        settle()
        post = ann.status_post("a cup of #tea")
        events = collected(program, 3)
        assert sorted(event["stream"][0] for event in events) == ["hashtag", "public:local", "user"]
        assert {event["payload"]["id"] for event in events} == {str(post.id)}
        assert {event["payload"]["account"]["acct"] for event in events} == {"ann"}
        ann.status_update(post.id, "a pot of #tea")
        events = collected(program, 3)
        assert {event["event"] for event in events} == {"status.update"}
        assert all("pot" in event["payload"]["content"] for event in events)
        ann.status_delete(post.id)
        assert {(e["event"], e["payload"]) for e in collected(program, 3)} == {
            ("delete", str(post.id))
        }
        private = ann.status_post("@bob psst", visibility="direct")
        events = collected(program, 3)
        told = [event for event in events if event["event"] == "notification"]
        assert sorted(event["stream"][0] for event in told) == ["user", "user:notification"]
        assert all(event["payload"]["status"]["id"] == str(private.id) for event in told)


def test_a_list_and_an_end(place: Place, node: str, ann: Mastodon, bob: Mastodon) -> None:
    made = bob.list_create("Tea")
    bob.list_accounts_add(made.id, [ann.me().id])
    with Masto(node, place.url, bob) as program:
        program.subscribe("list", str(made.id))
        settle()
        post = ann.status_post("for the list", visibility="unlisted")
        event = program.next()
        assert (event["event"], event["payload"]["id"]) == ("update", str(post.id))
        assert event["stream"] == ["list", str(made.id)]
        program.say(do="unsubscribe", stream=["list", str(made.id)])
        assert program.next() == {"left": ["list", str(made.id)]}
        settle()
        ann.status_post("unheard", visibility="unlisted")
        program.subscribe("public")
        settle()
        heard = ann.status_post("heard")
        assert program.next()["payload"]["id"] == str(heard.id)


def test_a_revoked_token_ends_the_streams(place: Place, node: str, ann: Mastodon) -> None:
    eve = place.joined("eve")
    with Masto(node, place.url, eve) as program:
        program.subscribe("public")
        settle()
        post = ann.status_post("before")
        assert program.next()["payload"]["id"] == str(post.id)
        eve.revoke_access_token(allow_http=True)
        with Watch() as watch:
            assert program.next() == {"closed": 1008}
        assert watch.seconds < 1


def test_a_round_without_streams(place: Place, node: str, ann: Mastodon) -> None:
    for number in range(6):
        ann.status_post(f"number {number}")
    cleo = place.joined("cleo")
    with Masto(node, place.url, cleo) as program:
        talk = program.rest("talk")
        assert "again" in talk["content"]
        assert talk["favourited"] is True
        assert talk["home"][0] == talk["tagged"][0] == talk["id"]
        assert (talk["descendants"], talk["text"]) == (0, "again #masto")
        assert program.rest("account") == {
            "same": True, "name": "By masto", "relations": 1, "visibility": "public",
        }  # fmt: skip
        assert program.rest("push") == {
            "same": True, "key": 87, "alerts": [True, False, True], "gone": 404,
        }  # fmt: skip
        pages = program.rest("pages")
        assert len(pages) == len(set(pages)) == 6
        assert pages == sorted(pages, reverse=True)
        assert program.rest("missing") == {"status": 404, "message": "Record not found"}
