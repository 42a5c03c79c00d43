"""Passkeys, by a security key in software: made, named, used and removed; and what is refused."""

import json
from typing import Any

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.app import InProcess
from tests.harness.authenticator import Authenticator, encoded
from tests.harness.browser import Browser

from rostra.kernel.clock import HOUR, MINUTE
from rostra.network.accounts.access import any_by_username
from rostra.network.credentials import changing, passkeys
from rostra.network.credentials.letters import Sweep
from rostra.network.credentials.second_factor import begin_totp, confirm_totp
from rostra.outside.mail import MemoryMailer
from rostra.store.query import query_text

PASSWORD = "correct horse battery"
HERE = "/settings/passkeys"
REFUSED = "not known here"


async def joined(browser: Browser, name: str = "ann") -> None:
    await browser.open("/join")
    fields = {"username": name, "password": PASSWORD}
    await browser.send("/join", **fields, email=f"{name}@example.org", agreement="1")


async def confirmed(rostra: InProcess, name: str = "ann") -> int:
    statement = "UPDATE users SET confirmed_at = 1 WHERE confirmed_at = 0"
    async with rostra.db.write() as tx:
        await tx.run(query_text(sqlite=statement, postgresql=statement))
        await tx.run(query_text(sqlite=(s := "UPDATE accounts SET state = 0"), postgresql=s))
        account = await any_by_username(tx, name)
    assert account is not None
    return account.id


async def options(browser: Browser, action: str, path: str, **fields: Any) -> dict[str, Any]:
    """What the script of a form asks for."""
    form = {**browser.form(action).fields, **fields}
    answer = await browser.client.post(path, data=form)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def with_passkey(
    rostra: InProcess, browser: Browser, *, verifies: bool = True, name: str = "ann"
) -> Authenticator:
    """A member with a passkey, signed in with this browser."""
    await joined(browser, name)
    await confirmed(rostra, name)
    key = Authenticator(browser.base, verifies=verifies)
    await browser.open(HERE)
    given = await options(browser, HERE, f"{HERE}/begin", current_password=PASSWORD)
    await browser.send(HERE, name="My phone", credential=key.create(given))
    assert "The passkey is kept" in browser.text
    await rostra.work()
    assert isinstance(rostra.mailer, MemoryMailer)
    assert "A new passkey" in [mail.subject.partition(" - ")[0] for mail in rostra.mailer.sent]
    return key


async def asked(browser: Browser) -> dict[str, Any]:
    await browser.open("/sign-in?next=/bookmarks")
    return await options(browser, "/sign-in/passkey", "/sign-in/passkey/begin")


async def test_a_passkey_opens_the_account_without_a_password(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser)
        assert "My phone" in browser.text
    for _ in range(2):
        async with Browser(rostra) as browser:
            given = await asked(browser)
            assert given["userVerification"] == "required"
            assert given.get("allowCredentials", []) == []
            await browser.send("/sign-in/passkey", credential=key.get(given))
            assert browser.path == "/bookmarks"
            await browser.open(HERE)
            assert "last used" in browser.text


async def test_an_answer_works_once_soon_and_where_it_was_asked(rostra: InProcess) -> None:
    async with Browser(rostra) as browser, Browser(rostra) as other:
        key = await with_passkey(rostra, browser)
        await other.open("/sign-in")
        browser.client.cookies.clear()
        answer = key.get(await asked(browser))
        await other.send("/sign-in/passkey", credential=answer)
        assert REFUSED in other.text
        await browser.send("/sign-in/passkey", credential=answer)
        assert browser.path == "/bookmarks"
        browser.client.cookies.clear()
        await browser.open("/sign-in")
        await browser.send("/sign-in/passkey", credential=answer)
        assert REFUSED in browser.text
        late = key.get(await asked(browser))
        rostra.clock.advance(5 * MINUTE + 1)
        await browser.send("/sign-in/passkey", credential=late)
        assert REFUSED in browser.text
        assert "rostra_session" not in browser.client.cookies


