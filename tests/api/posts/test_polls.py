"""Polls: asked with a post, voted in once, told when they end, gone with the post."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select
from tests.harness.crowd import Member, Town, good

from rostra.kernel.clock import HOUR
from rostra.network.accounts.removal import remove_account
from rostra.store.query import query
from rostra.store.tables.accounts import users
from rostra.store.tables.polls import poll_options, poll_votes, polls
from rostra.store.tables.timelines import notifications

URL = "/api/v1/statuses"
ASKED: dict[str, Any] = {"options": ["tea", "coffee", "neither"], "expires_in": 3600}


async def ask(town: Town, author: Member, text: str = "Which?", **fields: Any) -> Any:
    """Post with a poll; the status."""
    body = {"status": text, "poll": {**ASKED, **fields}}
    town.rostra.clock.advance(1)
    return good(await author.client.post(URL, json=body))


async def vote(who: Member, poll_id: str, *choices: int, status: int = 200) -> Any:
    """Vote; the answer's body."""
    answer = await who.client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": choices})
    return good(answer, status)


def counts(poll: Any) -> list[int | None]:
    """The votes of each option."""
    return [option["votes_count"] for option in poll["options"]]


async def told(who: Member) -> list[str]:
    """The posts whose polls somebody was told the end of."""
    found = good(await who.client.get("/api/v1/notifications", params={"types[]": ["poll"]}))
    return [each["status"]["id"] for each in found]


async def test_a_poll_is_asked_and_shown(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await ask(town, ann)
    poll = post["poll"]
    assert poll["id"] == post["id"]
    assert [option["title"] for option in poll["options"]] == ASKED["options"]
    assert counts(poll) == [0, 0, 0]
    assert (poll["expired"], poll["multiple"]) == (False, False)
    assert (poll["votes_count"], poll["voters_count"]) == (0, 0)
    assert (poll["voted"], poll["own_votes"]) == (True, [])  # the author can't
    assert poll["expires_at"].endswith("Z")
    seen = good(await bob.client.get(f"/api/v1/polls/{poll['id']}"))
    assert (seen["voted"], seen["own_votes"]) == (False, [])
    nobodys = good(await town.anybody.get(f"/api/v1/polls/{poll['id']}"))
    assert not {"voted", "own_votes"} & set(nobodys)
    home = good(await ann.client.get("/api/v1/timelines/home"))
    assert home[0]["poll"] == poll
    reblog = await town.act(bob, "reblog", post["id"])
    assert reblog["poll"] is None
    assert reblog["reblog"]["poll"] == seen


@pytest.mark.parametrize("how", ["json", "form"])
async def test_json_and_form_ask_the_same(town: Town, how: str) -> None:
    ann = await town.member("ann")
    poll = {"options": [" tea ", "", "coffee"], "expires_in": "600", "multiple": "true"}
    if how == "json":
        answer = await ann.client.post(URL, json={"status": "Which?", "poll": poll})
    else:
        form = {
            "status": "Which?",
            "poll[options][]": poll["options"],
            "poll[expires_in]": "600",
            "poll[multiple]": "true",
        }
        answer = await ann.client.post(URL, data=form)
    shown = good(answer)["poll"]
    assert [option["title"] for option in shown["options"]] == ["tea", "coffee"]
    assert shown["multiple"] is True


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"options": ["one"], "expires_in": 600}, "poll.options"),
    ({"options": [], "expires_in": 600}, "poll.options"),
    ({"options": ["a", "b", "c", "d", "e"], "expires_in": 600}, "poll.options"),
    ({"options": ["same", " same"], "expires_in": 600}, "poll.options"),
    ({"options": ["x" * 51, "y"], "expires_in": 600}, "poll.options"),
    ({"options": ["x" * 100_000, "y"], "expires_in": 600}, "poll.options"),
    ({"options": ["a", "b"]}, "poll.expires_in"),
    ({"options": ["a", "b"], "expires_in": 299}, "poll.expires_in"),
    ({"options": ["a", "b"], "expires_in": -1}, "poll.expires_in"),
    ({"options": ["a", "b"], "expires_in": 2_629_747}, "poll.expires_in"),
    ({"options": ["a", "b"], "expires_in": "soon"}, "poll.expires_in"),
]


