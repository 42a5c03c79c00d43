"""Whatever ends somebody's access ends it at once, on every endpoint."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import BigInteger, bindparam, update
from tests.harness.crowd import EVERYTHING, Member, Town, good
from tests.law.surfaces import everything, where

from rostra.api.endpoint import Auth
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.network.accounts.admission import set_disabled
from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.changing import change_password
from rostra.network.credentials.ending import revoke_app
from rostra.store.query import query
from rostra.store.tables.accounts import accounts

SUSPEND = query(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger()))
    .values(state=2, version=accounts.c.version + 1)
)
APP = {"client_name": "An app", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": EVERYTHING}
App = dict[str, str]


async def _revoke(town: Town, ann: Member, app: App) -> None:
    body = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    good(await town.anybody.post("/oauth/revoke", data={**body, "token": ann.token}))


async def _change_password(town: Town, ann: Member, _app: App) -> None:
    async with town.db.write() as tx:
        await change_password(tx, ann.id, "$argon2id$other")


async def _remove_app(town: Town, ann: Member, app: App) -> None:
    async with town.db.write() as tx:
        await revoke_app(tx, ann.id, int(app["id"]))


async def _suspend(town: Town, ann: Member, _app: App) -> None:
    async with town.db.write() as tx:
        await tx.run(SUSPEND, account=ann.id)


async def _disable(town: Town, ann: Member, _app: App) -> None:
    async with town.db.write() as tx:
        await set_disabled(town.services, tx, ann.id, disabled=True)


async def _remove_account(town: Town, ann: Member, _app: App) -> None:
    async with town.db.write() as tx:
        await remove_account(town.services, tx, ann.id)


Ending = Callable[[Town, Member, App], Awaitable[None]]
ENDINGS: tuple[tuple[Ending, int], ...] = (
    (_revoke, 401),
    (_change_password, 401),
    (_remove_app, 401),
    (_suspend, 403),
    (_disable, 403),
    (_remove_account, 401),
)


@pytest.mark.parametrize(("end", "status"), ENDINGS, ids=lambda each: getattr(each, "__name__", ""))
async def test_access_ends_at_once(town: Town, end: Ending, status: int) -> None:
    app = good(await town.anybody.post("/api/v1/apps", json=APP))
    seat, bob = await town.members("ann", "bob")
    token = await town.token(seat.id, EVERYTHING, app_id=int(app["id"]))
    ann = Member(seat.id, seat.name, token, town.rostra.client(token))
    await town.follow(ann, bob)
    hidden = await town.post(bob, "needle common", visibility="private")
    other = await town.token(bob.id, EVERYTHING, app_id=int(app["id"]))
    good(await ann.client.get(f"/api/v1/statuses/{hidden}"))
    await town.browser(ann)  # nobody gets a session any more afterwards
    await end(town, ann, app)
    for endpoint in all_endpoints():
        if endpoint.auth in {Auth.USER, Auth.USER_PENDING}:
            path = fill(endpoint.path, {}, hidden)
            answer = await ann.client.request(endpoint.methods[0], path)
            assert answer.status_code in {401, 403}, endpoint.name
            expected = {401, 403} if "disable" in end.__name__ else {status}
            assert answer.status_code in expected, endpoint.name
    if status == 403:
        words = {"name": "bob", "tag": "x", "word": "common"}
        found = await everything(town, ann, [hidden, str(bob.id)], words)
        assert where(found, "needle") == []
    else:
        good(await ann.client.get(f"/api/v1/statuses/{hidden}"), 401)
    good(await bob.client.get("/api/v1/accounts/verify_credentials"))
    good(await town.rostra.client(other).get("/api/v1/accounts/verify_credentials"))
