"""Everybody signs in anew: browsers, apps, letters and devices, and nothing else is lost."""

from tests.harness.app import InProcess
from tests.harness.crowd import Town

from rostra.network.credentials.everybody import SignedOut, sign_everybody_out
from rostra.network.push import keys as push_keys
from rostra.store.tables.accounts import users
from rostra.store.tables.credentials import email_tokens, oauth_tokens, sessions
from rostra.store.tables.push import push_keys as push_key_table
from rostra.store.tables.push import push_subscriptions

_SUBSCRIPTION = {
    "endpoint": "https://push.example/1",
    "point": b"p",
    "auth": b"a",
    "standard": 1,
    "created_at": 1,
}


async def test_nobody_is_signed_in_any_more(rostra: InProcess, town: Town) -> None:
    ada, ben = await town.members("ada", "ben")
    browser = await town.browser(ada)
    assert (await browser.get("/settings/profile")).status_code == 200
    letter = {"purpose": "reset", "email": "x@members.example", "expires_at": 1 << 50}
    await town.rows(email_tokens, [letter | {"token_hash": b"h", "account_id": ben.id}])
    async with rostra.db.write() as tx:
        ended = await sign_everybody_out(tx)
    assert ended == SignedOut(sessions=1, tokens=2, codes=0, letters=1)
    for who in (ada, ben):
        assert (await who.client.get("/api/v1/timelines/home")).status_code == 401
    assert [await town.count(table) for table in (sessions, oauth_tokens, email_tokens)] == [0] * 3
    assert await town.count(users) == 2


async def test_devices_subscribe_to_another_key(rostra: InProcess, town: Town) -> None:
    ada = await town.member("ada")
    assert await push_keys.public_key(rostra.services)
    subscribed = [_SUBSCRIPTION | {"token_id": one, "account_id": ada.id} for one in (1, 2)]
    await town.rows(push_subscriptions, subscribed)
    async with rostra.db.write() as tx:
        assert await push_keys.forget(tx) == 2
    assert await town.count(push_key_table) == 0
    assert await town.count(push_subscriptions) == 0
