"""New terms: members accept them on a page; apps go on, unless the operators say otherwise."""

import pytest
from tests.harness.crowd import good
from tests.harness.streams import Harbour
from tests.web.conftest import Streets

from rostra.kernel.clock import DAY
from rostra.network.accounts import access
from rostra.network.instance import settings as place_settings

ME = "/api/v1/accounts/verify_credentials"


async def publish(streets: Streets, text: str, *, days: int = 0, consent: bool = True) -> int:
    services = streets.rostra.services
    starts = services.clock.now() + days * DAY if days else 0
    streets.rostra.clock.advance(1000)
    async with services.db.write() as tx:
        return await place_settings.publish_terms(
            services, tx, text, changelog="About bees.", effective_at=starts, consent=consent
        )


async def accepted(streets: Streets, account_id: int) -> int:
    async with streets.rostra.db.read() as reader:
        return (await access.user(reader, account_id)).terms_version


async def test_a_member_reads_and_accepts_them_and_goes_on(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    first = await publish(streets, "Be kind to bees.")
    await browser.open("/notifications?tab=mentions")
    assert browser.path == "/terms/accept?next=%2Fnotifications%3Ftab%3Dmentions"
    assert "Be kind to bees." in browser.text
    assert "About bees." in browser.text
    await browser.send("/terms/accept")
    assert browser.path == "/notifications?tab=mentions"
    assert "You have accepted the terms." in browser.text
    assert await accepted(streets, ada.id) == first
    for path in ("/home", "/settings/profile"):
        assert (await browser.open(path)).status_code == 200
        assert browser.path == path
    assert (await browser.open("/terms/accept")).status_code == 200
    assert browser.path == "/home"  # nothing is to be accepted


async def test_who_does_not_agree_reads_public_pages_and_can_leave(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    form = browser.form("/compose").fields
    await publish(streets, "Be kind.")
    for path in ("/home", "/compose", "/settings/password", "/settings"):
        await browser.open(path)
        assert browser.path.startswith("/terms/accept"), path
    for path in ("/public", "/@ada", "/about/terms", "/settings/data", "/settings/account"):
        assert (await browser.open(path)).status_code == 200
        assert browser.path == path
    # what was being written when the terms came is not lost
    await browser.client.post("/compose", data={**form, "text": "Half a thought"})
    await browser.open("/@ada")
    assert "Half a thought" in browser.text


@pytest.mark.postgresql
async def test_they_bind_from_their_day_on_and_only_where_more_than_words_is_new(
    streets: Streets,
) -> None:
    ada, browser = await streets.member("ada")
    await publish(streets, "First.")
    await browser.open("/home")
    await browser.send("/terms/accept")
    await publish(streets, "First, corrected.", consent=False)
    later = await publish(streets, "Second.", days=7)
    await browser.open("/home")
    assert browser.path == "/home"
    streets.rostra.clock.advance(8 * DAY)
    await browser.open("/home")
    assert browser.path.startswith("/terms/accept")
    assert "Second." in browser.text
    old = browser.form("/terms/accept").fields["version"]
    assert old == str(later)
    newest = await publish(streets, "Third.")
    answer = await browser.send("/terms/accept")
    assert answer.status_code == 422
    assert "changed again" in browser.text
    assert "Third." in browser.text
    await browser.send("/terms/accept")
    assert await accepted(streets, ada.id) == newest


@pytest.mark.parametrize("version", ["", "x", "1", "99999999999999999999", "-1"])
async def test_a_version_that_was_not_shown_is_not_accepted(streets: Streets, version: str) -> None:
    ada, browser = await streets.member("ada")
    await publish(streets, "First.")
    await browser.open("/home")
    assert (await browser.send("/terms/accept", version=version)).status_code == 422
    assert await accepted(streets, ada.id) == 0


async def test_apps_go_on_unless_the_operators_stop_them(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await publish(streets, "First.")
    good(await ada.client.get(ME))
    await streets.town.post(ada, "from an app")
    services = streets.rostra.services
    async with services.db.write() as tx:
        await place_settings.change(services, tx, {"terms_for_apps": True})
    await streets.visitor().open("/about")  # the process has looked
    for path in (ME, "/api/v1/timelines/home"):
        answer = await ada.client.get(path)
        assert answer.status_code == 403
        assert answer.json()["error"].endswith("/terms/accept")
    answer = await ada.client.post("/api/v1/statuses", json={"status": "x"})
    assert answer.status_code == 403
    good(await ada.client.get("/api/v1/timelines/public"))
    await browser.open("/home")
    await browser.send("/terms/accept")
    good(await ada.client.get(ME))


async def test_streams_end_where_the_operators_stop_apps(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    harbour = await Harbour.of(streets.rostra)
    await publish(streets, "First.")
    services = streets.rostra.services
    async with harbour.socket(ada.token, stream="user") as socket:
        async with services.db.write() as tx:
            await place_settings.change(services, tx, {"terms_for_apps": True})
        await socket.ended()
        assert socket.closed_with is not None
        assert "accept them at" in socket.closed_with[1]
    answer = await harbour.ask("/api/v1/streaming/user", authorization=f"Bearer {ada.token}")
    assert answer.status == 403
    assert answer.error.endswith("/terms/accept")
    await browser.open("/home")
    await browser.send("/terms/accept")
    async with harbour.socket(ada.token, stream="user") as socket:
        await streets.town.post(ada, "heard again")
        assert (await socket.next())["event"] == "update"


async def test_new_members_have_accepted_what_they_were_shown(streets: Streets) -> None:
    version = await publish(streets, "First.")
    browser = streets.visitor()
    await browser.open("/join")
    assert browser.form("/join").fields["terms_version"] == str(version)
    await browser.send(
        "/join", username="ada", email="a@b.example", password="x" * 12, agreement="1"
    )
    async with streets.rostra.db.read() as reader:
        ada = await access.any_by_username(reader, "ada")
    assert ada
    assert await accepted(streets, ada.id) == version