async def test_refusals_name_the_field(town: Town) -> None:
    ann = await town.member("ann")
    for poll, field in WRONG:
        refusal = good(await ann.client.post(URL, json={"status": "?", "poll": poll}), 422)
        assert set(refusal["details"]) == {field}, poll
    picture = {"status": "?", "media_ids": ["1"], "poll": {"options": ["a", "b"]} | ASKED}
    assert "poll" in good(await ann.client.post(URL, json=picture), 422)["details"]
    assert await town.count(polls) == await town.count(poll_options) == 0
    good(await ann.client.post(URL, json={"status": "no poll", "poll": {}}))
    await ask(town, ann, options=["👩‍👩‍👧‍👦" * 50, "b"])


async def test_the_document_of_the_place_tells_the_limits(town: Town) -> None:
    limits = {
        "max_options": 4,
        "max_characters_per_option": 50,
        "min_expiration": 300,
        "max_expiration": 2_629_746,
    }
    for version in (1, 2):
        place = good(await town.anybody.get(f"/api/v{version}/instance"))
        assert place["configuration"]["polls"] == limits


async def test_a_vote_counts_once(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    poll_id = (await ask(town, ann))["id"]
    mine = await vote(bob, poll_id, 1)
    assert counts(mine) == [0, 1, 0]
    assert (mine["voted"], mine["own_votes"]) == (True, [1])
    assert (mine["votes_count"], mine["voters_count"]) == (1, 1)
    for choice in (0, 1):
        assert "already voted" in (await vote(bob, poll_id, choice, status=422))["error"]
    await vote(eve, poll_id, 1)
    shown = good(await bob.client.get(f"{URL}/{poll_id}"))["poll"]
    assert counts(shown) == [0, 2, 0]
    assert shown["own_votes"] == [1]
    theirs = good(await ann.client.get(f"/api/v1/polls/{poll_id}"))
    assert theirs["own_votes"] == []
    # The choices come as text in forms.
    form = {"choices[]": ["0"]}
    last = await town.member("last")
    good(await last.client.post(f"/api/v1/polls/{poll_id}/votes", data=form))


async def test_wrong_votes_are_refused(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann))["id"]
    plain = await town.post(ann, "asks nothing")
    for choices in ([], [3], [-1], [2**62], [0, 1], ["x"]):
        answer = await bob.client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": choices})
        assert any(key.startswith("choices") for key in good(answer, 422)["details"]), choices
    assert "own" in (await vote(ann, poll_id, 0, status=422))["error"]
    for path in (f"/api/v1/polls/{plain}", f"/api/v1/polls/{int(poll_id) + 1}"):
        good(await bob.client.get(path), 404)
        good(await bob.client.post(f"{path}/votes", json={"choices": [0]}), 404)
    good(await town.anybody.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": [0]}), 401)
    assert await town.count(poll_votes) == 0
    good(await bob.client.post(f"/api/v1/polls/{poll_id}/votes", json={"choices": ["0", 0]}))


async def test_many_requests_of_one_voter_are_one_vote(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann, multiple=True))["id"]
    path = f"/api/v1/polls/{poll_id}/votes"
    answers = await asyncio.gather(
        *(bob.client.post(path, json={"choices": [at % 3, (at + 1) % 3]}) for at in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 7
    shown = good(await bob.client.get(f"/api/v1/polls/{poll_id}"))
    assert (shown["votes_count"], shown["voters_count"]) == (2, 1)


async def test_many_voters_at_once_are_all_counted(town: Town) -> None:
    ann = await town.member("ann")
    crowd = await town.members(*(f"voter{at}" for at in range(8)))
    poll_id = (await ask(town, ann, multiple=True))["id"]
    pairs = ((0, 1), (1, 0), (2, 1), (1, 2))
    await asyncio.gather(*(vote(who, poll_id, *pairs[at % 4]) for at, who in enumerate(crowd)))
    shown = good(await town.anybody.get(f"/api/v1/polls/{poll_id}"))
    assert counts(shown) == [4, 8, 4]
    assert (shown["votes_count"], shown["voters_count"]) == (16, 8)


async def test_hidden_totals_are_told_at_the_end(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann, hide_totals=True))["id"]
    assert counts(await vote(bob, poll_id, 2)) == [None, None, None]
    for who in (ann.client, bob.client, town.anybody):
        shown = good(await who.get(f"{URL}/{poll_id}"))["poll"]
        assert counts(shown) == [None, None, None]
        assert shown["votes_count"] == 1
    town.rostra.clock.advance(HOUR)
    for who in (ann.client, bob.client, town.anybody):
        assert counts(good(await who.get(f"{URL}/{poll_id}"))["poll"]) == [0, 0, 1]


async def test_the_end_is_told_once_to_voters_and_author(town: Town) -> None:
    ann, bob, eve, deaf = await town.members("ann", "bob", "eve", "deaf")
    poll_id = (await ask(town, ann))["id"]
    await vote(bob, poll_id, 0)
    await vote(deaf, poll_id, 0)
    await town.mute(deaf, ann)
    town.rostra.clock.advance(HOUR - 1000)
    await town.rostra.work()
    assert await told(bob) == []
    town.rostra.clock.advance(1000)
    assert "ended" in (await vote(eve, poll_id, 1, status=422))["error"]
    await town.rostra.work()
    await town.rostra.work()
    assert await told(bob) == await told(ann) == [poll_id]
    assert await told(eve) == await told(deaf) == []
    assert good(await bob.client.get(f"/api/v1/polls/{poll_id}"))["expired"] is True
    told_ann = good(await ann.client.get("/api/v1/notifications"))[0]
    assert (told_ann["type"], told_ann["account"]["id"]) == ("poll", str(ann.id))
    good(await ann.client.delete(f"{URL}/{poll_id}"))
    assert await told(bob) == await told(ann) == []


async def test_an_author_who_muted_the_thread_hears_nothing(town: Town) -> None:
    ann = await town.member("ann")
    poll_id = (await ask(town, ann))["id"]
    await town.act(ann, "mute", poll_id)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await told(ann) == []


async def test_a_thousand_voters_are_told(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann))["id"]
    await vote(bob, poll_id, 0)
    async with town.db.read() as reader:
        ballot = await reader.value(query(select(polls.c.ballot_id)))
    crowd = range(1, 1001)
    names = [{"account_id": n, "email": f"{n}@x", "email_key": f"{n}@x"} for n in crowd]
    await town.rows(users, names)
    votes = [{"ballot_id": ballot, "account_id": n, "choices": 1} for n in crowd]
    await town.rows(poll_votes, votes)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await town.count(notifications) == 1002
    assert await told(bob) == await told(ann) == [poll_id]


