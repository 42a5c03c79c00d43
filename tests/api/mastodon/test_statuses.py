"""Posts: what may be written, that it is written once, edited with a history, and deleted."""

import asyncio
from typing import Any

import pytest
from tests.harness.crowd import Town, good, ids_of

from rostra.kernel.clock import HOUR
from rostra.store.tables.posts import posts

URL = "/api/v1/statuses"
NOBODY = "112345678901234567"


async def test_a_post_has_what_was_said(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    body = {
        "status": "Hello @bob, see https://example.org/x #World",
        "spoiler_text": "a greeting",
        "visibility": "unlisted",
        "language": "en",
    }
    post = good(await ann.client.post(URL, json=body))
    assert post["account"]["acct"] == "ann"
    assert post["visibility"] == "unlisted"
    assert (post["spoiler_text"], post["sensitive"]) == ("a greeting", True)
    assert post["language"] == "en"
    assert [m["acct"] for m in post["mentions"]] == ["bob"]
    assert post["mentions"][0]["id"] == str(bob.id)
    assert [t["name"].lower() for t in post["tags"]] == ["world"]
    assert 'href="https://example.org/x"' in post["content"]
    assert (post["replies_count"], post["reblogs_count"], post["favourites_count"]) == (0, 0, 0)
    assert (post["in_reply_to_id"], post["reblog"], post["edited_at"]) == (None, None, None)
    assert post["account"]["statuses_count"] == 1
    assert good(await ann.client.get(f"{URL}/{post['id']}")) == post


@pytest.mark.parametrize("how", ["json", "data"])
async def test_json_and_form_mean_the_same(town: Town, how: str) -> None:
    ann = await town.member("ann")
    body = {"status": "one\n\ntwo & <three>", "visibility": "private", "sensitive": "true"}
    post = good(await ann.client.post(URL, **{how: body}))  # type: ignore[arg-type] # one of two names
    assert post["visibility"] == "private"
    assert post["sensitive"] is True
    assert post["content"] == "<p>one</p><p>two &amp; &lt;three&gt;</p>"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"status": ""}, "text"),
    ({"status": " \n\t "}, "text"),
    ({"status": "x" * 1001}, "text"),
    ({"status": "x" * 990, "spoiler_text": "y" * 11}, "text"),
    ({"status": "x" * 100_000}, "text"),
    ({"status": "x", "visibility": "everybody"}, "visibility"),
    ({"status": "x", "language": "klingonese"}, "language"),
    ({"status": "x", "media_ids": [NOBODY]}, "media_ids"),
    ({"status": "x", "media_ids": [NOBODY, NOBODY]}, "media_ids"),
    ({"status": "x", "media_ids": [str(int(NOBODY) + n) for n in range(5)]}, "media_ids"),
    ({"status": "x", "scheduled_at": "tomorrow"}, "scheduled_at"),
]


async def test_refusals_name_the_field(town: Town) -> None:
    ann = await town.member("ann")
    for body, field in REFUSED:
        refusal = good(await ann.client.post(URL, json=body), 422)
        assert set(refusal["details"]) == {field}, body
        assert refusal["error"].startswith("Validation failed: "), body
    assert good(await ann.client.post(URL, json={"status": "x"}))["id"]
    assert await town.count(posts) == 1


