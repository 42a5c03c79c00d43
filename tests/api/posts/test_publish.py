"""Publishing: who is named, who is told, what counts tell, and what it costs."""

import asyncio

from tests.harness.crowd import Town, good, ids_of

URL = "/api/v1/statuses"


async def test_more_people_than_the_limit_are_refused_not_cut(town: Town) -> None:
    ann = await town.member("ann")
    crowd = " ".join(f"@u{n}" for n in range(51))
    refusal = good(await ann.client.post(URL, json={"status": crowd}), 422)
    assert refusal["details"]["text"][0]["error"] == "ERR_TOO_MANY"
    await town.post(ann, " ".join(["@one@far.example"] * 60))


async def test_hashtags_past_the_limit_stay_text(town: Town) -> None:
    ann = await town.member("ann")
    words = " ".join(f"#t{n}" for n in range(70)) + " #t0"
    shown = good(await ann.client.post(URL, json={"status": words}))
    assert len(shown["tags"]) == 60
    assert shown["content"].count("mention hashtag") == 61


async def test_huge_hostile_texts_are_refused_at_once(town: Town) -> None:
    ann = await town.member("ann")
    for text in ("@a " * 10_000, "\u0301" * 100_000, "#" * 100_000, "\U0001f468\u200d" * 40_000):
        good(await ann.client.post(URL, json={"status": text}), 422)


async def test_people_are_linked_under_every_handle_and_named_once(town: Town) -> None:
    ann, bob, eve = await town.members("ann", "bob", "eve")
    text = "@eve @Bob@127.0.0.1 @bob @ghost @bob@elsewhere.example hi"
    shown = good(await ann.client.post(URL, json={"status": text}))
    assert [m["id"] for m in shown["mentions"]] == [str(eve.id), str(bob.id)]
    assert shown["content"].count("u-url mention") == 3


async def test_whoever_blocks_the_author_is_neither_named_nor_reached(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.block(bob, ann)
    shown = good(await ann.client.post(URL, json={"status": "@bob hi", "visibility": "direct"}))
    assert shown["mentions"] == []
    good(await bob.client.get(f"{URL}/{shown['id']}"), 404)


async def test_counts_do_not_tell_of_direct_posts(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    shown = good(await ann.client.post(URL, json={"status": "@bob hi", "visibility": "direct"}))
    assert shown["account"]["statuses_count"] == 0
    assert shown["account"]["last_status_at"] is None
    first = await town.post(bob)
    for visibility, count in (("direct", 0), ("private", 0), ("unlisted", 1), ("public", 2)):
        await town.post(ann, in_reply_to_id=first, visibility=visibility)
        assert good(await bob.client.get(f"{URL}/{first}"))["replies_count"] == count


async def test_an_answer_to_a_reblog_answers_the_original(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    first = await town.post(ann)
    reblog = await town.act(bob, "reblog", first)
    body = {"status": "two", "in_reply_to_id": reblog["id"]}
    answer = good(await bob.client.post(URL, json=body))
    assert answer["in_reply_to_id"] == first
    assert answer["in_reply_to_account_id"] == str(ann.id)
    # Answers to others stay out of the public timeline.
    assert ids_of(good(await town.anybody.get("/api/v1/timelines/public"))) == [first]


async def test_the_same_new_tags_from_many_at_once(town: Town) -> None:
    people = await town.members("ann", "bob", "eve", "ian")
    texts = ("#one #two #three", "#three #two #one")
    await asyncio.gather(
        *(town.post(who, texts[at % 2]) for at, who in enumerate([*people, *people]))
    )
    for tag in ("one", "two", "three"):
        assert len(good(await people[0].client.get(f"/api/v1/timelines/tag/{tag}"))) == 8


async def test_a_post_costs_few_statements(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    first = await town.post(ann, "warm")
    with town.rostra.counted() as plain:
        await town.post(ann, "hello")
    with town.rostra.counted() as rich:
        await town.post(ann, "@bob #one #two #three", in_reply_to_id=first)
    assert plain.statements <= 20  # two ask what judges now: before the transaction, and in it
    assert rich.statements <= 29  # one of them has the days of the hashtags counted