async def test_a_wrong_answer_uses_the_challenge_up(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser)
        browser.client.cookies.clear()
        given = await asked(browser)
        await browser.send("/sign-in/passkey", credential=key.get(given, signature=encoded(b"x")))
        assert REFUSED in browser.text
        await browser.open("/sign-in")
        await browser.send("/sign-in/passkey", credential=key.get(given))
        assert REFUSED in browser.text


@pytest.mark.parametrize("fault", ["origin", "counter", "handle", "stranger", "unverified"])
async def test_what_is_refused(rostra: InProcess, fault: str) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser, verifies=fault != "unverified")
        browser.client.cookies.clear()
        if fault == "origin":
            key.origin = "https://elsewhere.example"
        elif fault == "counter":
            key.counter = 5
            await browser.send("/sign-in/passkey", credential=key.get(await asked(browser)))
            assert browser.path == "/bookmarks"
            browser.client.cookies.clear()
            key.counter = 3  # as of a copy that was made before
        elif fault == "handle":
            key.user_handle = bytes(8)
        elif fault == "stranger":
            key = Authenticator(browser.base)
        await browser.send("/sign-in/passkey", credential=key.get(await asked(browser)))
        assert REFUSED in browser.text
        assert "rostra_session" not in browser.client.cookies