async def test_other_options_make_votes_void(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await ask(town, ann)
    poll_id = post["id"]
    await vote(bob, poll_id, 1)
    kept = {"status": "Which, then?", "poll": {**ASKED, "expires_in": 7200}}
    town.rostra.clock.advance(1000)
    edited = good(await ann.client.put(f"{URL}/{poll_id}", json=kept))
    assert counts(edited["poll"]) == [0, 1, 0]
    assert edited["poll"]["expires_at"] > post["poll"]["expires_at"]
    for change in ({"options": ["tea", "water"]}, {"options": ["tea", "water"], "multiple": True}):
        body = {"status": "Which?", "poll": ASKED | change}
        edited = good(await ann.client.put(f"{URL}/{poll_id}", json=body))
        assert counts(edited["poll"]) == [0, 0]
        mine = good(await bob.client.get(f"/api/v1/polls/{poll_id}"))
        assert (mine["id"], mine["voted"], mine["voters_count"]) == (poll_id, False, 0)
        await vote(bob, poll_id, 0)
    await town.rostra.work()
    assert await town.count(poll_votes) == 1
    versions = good(await bob.client.get(f"{URL}/{poll_id}/history"))
    titles = [[option["title"] for option in version["poll"]["options"]] for version in versions]
    assert titles == [ASKED["options"], ASKED["options"], ["tea", "water"], ["tea", "water"]]


async def test_an_edit_moves_the_end(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann))["id"]
    await vote(bob, poll_id, 1)
    body = {"status": "Which?", "poll": {**ASKED, "expires_in": 7200}}
    good(await ann.client.put(f"{URL}/{poll_id}", json=body))
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await told(bob) == []
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await told(bob) == [poll_id]
    # Opened anew, it has not ended any more.
    good(await ann.client.put(f"{URL}/{poll_id}", json=body))
    assert await told(bob) == []


