"""Law 10's two gates: a closed installation accepts no write, and sends nothing."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.harness.app import running
from tests.harness.crowd import Town, good
from tests.harness.people import register, sign_up_form
from tests.harness.push_service import Device
from tests.harness.staff import STAFF, TEAM_BODY
from tests.law.surfaces import paths, reads, writes
from tests.pictures import photo

from rostra.api.matrices import fill
from rostra.kernel.clock import DAY, MINUTE
from rostra.kernel.errors import Unavailable
from rostra.network.credentials.changing import request_reset
from rostra.outside.mail import MemoryMailer
from rostra.store.gates import file_gates
from rostra.store.query import query
from rostra.store.tables import metadata
from rostra.store.tables.accounts import users
from rostra.store.tables.outbox import dead_jobs, jobs
from rostra.web import cookies
from rostra.web.routes import all_routes

PUSH = {"endpoint": "https://push.example/x", "keys": Device().keys()}
FOR_THE_TEAM = {
    each.name for each in writes() if any(scope.startswith("admin") for scope in each.scopes)
}
READ_ONLY = {
    "POST /oauth/userinfo",
    "POST /api/rostra/v1/safety/lists/test",
    "POST /api/rostra/v1/safety/rules/check",
}


class Stage:
    """Something for every endpoint to write to."""

    def __init__(self, town: Town) -> None:
        self.town = town

    async def set_up(self) -> "Stage":
        """Make it."""
        town = self.town
        self.ann, self.bob, self.asker = await town.members("ann", "bob", "asker")
        self.shy = await town.member("shy", locked=True)
        boss = await town.member("boss", role=2)
        self.boss = town.rostra.client(await town.token(boss.id, STAFF))
        self.program = await register(town.rostra)
        self.picture = bytes(photo(32, 24).pngsave_buffer())
        self.media = (await town.picture(self.ann, self.picture))["id"]
        self.post = await town.post(self.ann, "hello")
        await town.post(self.bob, "hello @ann")
        await town.follow(self.asker, self.shy)
        await town.rostra.work()
        told = good(await self.ann.client.get("/api/v1/notifications"))
        self.notification = told[0]["id"] if told else self.post
        return self

    def ids(self, path: str) -> dict[str, str]:
        """What stands in a path."""
        for prefix, found in (
            ("/api/v1/accounts/", str(self.bob.id)),
            ("/api/v1/media/", self.media),
            ("/api/v1/notifications/", self.notification),
            ("/api/v1/follow_requests/", str(self.asker.id)),
        ):
            if path.startswith(prefix):
                return {"id": found, "account_id": found}
        return {"id": self.post}

    def body(self, name: str) -> dict[str, Any]:
        """A body that would be accepted."""
        client = {"client_id": self.program.client_id, "client_secret": self.program.client_secret}
        known: dict[str, Any] = {
            "POST /api/v1/statuses": {"status": "more"},
            "PUT /api/v1/statuses/{id}": {"status": "other"},
            "PATCH /api/v1/accounts/update_credentials": {"display_name": "Other"},
            "PATCH /api/v1/profile": {"display_name": "Other"},
            "POST /api/v1/markers": {"home": {"last_read_id": self.post}},
            "PUT /api/v1/media/{id}": {"description": "other"},
            "POST /api/v1/accounts": sign_up_form("newcomer"),
            "POST /api/v1/apps": {"client_name": "x", "redirect_uris": "https://x.example/"},
            "POST /oauth/token": {**client, "grant_type": "client_credentials"},
            "POST /oauth/revoke": {**client, "token": "x"},
            "POST /api/v1/accounts/{id}/note": {"comment": "other"},
            "POST /api/v1/lists": {"title": "other"},
            "POST /api/v1/reports": {"account_id": str(self.bob.id)},
            "POST /api/rostra/v1/reports": {
                "addresses": [f"{self.town.services.settings.site.base_url}/@bob"],
                "category": "spam",
                "comment": "It is an advertisement.",
                "name": "Ann",
                "email": "ann@example.org",
                "good_faith": True,
            },
            "POST /api/v1/notifications/dismiss": {"id": self.notification},
            "POST /api/v1/push/subscription": {"subscription": PUSH},
            "POST /api/v2/filters": {"title": "x", "context": ["home"]},
            "POST /api/v2/filters/{filter_id}/keywords": {"keyword": "x"},
            "PUT /api/v2/filters/keywords/{id}": {"keyword": "x"},
            "POST /api/v2/filters/{filter_id}/statuses": {"status_id": self.post},
            "POST /api/v1/filters": {"phrase": "x", "context": ["home"]},
            "POST /api/v1/featured_tags": {"name": "other"},
            "PUT /api/v1/statuses/{id}/interaction_policy": {"quote_approval_policy": "nobody"},
            "PUT /api/v1/scheduled_statuses/{id}": {"scheduled_at": "2030-01-01T00:00:00Z"},
        }
        if name in {"POST /api/v1/media", "POST /api/v2/media"}:
            return {"files": {"file": ("x.png", self.picture, "image/png")}}
        if name in FOR_THE_TEAM:
            return {"json": TEAM_BODY}
        return {"json": known[name]} if name in known else {}

    def actor(self, name: str) -> Any:
        """Who would do it."""
        if name == "POST /api/v1/accounts":
            return self.town.rostra.client(self.program.token)
        if name in FOR_THE_TEAM:
            return self.boss
        if "/follow_requests/" in name:
            return self.shy.client
        return self.ann.client


async def test_a_closed_write_gate_refuses_every_write_and_reads_go_on(town: Town) -> None:
    stage = await Stage(town).set_up()
    before = await _all_rows(town)
    town.services.write_gate.close("we are moving", 17)
    told = []
    for endpoint in writes():
        for method in endpoint.methods:
            path = fill(endpoint.path, stage.ids(endpoint.path), stage.post)
            client, body = stage.actor(endpoint.name), stage.body(endpoint.name)
            answer = await client.request(method, path, **body)
            if endpoint.name in READ_ONLY:
                assert answer.status_code == 200
            elif answer.status_code != 503:
                told.append((endpoint.name, answer.status_code, answer.text))
            else:
                assert answer.headers["retry-after"] == "17", endpoint.name
                assert "we are moving" in answer.json()["error"], endpoint.name
    assert told == []
    assert await _all_rows(town) == before
    for endpoint in reads():
        for path in paths(endpoint, [stage.post], {"hashtag": "x"}):
            answer = await stage.ann.client.get(path, params={"acct": "ann", "q": "ann"})
            assert answer.status_code < 500, (path, answer.text)
    town.services.write_gate.open()
    await town.post(stage.ann, "and on")


async def test_no_form_writes_behind_a_closed_gate(town: Town) -> None:
    stage = await Stage(town).set_up()
    browser = await town.browser(stage.ann)
    secret = cookies.Secret(browser.cookies["rostra_session"])
    fields = {"csrf_token": cookies.csrf_token(secret), "text": "more", "status": "more"}
    await town.settle()
    before = await _all_rows(town)
    town.services.write_gate.close("we are moving", 17)
    refused = 0
    for route in all_routes():
        if route.method == "POST":
            path = fill(route.path, stage.ids(f"/api/v1{route.path}"), stage.post)
            answer = await browser.post(path, data=fields)
            assert answer.status_code < 500 or answer.status_code == 503, (path, answer.text)
            refused += answer.status_code == 503
    assert refused >= 10
    assert await _all_rows(town) == before


async def test_looking_writes_nothing(town: Town) -> None:
    """Links are followed by scanners and prefetched by browsers: no GET changes a row.

    But for one: who opens the page of notifications has seen them.
    """
    stage = await Stage(town).set_up()
    browser = await town.browser(stage.ann)
    good(await stage.ann.client.get("/api/v1/timelines/home"))
    await browser.get("/home")
    await town.settle()
    before = await _all_rows(town)
    asked = 0
    for route in all_routes():
        if route.method == "GET":
            path = fill(route.path, stage.ids(f"/api/v1{route.path}"), stage.post)
            answer = await browser.get(path, params={"token": "x", "q": "ann"})
            assert answer.status_code < 500, (path, answer.text)
            asked += 1
    for endpoint in reads():
        for path in paths(endpoint, [stage.post], {"hashtag": "x"}):
            await stage.ann.client.get(path, params={"acct": "ann", "q": "ann"})
            asked += 1
    assert asked > 100
    await town.settle()
    after = await _all_rows(town)
    assert [marker[2] for marker in after.pop("markers")] == ["notifications"]
    assert before.pop("markers") == []
    assert after == before


async def _all_rows(town: Town) -> dict[str, list[Any]]:
    """The whole database. Who was seen today is written after the answers, before the gate."""
    async with town.db.read() as reader:
        return {
            table.name: sorted(await reader.all(query(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table.name != "schedules"
        }


async def test_a_home_that_sleeps_is_read_behind_a_closed_gate(town: Town) -> None:
    ann = await town.member("ann")
    await town.post(ann)
    async with town.db.write() as tx:
        await tx.run(query(update(users).values(home_built_at=-1)))
    async with town.db.write() as tx:
        await tx.run(query(metadata.tables["home"].delete()))
    town.services.write_gate.close("we are moving")
    assert good(await ann.client.get("/api/v1/timelines/home")) == []
    town.rostra.clock.advance(2 * DAY)  # a new day would be noted: without a word
    good(await ann.client.get("/api/v1/timelines/public"))
    town.services.write_gate.open()
    assert len(good(await ann.client.get("/api/v1/timelines/home"))) == 1


async def test_jobs_wait_behind_a_closed_write_gate(town: Town) -> None:
    ann = await town.member("ann")
    post_id = await town.post(ann)
    good(await ann.client.delete(f"/api/v1/statuses/{post_id}"))
    waiting = await town.count(jobs)
    assert waiting
    town.services.write_gate.close("we are moving")
    with pytest.raises(Unavailable):
        await town.rostra.work()
    assert await town.count(jobs) == waiting
    town.services.write_gate.open()
    town.rostra.clock.advance(10 * MINUTE)
    await town.rostra.work()
    assert (await town.count(jobs), await town.count(dead_jobs)) == (0, 0)


async def test_a_closed_egress_gate_holds_mail_until_it_opens(
    data_dir: Path, database_url: str
) -> None:
    _, egress = file_gates(data_dir)
    mailer = MemoryMailer(egress)
    async with running(data_dir, database_url, mailer) as rostra:
        town = Town(rostra)
        await town.member("ann")
        rostra.services.egress.close("a copy is mute")
        async with rostra.db.write() as tx:
            await request_reset(rostra.services, tx, "ann@members.example")
        for _ in range(30):  # longer than any number of tries
            await rostra.work()
            rostra.clock.advance(10 * MINUTE)
        assert mailer.sent == []
        assert (await town.count(jobs), await town.count(dead_jobs)) == (1, 0)
        rostra.services.egress.open()
        rostra.clock.advance(10 * MINUTE)
        await rostra.work()
        assert [mail.to for mail in mailer.sent] == ["ann@members.example"]
        assert await town.count(jobs) == 0


@pytest.mark.parametrize("gate", ["write", "egress"])
async def test_a_closed_gate_is_closed_after_a_restart(
    data_dir: Path, database_url: str, gate: str
) -> None:
    async with running(data_dir, database_url) as rostra:
        services = rostra.services
        (services.write_gate if gate == "write" else services.egress).close("fenced off")
    async with running(data_dir, database_url) as rostra:
        services = rostra.services
        closing = (services.write_gate if gate == "write" else services.egress).closing()
        assert closing is not None
        assert closing.reason == "fenced off"