async def second_step(rostra: InProcess, browser: Browser) -> None:
    """Switch codes on for ann, and give her password in a fresh browser."""
    account_id = await confirmed(rostra)
    async with rostra.db.write() as tx:
        begun = await begin_totp(rostra.services, tx, account_id)
    async with rostra.db.write() as tx:
        code = pyotp.TOTP(begun.secret).at(rostra.clock.now() // 1000)
        await confirm_totp(rostra.services, tx, account_id, code)
    browser.client.cookies.clear()
    await browser.open("/sign-in?next=/bookmarks")
    await browser.send("/sign-in", login="ann", password=PASSWORD)


async def test_a_passkey_stands_for_the_code(rostra: InProcess) -> None:
    """A key without a PIN may: the password was given before."""
    async with Browser(rostra) as browser, Browser(rostra) as strange:
        foreign = await with_passkey(rostra, strange, name="bob")
        key = await with_passkey(rostra, browser, verifies=False)
        await second_step(rostra, browser)
        action, path = "/sign-in/code/passkey", "/sign-in/code/begin"
        given = await options(browser, action, path)
        assert [each["id"] for each in given["allowCredentials"]] == [encoded(key.credential_id)]
        await browser.send(action, credential=foreign.get(given))
        assert browser.page.status_code == 401
        assert "rostra_session" not in browser.client.cookies
        given = await options(browser, action, path)
        await browser.send(action, credential=key.get(given))
        assert browser.path == "/bookmarks"


async def test_an_answer_for_the_step_opens_nothing_by_itself(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser)
        await second_step(rostra, browser)
        given = await options(browser, "/sign-in/code/passkey", "/sign-in/code/begin")
        await browser.open("/sign-in")
        await browser.send("/sign-in/passkey", credential=key.get(given))
        assert REFUSED in browser.text
        await browser.open("/sign-in")
        form = browser.form("/sign-in/passkey").fields
        browser.client.cookies.delete("rostra_step")
        answer = await browser.client.post("/sign-in/code/begin", data=form)
        assert answer.status_code == 401
        assert "error" in answer.json()


@pytest.mark.postgresql
async def test_names_and_removal(rostra: InProcess) -> None:
    async with Browser(rostra) as browser, Browser(rostra) as strange:
        key = await with_passkey(rostra, browser)
        await with_passkey(rostra, strange, name="bob")
        own = next(
            action.removesuffix("/name")
            for form in browser.forms()
            for action in form.actions("")
            if action.endswith("/name")
        )
        await browser.send(f"{own}/name", name="Red key")
        assert "Red key" in browser.text
        await browser.send(f"{own}/name", name="x" * 61)
        assert browser.page.status_code == 422
        form = strange.form(HERE).fields | {"current_password": PASSWORD, "name": "mine"}
        for verb in ("name", "remove"):
            answer = await strange.client.post(f"{own}/{verb}", data=form)
            assert answer.status_code == 404
        await browser.send(f"{own}/remove", current_password="wrong")
        assert browser.page.status_code == 422
        await browser.open(HERE)
        assert "Red key" in browser.text
        await browser.send(f"{own}/remove", current_password=PASSWORD)
        assert "Red key" not in browser.text
        browser.client.cookies.clear()
        await browser.send("/sign-in/passkey", credential=key.get(await asked(browser)))
        assert REFUSED in browser.text


async def test_what_is_needed_to_add_one(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser)
        form = browser.form(HERE).fields
        answer = await browser.client.post(f"{HERE}/begin", data=form | {"current_password": "no"})
        assert answer.status_code == 422
        assert answer.json() == {"error": "This is wrong."}
        answer = await browser.client.post(f"{HERE}/begin", data={"current_password": PASSWORD})
        assert answer.status_code == 403  # no CSRF token
        given = await options(browser, HERE, f"{HERE}/begin", current_password=PASSWORD)
        known = encoded(key.credential_id)
        assert [each["id"] for each in given["excludeCredentials"]] == [known]
        await browser.send(HERE, credential=key.create(given))
        assert "is known here already" in browser.text
        await browser.send(HERE, credential=key.create(given))
        assert REFUSED in browser.text  # the challenge is used up
        await browser.send(HERE, credential="{}")
        assert browser.page.status_code == 422


async def test_there_are_not_too_many(rostra: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passkeys, "MOST", 1)
    async with Browser(rostra) as browser:
        await with_passkey(rostra, browser)
        form = browser.form(HERE).fields | {"current_password": PASSWORD}
        answer = await browser.client.post(f"{HERE}/begin", data=form)
        assert answer.status_code == 422
        assert "remove one first" in answer.json()["error"]


async def test_a_reset_password_forgets_them_and_disabled_members_stay_out(
    rostra: InProcess,
) -> None:
    async with Browser(rostra) as browser:
        key = await with_passkey(rostra, browser)
        account_id = await confirmed(rostra)
        browser.client.cookies.clear()
        answer = key.get(await asked(browser))
        async with rostra.db.write() as tx:
            statement = "UPDATE users SET disabled_at = 1"
            await tx.run(query_text(sqlite=statement, postgresql=statement))
        await browser.send("/sign-in/passkey", credential=answer)
        assert "currently disabled" in browser.text
        async with rostra.db.write() as tx:
            statement = "UPDATE users SET disabled_at = 0"
            await tx.run(query_text(sqlite=statement, postgresql=statement))
            await changing.request_reset(rostra.services, tx, "ann@example.org")
        await rostra.work()
        assert isinstance(rostra.mailer, MemoryMailer)
        texts = " ".join(mail.text for mail in rostra.mailer.sent)
        token = texts.split("/reset?token=")[1].split()[0]
        async with rostra.db.write() as tx:
            await changing.reset_password(rostra.services, tx, token, "x")
        async with rostra.db.read() as reader:
            assert await passkeys.listed(reader, account_id) == []


async def test_old_challenges_are_swept(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        await asked(browser)
    count = query_text(sqlite=(s := "SELECT count(*) FROM passkey_challenges"), postgresql=s)
    async with rostra.db.read() as reader:
        assert await reader.value(count) == 1
    rostra.clock.advance(HOUR)
    async with rostra.db.write() as tx:
        await tx.enqueue("credentials.sweep", Sweep())
    await rostra.work()
    async with rostra.db.read() as reader:
        assert await reader.value(count) == 0


QUIETLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
_NAMES = ("clientDataJSON", "attestationObject", "signature", "userHandle")
_FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(_NAMES, _JSON))


@QUIETLY
@given(fields=_FIELDS, whole=_JSON)
async def test_made_up_answers_are_refused(rostra: InProcess, fields: Any, whole: Any) -> None:
    key = Authenticator(rostra.services.settings.site.base_url)
    async with Browser(rostra) as browser:
        given = await asked(browser)
        for made in (json.dumps(whole), key.get(given, **fields)):
            await browser.open("/sign-in")
            await browser.send("/sign-in/passkey", credential=made)
            assert browser.page.status_code == 200
            assert REFUSED in browser.text