async def test_an_edit_takes_a_poll_away_or_brings_one(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    poll_id = (await ask(town, ann, "needleless", options=["needle", "other"]))["id"]
    await vote(bob, poll_id, 0)
    gone = good(await ann.client.put(f"{URL}/{poll_id}", json={"status": "Never mind."}))
    assert gone["poll"] is None
    good(await bob.client.get(f"/api/v1/polls/{poll_id}"), 404)
    await town.rostra.work()
    assert await town.count(poll_votes) == await town.count(poll_options) == 0
    versions = good(await ann.client.get(f"{URL}/{poll_id}/history"))
    assert ["poll" in version for version in versions] == [True, False]
    body = {"status": "After all:", "poll": ASKED}
    again = good(await ann.client.put(f"{URL}/{poll_id}", json=body))
    assert counts(again["poll"]) == [0, 0, 0]
    assert (await vote(bob, poll_id, 0))["own_votes"] == [0]


async def test_nothing_is_left_of_a_deleted_poll(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await ask(town, ann, options=["xylophonic", "other"])
    await vote(bob, post["id"], 0)
    body = {"status": "Which?", "poll": {**ASKED, "options": ["xylophonic too", "other"]}}
    good(await ann.client.put(f"{URL}/{post['id']}", json=body))
    await vote(bob, post["id"], 0)
    gone = good(await ann.client.delete(f"{URL}/{post['id']}"))
    assert [option["title"] for option in gone["poll"]["options"]] == ["xylophonic too", "other"]
    good(await bob.client.get(f"/api/v1/polls/{post['id']}"), 404)
    town.rostra.clock.advance(2 * HOUR)
    await town.rostra.work()
    assert await town.anywhere("xylophonic") == []
    for table in (polls, poll_options, poll_votes):
        assert await town.count(table) == 0


async def test_a_poll_is_seen_as_its_post_is(town: Town) -> None:
    ann, friend, stranger = await town.members("ann", "friend", "stranger")
    await town.follow(friend, ann)
    body = {"status": "Which?", "visibility": "private", "poll": ASKED}
    poll_id = good(await ann.client.post(URL, json=body))["id"]
    path, never = f"/api/v1/polls/{poll_id}", f"/api/v1/polls/{int(poll_id) + 1}"
    for who in (stranger.client, town.anybody):
        assert (await who.get(path)).text == (await who.get(never)).text
    refused = [
        await stranger.client.post(f"{each}/votes", json={"choices": [0]}) for each in (path, never)
    ]
    assert refused[0].status_code == 404
    assert refused[0].text == refused[1].text
    await vote(friend, poll_id, 0)
    await town.block(ann, friend)
    good(await friend.client.get(path), 404)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    assert await told(friend) == []


@pytest.mark.postgresql
async def test_a_removed_voter_is_taken_off_polls_that_run(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    ended = (await ask(town, ann))["id"]
    await vote(bob, ended, 0)
    town.rostra.clock.advance(HOUR)
    runs = (await ask(town, ann, multiple=True))["id"]
    for who in (bob, eve):
        await vote(who, runs, 0, 2)
    async with town.db.write() as tx:
        await remove_account(town.services, tx, bob.id, keep_name=False)
    await town.rostra.work()
    assert counts(good(await eve.client.get(f"/api/v1/polls/{runs}"))) == [1, 0, 1]
    assert counts(good(await eve.client.get(f"/api/v1/polls/{ended}"))) == [1, 0, 0]
    assert await town.count(poll_votes, poll_votes.c.account_id == bob.id) == 0


async def test_statements_do_not_grow_with_the_polls(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.post(ann, "asks nothing")
    path, counted = "/api/v1/timelines/public", {}
    for polled in range(1, 7):
        await ask(town, ann, f"Which of {polled}?")
        good(await bob.client.get(path))
        with town.rostra.counted() as found:
            assert len(good(await bob.client.get(path))) == polled + 1
        counted[polled] = found.statements
    assert set(counted.values()) == {5}  # two without polls


async def test_one_key_asks_once(town: Town) -> None:
    ann = await town.member("ann")
    headers = {"idempotency-key": "k"}
    body = {"status": "Which?", "poll": ASKED}
    first, second = [good(await ann.client.post(URL, json=body, headers=headers)) for _ in "ab"]
    assert first == second
    assert await town.count(polls) == 1


async def test_an_edit_may_leave_the_end_as_it_was(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await ask(town, ann)
    await vote(bob, post["id"], 1)
    town.rostra.clock.advance(HOUR)
    await town.rostra.work()
    body = {"status": "Anew", "poll": {"options": ASKED["options"]}}
    edited = good(await ann.client.put(f"{URL}/{post['id']}", json=body))
    assert edited["poll"]["expires_at"] == post["poll"]["expires_at"]
    await town.rostra.work()
    assert await told(bob) == [post["id"]]
    plain = await town.post(ann, "asks nothing")
    refused = good(await ann.client.put(f"{URL}/{plain}", json=body), 422)
    assert set(refused["details"]) == {"poll.expires_in"}
