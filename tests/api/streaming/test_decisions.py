"""Whoever asked hears at once what the author of the post has decided, and nobody else does."""

from contextlib import AsyncExitStack

import pytest
from tests.harness.asking import asking, decide, one, waiting
from tests.harness.crowd import Member, Town, good
from tests.harness.streams import Harbour, Socket
from tests.safety.moderating import moderator, ruling

from rostra.safety.decisions import decide as deciding
from rostra.safety.decisions.model import ActionKind
from rostra.safety.subjects import Subject, SubjectKind


class Ears:
    """Sockets of everybody, with which to hear who is told what."""

    def __init__(self, harbour: Harbour, stack: AsyncExitStack) -> None:
        self.harbour = harbour
        self.stack = stack
        self.sockets: dict[str, Socket] = {}

    async def give(self, name: str, who: Member, stream: str = "user") -> None:
        """Let somebody listen to a stream."""
        opened = self.harbour.socket(who.token, stream=stream)
        self.sockets[name] = await self.stack.enter_async_context(opened)

    async def heard(self) -> dict[str, list[tuple[str, str]]]:
        """What each has heard since: events, and the ids that they are about."""
        found = {}
        for name, socket in self.sockets.items():
            events = await socket.quiet()
            found[name] = [(each["event"], _about(each["payload"])) for each in events]
        return {name: events for name, events in found.items() if events}


def _about(payload: object) -> str:
    return str(payload["id"]) if isinstance(payload, dict) else str(payload)


async def test_a_refusal_of_a_reply_is_heard_by_its_author(town: Town, harbour: Harbour) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, bob)
    post = await asking(town, ann)
    held = await town.post(bob, "@cat needle", in_reply_to_id=post)
    [request] = await waiting(ann)
    async with AsyncExitStack() as stack:
        ears = Ears(harbour, stack)
        for name, who in (("ann", ann), ("bob", bob), ("cat", cat)):
            await ears.give(name, who)
        await ears.give("notes", bob, "user:notification")
        listening = await stack.enter_async_context(harbour.socket(bob.token, stream="user"))
        await decide(ann, "reject", request["id"])
        assert await ears.heard() == {"bob": [("status.update", held)]}
        [event] = await listening.quiet()
        assert event["stream"] == ["user"]
        assert event["payload"]["approval"] == "rejected"
        assert event["payload"] == await one(bob.client, held)
        await decide(ann, "reject", request["id"])  # said twice, decided once
        assert await ears.heard() == {}


async def test_an_approved_reply_arrives_as_any_post_does(town: Town, harbour: Harbour) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, bob)
    await town.follow(cat, ann)
    post = await asking(town, ann)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    [request] = await waiting(ann)
    async with AsyncExitStack() as stack:
        ears = Ears(harbour, stack)
        for name, who in (("bob", bob), ("cat", cat)):
            await ears.give(name, who)
        listening = await stack.enter_async_context(harbour.socket(bob.token, stream="user"))
        await decide(ann, "authorize", request["id"])
        told = [("update", held), ("status.update", held)]
        assert await ears.heard() == {"bob": told, "cat": told[:1]}
        for event in await listening.quiet():
            assert "approval" not in event["payload"]
            assert event["payload"]["visibility"] == "public"


@pytest.mark.parametrize("verb", ["favourite", "reblog"])
@pytest.mark.parametrize("decision", ["authorize", "reject"])
async def test_of_a_favourite_or_a_reblog_the_post_is_shown_anew(
    town: Town, harbour: Harbour, verb: str, decision: str
) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await town.follow(cat, ann)
    post = await asking(town, ann)
    done = await town.act(bob, verb, post)
    [request] = await waiting(ann)
    async with AsyncExitStack() as stack:
        ears = Ears(harbour, stack)
        for name, who in (("bob", bob), ("cat", cat)):
            await ears.give(name, who)
        listening = await stack.enter_async_context(harbour.socket(bob.token, stream="user"))
        await decide(ann, decision, request["id"])
        told = [("status.update", post)]
        if verb == "reblog":
            told.insert(0, ("update" if decision == "authorize" else "delete", done["id"]))
        assert await ears.heard() == {"bob": told}
        shown = (await listening.quiet())[-1]["payload"]
        agreed = decision == "authorize"
        assert shown[f"{verb}d" if verb == "favourite" else "reblogged"] is agreed
        assert shown[f"{verb}s_count"] == int(agreed)
        assert shown == await one(bob.client, post)


async def test_filters_of_whoever_asked_hold(town: Town, harbour: Harbour) -> None:
    ann, bob = await town.members("ann", "bob")
    body = {
        "title": "quiet",
        "context": ["home", "public"],
        "filter_action": "warn",
        "keywords_attributes": [{"keyword": "needle"}],
    }
    good(await bob.client.post("/api/v2/filters", json=body))
    post = await asking(town, ann, "A needle.")
    await town.act(bob, "favourite", post)
    [request] = await waiting(ann)
    async with harbour.socket(bob.token, stream="user") as listening:
        await decide(ann, "reject", request["id"])
        [event] = await listening.quiet()
        assert [each["filter"]["title"] for each in event["payload"]["filtered"]] == ["quiet"]


@pytest.mark.parametrize("ends", ["block", "delete", "edit", "withdraw"])
async def test_what_is_no_decision_is_not_told_as_one(
    town: Town, harbour: Harbour, ends: str
) -> None:
    """Whoever is blocked is not told so; the rest is their own doing, or what others hear too."""
    ann, bob = await town.members("ann", "bob")
    post = await asking(town, ann)
    held = await town.post(bob, "needle", in_reply_to_id=post)
    await town.act(bob, "favourite", post)
    async with harbour.socket(bob.token, stream="user") as listening:
        if ends == "block":
            await town.block(ann, bob)
        elif ends == "delete":
            good(await ann.client.delete(f"/api/v1/statuses/{post}"))
            await town.rostra.work()
        elif ends == "edit":
            edit = {"status": "needle again"}
            good(await bob.client.put(f"/api/v1/statuses/{held}", json=edit))
        else:
            await town.act(bob, "unfavourite", post)
        assert await listening.quiet() == []


async def test_a_decision_of_the_team_is_heard_by_the_member_alone(
    town: Town, harbour: Harbour
) -> None:
    ann, bob = await town.members("ann", "bob")
    async with AsyncExitStack() as stack:
        ears = Ears(harbour, stack)
        await ears.give("ann", ann)
        await ears.give("notes", ann, "user:notification")
        await ears.give("bob", bob)
        listening = await stack.enter_async_context(harbour.socket(ann.token, stream="user"))
        async with town.rostra.db.write() as tx:
            subject = Subject(SubjectKind.ACCOUNT, ann.id)
            await deciding.decide_subjects(
                town.rostra.services, tx, moderator(bob.id), ruling(ActionKind.WARN), [subject]
            )
        [note] = (await ann.client.get("/api/v1/notifications")).json()
        heard = await ears.heard()
        assert heard == {key: [("notification", note["id"])] for key in ("ann", "notes")}
        [event] = await listening.quiet()
        assert event["payload"] == note
        assert note["moderation_warning"]["action"] == "none"