async def test_a_reply_to_nothing_is_not_found(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    hidden = await town.post(bob, visibility="private")
    bodies = []
    for parent in (NOBODY, hidden, "9" * 30, "no-id"):
        answer = await ann.client.post(URL, json={"status": "re", "in_reply_to_id": parent})
        assert answer.status_code in {404, 422}, parent
        if parent in {NOBODY, hidden}:
            bodies.append((answer.status_code, answer.text))
    assert bodies[0] == bodies[1]
    assert bodies[0][0] == 404


FITTING = [
    "x" * 1000,
    "https://example.org/" + "x" * 3000,  # a link is 23
    "@ann@far.example " * 60,  # the domain of a mention is free
    "👩‍👩‍👧‍👦" * 1000,  # one family is one character
]


async def test_the_limit_counts_as_mastodon_does(town: Town) -> None:
    ann = await town.member("ann")
    for text in FITTING:
        good(await ann.client.post(URL, json={"status": text}))
        good(await ann.client.post(URL, json={"status": text + "y" * 1000}), 422)


async def test_a_warning_alone_is_the_text(town: Town) -> None:
    ann = await town.member("ann")
    post = good(await ann.client.post(URL, json={"spoiler_text": "only this"}))
    assert (post["content"], post["spoiler_text"]) == ("<p>only this</p>", "")


async def test_one_key_is_one_post_for_an_hour(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    key = {"idempotency-key": "the same"}
    first = good(await ann.client.post(URL, json={"status": "one"}, headers=key))
    again = good(await ann.client.post(URL, json={"status": "other words"}, headers=key))
    assert again == first
    theirs = good(await bob.client.post(URL, json={"status": "one"}, headers=key))
    assert theirs["id"] != first["id"]
    town.rostra.clock.advance(HOUR + 1)
    later = good(await ann.client.post(URL, json={"status": "one"}, headers=key))
    assert later["id"] != first["id"]
    await town.act(ann, "favourite", later["id"])
    good(await ann.client.delete(f"{URL}/{later['id']}"))
    anew = good(await ann.client.post(URL, json={"status": "one"}, headers=key))
    assert anew["id"] not in {first["id"], later["id"]}


async def test_a_refused_post_leaves_its_key_free(town: Town) -> None:
    ann = await town.member("ann")
    key = {"idempotency-key": "k"}
    body = {"status": "x", "in_reply_to_id": NOBODY}
    good(await ann.client.post(URL, json=body, headers=key), 404)
    good(await ann.client.post(URL, json={"status": "x"}, headers=key))


async def test_concurrent_requests_with_one_key_make_one_post(town: Town) -> None:
    ann = await town.member("ann")
    key = {"idempotency-key": "twice"}
    asked = [ann.client.post(URL, json={"status": "once"}, headers=key) for _ in range(8)]
    answers = [good(answer) for answer in await asyncio.gather(*asked)]
    assert len(set(ids_of(answers))) == 1
    assert await town.count(posts) == 1
    assert answers[-1]["account"]["statuses_count"] == 1


async def test_an_edit_keeps_the_history(town: Town) -> None:
    ann, bob, cid = await town.members("ann", "bob", "cid")
    body = {"status": "First @bob #one", "language": "en"}
    post = good(await ann.client.post(URL, json=body))
    url = f"{URL}/{post['id']}"
    assert [v["content"] for v in good(await bob.client.get(f"{url}/history"))] == [post["content"]]
    await town.act(bob, "favourite", post["id"])
    town.rostra.clock.advance(1000)
    edited = good(
        await ann.client.put(url, json={"status": "Second @cid #two", "spoiler_text": "cw"})
    )
    assert (edited["id"], edited["created_at"]) == (post["id"], post["created_at"])
    assert edited["edited_at"] > post["created_at"]
    assert [m["id"] for m in edited["mentions"]] == [str(cid.id)]
    assert [t["name"].lower() for t in edited["tags"]] == ["two"]
    assert (edited["favourites_count"], edited["language"]) == (1, "en")
    versions = good(await bob.client.get(f"{url}/history"))
    assert [v["content"] for v in versions] == [post["content"], edited["content"]]
    assert [v["spoiler_text"] for v in versions] == ["", "cw"]
    assert [v["created_at"] for v in versions] == [post["created_at"], edited["edited_at"]]
    assert versions[0]["account"]["id"] == str(ann.id)
    source = good(await ann.client.get(f"{url}/source"))
    assert source == {"id": post["id"], "text": "Second @cid #two", "spoiler_text": "cw"}
    assert ids_of(good(await bob.client.get("/api/v1/timelines/tag/two"))) == [post["id"]]
    assert good(await bob.client.get("/api/v1/timelines/tag/one")) == []


async def test_an_edit_is_checked_like_a_post(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post_id = await town.post(ann, "as it was")
    refusal = good(await ann.client.put(f"{URL}/{post_id}", json={"status": ""}), 422)
    assert set(refusal["details"]) == {"text"}
    good(await bob.client.put(f"{URL}/{post_id}", json={"status": "mine now"}), 404)
    reblog = await town.act(bob, "reblog", post_id)
    good(await bob.client.put(f"{URL}/{reblog['id']}", json={"status": "mine now"}), 404)
    post = good(await ann.client.get(f"{URL}/{post_id}"))
    assert (post["content"], post["edited_at"]) == ("<p>as it was</p>", None)


async def test_delete_answers_with_the_text_for_writing_it_again(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    words = "Hello @bob\n\n#again & <again>"
    post_id = await town.post(ann, words, spoiler_text="cw", language="de")
    good(await bob.client.delete(f"{URL}/{post_id}"), 404)
    gone = good(await ann.client.delete(f"{URL}/{post_id}"))
    assert (gone["text"], gone["spoiler_text"], gone["language"]) == (words, "cw", "de")
    for client in (ann.client, bob.client, town.anybody):
        good(await client.get(f"{URL}/{post_id}"), 404)
    good(await ann.client.delete(f"{URL}/{post_id}"), 404)
    body = {"status": gone["text"], "spoiler_text": gone["spoiler_text"]}
    redrafted = good(await ann.client.post(URL, json=body))
    assert redrafted["content"] == gone["content"]
    assert redrafted["account"]["statuses_count"] == 1


async def test_several_posts_at_once(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    made = [await town.post(ann, visibility=v) for v in ("public", "private", "unlisted", "direct")]
    asked: Any = [("id[]", post_id) for post_id in [*made, NOBODY, made[0]]]
    assert ids_of(good(await bob.client.get(URL, params=asked))) == [made[0], made[2]]
    assert ids_of(good(await ann.client.get(URL, params=asked))) == made
    assert good(await ann.client.get(URL)) == []


async def test_hostile_texts_are_answered(town: Town) -> None:
    ann = await town.member("ann")
    texts = [
        "@ann " * 200,
        "@" * 1000,
        "#" + "a" * 999,
        "\u202e\u0000\ufeff\ud7ff" * 50 + "x",
        "e" + "\u0301" * 900,
        "https://" + "[" * 900,
        "<script>alert(1)</script>" * 20,
        "&#x0;" * 100,
    ]
    for text in texts:
        answer = await ann.client.post(URL, json={"status": text})
        assert answer.status_code in {200, 422}, (text[:20], answer.text)
        assert "<script" not in answer.text
