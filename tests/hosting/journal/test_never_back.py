"""Nothing that was deleted, revoked or blocked comes back by a copy, whichever it is."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import cache, partial
from pathlib import Path

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import PASSWORD, Member, Town, good, ids_of
from tests.hosting.journal.afloat import Noted, gone_on_with, noted

from rostra.kernel.errors import Unauthorized
from rostra.network.accounts import access
from rostra.network.credentials import passwords
from rostra.network.credentials.changing import change_password
from rostra.network.credentials.sign_in import identify

ACTS = 1_000
COPIES = 10
_MEMBERS = 60


@pytest.fixture
async def place(data_dir: Path) -> AsyncIterator[Noted]:
    """A place whose acts are noted."""
    async with noted(data_dir) as it:
        yield it


@cache
def _hash(password: str) -> str:
    return passwords._HASHER.hash(password)  # noqa: SLF001 (the public way needs an event loop)


class Past:
    """A thousand acts in some order, and what must be so after them."""

    def __init__(self, place: Noted, town: Town, seed: int) -> None:
        self.place = place
        self.town = town
        self.random = random.Random(seed)  # noqa: S311 (a seed, so that it can be run again)
        self.deleted: list[str] = []
        self.blocked: list[tuple[int, int]] = []
        self.revoked: list[str] = []
        self.passwords: dict[str, str] = {}
        self.ids: set[int] = set()

    async def prepare(self) -> list[Callable[[], Awaitable[None]]]:
        """People, their posts and tokens; the acts that will be done, in a random order."""
        members = await self.town.members(*(f"m{at}" for at in range(_MEMBERS)))
        self.speakers, self.keyed = members[:40], members[40:]
        each = ACTS // 4
        posts = [await self._post(self.speakers[at % 40]) for at in range(each)]
        body = {"client_name": "an app", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}
        app = good(await self.town.anybody.post("/api/v1/apps", json=body))
        self.app = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        tokens = [
            await self.town.token(self.speakers[at % 40].id, "read", app_id=int(app["id"]))
            for at in range(each)
        ]
        pairs = [(a, b) for a in self.speakers for b in self.speakers if a is not b]
        acts: list[Callable[[], Awaitable[None]]] = []
        acts += [partial(self._delete, at, post) for at, post in enumerate(posts)]
        acts += [partial(self._revoke, token) for token in tokens]
        acts += [partial(self._block, *pair) for pair in self.random.sample(pairs, each)]
        acts += [
            partial(self._key, self.keyed[at % 20], f"pass phrase {at % 7} of mine")
            for at in range(each)
        ]
        self.random.shuffle(acts)
        return acts

    async def _post(self, author: Member) -> str:
        post = await self.town.post(author)
        self.ids.add(int(post))
        return post

    async def _delete(self, at: int, post: str) -> None:
        author = self.speakers[at % 40]
        good(await author.client.delete(f"/api/v1/statuses/{post}"))
        self.deleted.append(post)
        # And others come, whose ids must not be given again.
        await self._post(author)

    async def _block(self, who: Member, whom: Member) -> None:
        good(await who.client.post(f"/api/v1/accounts/{whom.id}/block"))
        self.blocked.append((who.id, whom.id))

    async def _revoke(self, token: str) -> None:
        form = {**self.app, "token": token}
        good(await self.town.anybody.post("/oauth/revoke", data=form))
        self.revoked.append(token)

    async def _key(self, who: Member, password: str) -> None:
        async with self.town.db.write() as tx:
            await change_password(tx, who.id, _hash(password))
        self.passwords[who.name] = password


@pytest.mark.untraced  # the other tests do each of them once
@pytest.mark.slow
async def test_a_thousand_acts_and_ten_earlier_points(place: Noted, tmp_path: Path) -> None:
    past = Past(place, Town(place.rostra), seed=1)
    acts = await past.prepare()
    stops = sorted(past.random.sample(range(len(acts)), COPIES))
    marks = []
    for at, act in enumerate(acts):
        if at in stops:
            marks.append(await place.copy())
        await act()
        if past.random.random() < 0.02:
            await place.send()
    last = await place.send()
    for at, mark in enumerate(marks):
        to = tmp_path / f"restored-{at}"
        replayed = await place.restore(to, mark)
        assert replayed.notes > 0
        assert replayed.last == last
        async with gone_on_with(to) as restored:
            await _none_is_back(past, restored)
            await _no_id_twice(past, restored)
        assert await place.faults() == []


async def _none_is_back(past: Past, restored: InProcess) -> None:
    clients = {who.id: restored.client(who.token) for who in past.speakers}
    for post in past.deleted:
        answer = await clients[past.speakers[0].id].get(f"/api/v1/statuses/{post}")
        assert answer.status_code == 404, post
    for blocker, blocked in past.blocked:
        answer = await clients[blocker].get(f"/api/v1/accounts/relationships?id[]={blocked}")
        assert good(answer)[0]["blocking"], (blocker, blocked)
    for token in past.revoked:
        answer = await restored.client(token).get("/api/v1/timelines/home")
        assert answer.status_code == 401
    for who in past.keyed:
        now = past.passwords[who.name]
        async with restored.db.read() as reader:
            user = await access.user(reader, who.id)
        assert user.password_hash == _hash(now)
        assert (await restored.client(who.token).get("/api/v1/timelines/home")).status_code == 401
    name, now = past.random.choice(sorted(past.passwords.items()))
    for old in {PASSWORD, *(f"pass phrase {at} of mine" for at in range(2))} - {now}:
        with pytest.raises(Unauthorized):
            await identify(restored.services, name, old)
    await identify(restored.services, name, now)


async def _no_id_twice(past: Past, restored: InProcess) -> None:
    town = Town(restored)
    made = [int(await town.post(_as(restored, who))) for who in past.speakers for _ in range(3)]
    assert not past.ids & set(made)
    assert min(made) > max(past.ids)
    for who in past.speakers:
        shown = good(await town.anybody.get(f"/api/v1/accounts/{who.id}"))
        listed = await _listed(restored, who)
        assert shown["statuses_count"] == len(listed)
        assert not {int(each) for each in listed} & {int(each) for each in past.deleted}


async def _listed(restored: InProcess, who: Member) -> list[str]:
    found: list[str] = []
    while True:
        params = {"limit": "40"} | ({"max_id": found[-1]} if found else {})
        page = ids_of(
            good(await restored.client().get(f"/api/v1/accounts/{who.id}/statuses", params=params))
        )
        found += page
        if not page:
            return found


def _as(restored: InProcess, who: Member) -> Member:
    return Member(who.id, who.name, who.token, restored.client(who.token))
