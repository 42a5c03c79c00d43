"""Law 3 for push messages: nobody gets one of what they may not see, at the time it is sent."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good
from tests.harness.push_service import Device, Service, let_out, push_service
from tests.law.changes import SHARED, Change

from rostra.kernel.clock import MINUTE
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.ending import end_everything

NEEDLE = "Quarzgeheimnis"
ALERTS = (
    "mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
)  # fmt: skip
VISIBILITIES = ("public", "unlisted", "private", "direct")


class Phones:
    """A town whose people carry devices."""

    def __init__(self, town: Town, service: Service) -> None:
        self.town = town
        self.service = service
        self.devices: dict[str, Device] = {}

    async def give(self, *people: Member) -> None:
        """Each gets a device that wants to hear of everything."""
        for who in people:
            device = self.devices[who.name] = Device()
            subscription = {"endpoint": f"{self.service.url}/{who.name}", "keys": device.keys()}
            body = {
                "subscription": {**subscription, "standard": True},
                "data": {"alerts": dict.fromkeys(ALERTS, True), "policy": "all"},
            }
            good(await who.client.post("/api/v1/push/subscription", json=body))

    async def rung(self) -> list[tuple[str, Any]]:
        """Let what waits be sent; who got which message since the last time."""
        await self.town.rostra.work()
        got = [(each.path.strip("/"), each) for each in self.service.received]
        self.service.received.clear()
        return [(name, self.devices[name].open(each)) for name, each in got]


@pytest.fixture
async def phones(town: Town) -> AsyncIterator[Phones]:
    async with push_service() as service:
        let_out(town.services, service)
        yield Phones(town, service)


async def notified(town: Town, who: Member, whom: Member) -> None:
    """One follows another and wants to hear of every post."""
    good(await who.client.post(f"/api/v1/accounts/{whom.id}/follow", json={"notify": True}))
    assert town


async def test_no_device_hears_of_what_its_member_may_not_see(town: Town, phones: Phones) -> None:
    """Every visibility, everybody who may care, and each who must not."""
    people = {
        name: await town.member(name, role=int(name == "moderator"))
        for name in ("author", "stranger", "follower", "mentioned", "blocked", "moderator")
    }
    author = people["author"]
    for name in ("follower", "blocked"):
        await notified(town, people[name], author)
    await phones.give(*people.values())
    await town.block(author, people["blocked"])
    await phones.rung()
    heard = {
        "public": {"follower", "mentioned"},
        "unlisted": {"follower", "mentioned"},
        "private": {"follower", "mentioned"},
        "direct": {"mentioned"},
    }
    for visibility in VISIBILITIES:
        text = f"{NEEDLE} for @mentioned and @blocked"
        post = await town.post(author, text, visibility=visibility)
        rung = await phones.rung()
        assert {name for name, _ in rung} == heard[visibility], visibility
        assert all(NEEDLE in message["body"] for _, message in rung)
        body = {"status": f"{text}, edited", "visibility": visibility}
        for name in ("follower", "mentioned"):
            if visibility in {"public", "unlisted"}:
                await town.act(people[name], "reblog", post)
        await phones.rung()
        good(await author.client.put(f"/api/v1/statuses/{post}", json=body))
        assert {name for name, _ in await phones.rung()} <= heard[visibility], visibility


async def test_what_others_do_with_a_hidden_post_is_told_to_nobody_else(
    town: Town, phones: Phones
) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await notified(town, cat, bob)
    await phones.give(ann, bob, cat)
    post = await town.post(ann, f"{NEEDLE} for @bob", visibility="direct")
    await phones.rung()
    await town.act(bob, "favourite", post)
    await town.act(bob, "bookmark", post)
    answer = {"in_reply_to_id": post, "visibility": "direct"}
    await town.post(bob, "@ann yes", **answer)
    assert {name for name, _ in await phones.rung()} == {"ann"}
    await town.act(bob, "favourite", await town.post(cat, "in the open"))
    assert {name for name, _ in await phones.rung()} == {"cat"}


async def _receiver_gone(town: Town, ann: Member, _bob: Member, _post: str) -> None:
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id)


async def _signed_out(town: Town, ann: Member, _bob: Member, _post: str) -> None:
    async with town.db.write() as tx:
        await end_everything(tx, ann.id)


async def _unsubscribed(_town: Town, ann: Member, _bob: Member, _post: str) -> None:
    good(await ann.client.delete("/api/v1/push/subscription"))


async def _dismissed(_town: Town, ann: Member, _bob: Member, _post: str) -> None:
    good(await ann.client.post("/api/v1/notifications/clear"))


async def _filtered(_town: Town, ann: Member, _bob: Member, _post: str) -> None:
    body = {
        "title": "Stones",
        "context": ["notifications"],
        "filter_action": "hide",
        "keywords_attributes": [{"keyword": NEEDLE}],
    }
    good(await ann.client.post("/api/v2/filters", json=body))


CHANGES: dict[str, Change] = {
    **SHARED,
    "her account is gone": _receiver_gone,
    "she is signed out everywhere": _signed_out,
    "she wants no more messages": _unsubscribed,
    "she has cleared her notifications": _dismissed,
    "she filters its words": _filtered,
}


@pytest.mark.parametrize("tried", [False, True], ids=["at once", "at the second try"])
@pytest.mark.parametrize("what", CHANGES)
async def test_it_is_judged_when_it_is_sent(
    town: Town, phones: Phones, what: str, *, tried: bool
) -> None:
    """Something happens after the notification; also while a busy service makes it wait."""
    ann, bob = await town.members("ann", "bob")
    await phones.give(ann)
    post = await town.post(bob, f"{NEEDLE} for @ann", visibility="direct")
    if tried:
        phones.service.status = "503 Busy"
        assert len(await phones.rung()) == 1
        phones.service.status = "201 Created"
    await CHANGES[what](town, ann, bob, post)
    town.rostra.clock.advance(2 * MINUTE)
    rung = await phones.rung()
    assert len(rung) == (1 if what == "nothing" else 0)
    for _, message in rung:
        assert NEEDLE in message["body"]


@pytest.mark.parametrize("goes", ["she unfollows", "she is removed", "nothing"])
async def test_a_post_for_followers_is_for_followers_when_it_is_sent(
    town: Town, phones: Phones, goes: str
) -> None:
    ann, bob = await town.members("ann", "bob")
    await notified(town, ann, bob)
    await phones.give(ann)
    await town.post(bob, NEEDLE, visibility="private")
    if goes == "she unfollows":
        await town.unfollow(ann, bob)
    elif goes == "she is removed":
        path = f"/api/v1/accounts/{ann.id}/remove_from_followers"
        good(await bob.client.post(path))
    rung = await phones.rung()
    assert [name for name, _ in rung] == (["ann"] if goes == "nothing" else [])


async def test_words_that_were_taken_back_are_not_sent(town: Town, phones: Phones) -> None:
    ann, bob = await town.members("ann", "bob")
    await phones.give(ann)
    post = await town.post(bob, f"{NEEDLE} for @ann", visibility="direct")
    body = {"status": "@ann forget it", "visibility": "direct"}
    good(await bob.client.put(f"/api/v1/statuses/{post}", json=body))
    rung = await phones.rung()
    assert rung
    assert all(NEEDLE not in message["body"] for _, message in rung)
    assert {message["body"] for _, message in rung} == {"@ann forget it"}
    post = await town.post(bob, f"{NEEDLE} for @ann", visibility="direct")
    body["status"] = "to myself"
    good(await bob.client.put(f"/api/v1/statuses/{post}", json=body))  # not for her any more
    assert await phones.rung() == []


async def test_under_a_warning_nothing_but_the_warning_is_sent(town: Town, phones: Phones) -> None:
    ann, bob = await town.members("ann", "bob")
    await phones.give(ann)
    await town.post(bob, f"@ann {NEEDLE}", spoiler_text="The end of the film")
    ((_, message),) = await phones.rung()
    assert message["body"] == "The end of the film"


async def test_each_device_gets_its_own_token_and_nobody_elses(town: Town, phones: Phones) -> None:
    ann, bob, cat = await town.members("ann", "bob", "cat")
    await phones.give(ann, bob)
    await town.post(cat, f"{NEEDLE} for @ann and @bob", visibility="direct")
    rung = dict(await phones.rung())
    tokens = {name: message["access_token"] for name, message in rung.items()}
    assert tokens == {"ann": ann.token, "bob": bob.token}
    whole = {name: repr(message) for name, message in rung.items()}
    assert bob.token not in whole["ann"]
    assert "members.example" not in "".join(whole.values())  # nobody's address of mail
