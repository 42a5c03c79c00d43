"""Joining by the page as the operators allow it: by approval, by invitation, not at all."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.harness.app import InProcess, running
from tests.harness.browser import Browser
from tests.web.conftest import Streets

from rostra.network.accounts.access import any_by_username
from rostra.network.credentials.join import let_in
from rostra.network.instance import settings as place_settings
from rostra.network.instance.invites import create_invite
from rostra.outside.mail import NoMailer

PASSWORD = "a long password of mine"
MONTH = 30 * 86_400_000


@pytest.fixture
async def rostra(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A place that sends no mail, so that nobody has to confirm anything."""
    async with running(data_dir, database_url, NoMailer()) as server:
        yield server


async def change(streets: Streets, **values: object) -> None:
    services = streets.rostra.services
    async with services.db.write() as tx:
        await place_settings.change(services, tx, values)


async def invitation(streets: Streets, *, uses: int = 1) -> str:
    services = streets.rostra.services
    async with services.db.write() as tx:
        return await create_invite(
            services, tx, owner_id=0, max_uses=uses, expires_at=services.clock.now() + MONTH
        )


async def join(streets: Streets, name: str, path: str = "/join", **fields: str) -> Browser:
    """Somebody who fills in the form."""
    browser = streets.visitor()
    await browser.open(path)
    given = {"username": name, "password": PASSWORD, "agreement": "1", **fields}
    await browser.send("/join", **given)
    return browser


async def test_who_applies_waits_until_they_are_let_in(streets: Streets) -> None:
    await change(streets, registrations="approval", approval_message="We meet on Mondays.")
    browser = streets.visitor()
    await browser.open("/join")
    assert "Apply to join" in browser.text
    silent = await join(streets, "ada")
    assert silent.page.status_code == 422
    assert "can&#39;t be blank" in silent.text
    assert silent.form("/join").fields["username"] == "ada"
    ada = await join(streets, "ada", reason="I like the harbour.")
    assert ada.page.status_code == 403
    assert "We meet on Mondays." in ada.text
    for path in ("/compose", "/settings/profile", "/notifications"):
        assert (await ada.open(path)).status_code == 403
        assert "We meet on Mondays." in ada.text
    assert (await streets.visitor().open("/@ada")).status_code == 404
    services = streets.rostra.services
    async with services.db.write() as tx:
        account = await any_by_username(tx, "ada")
        assert account
        await let_in(services, tx, account.id)
    assert (await ada.open("/compose")).status_code == 200
    assert (await streets.visitor().open("/@ada")).status_code == 200


async def test_an_invitation_stands_for_approval(streets: Streets) -> None:
    await change(streets, registrations="approval")
    code = await invitation(streets)
    ada = await join(streets, "ada", f"/join?invite={code}")
    assert ada.path == "/home"
    assert ada.page.status_code == 200


async def test_only_who_is_invited_joins(streets: Streets) -> None:
    await change(streets, registrations="invite")
    code = await invitation(streets)
    assert (await join(streets, "ada")).page.status_code == 422
    wrong = await join(streets, "ada", invite_code="AAAA-BBBB-CCCC")
    assert wrong.page.status_code == 422
    assert "not valid any more" in wrong.text
    assert wrong.form("/join").fields["invite_code"] == "AAAA-BBBB-CCCC"
    assert (await join(streets, "ada", invite_code=code)).path == "/home"
    late = await join(streets, "bea", f"/join?invite={code}", invite_code=code)
    assert late.page.status_code == 422
    assert "not valid any more" in late.text


async def test_a_link_that_has_ended_says_so_before_the_form_is_filled_in(
    streets: Streets,
) -> None:
    await change(streets, registrations="invite")
    browser = streets.visitor()
    await browser.open("/join?invite=AAAABBBBCCCC")
    assert "This invitation is not valid any more." in browser.text
    assert "has invited you" not in browser.text
    assert browser.form("/join").fields["invite_code"] == "AAAABBBBCCCC"


async def test_nobody_joins_where_it_is_closed(streets: Streets) -> None:
    open_form = streets.visitor()
    await open_form.open("/join")
    await change(streets, registrations="closed", closed_message="Come back in May.")
    browser = streets.visitor()
    assert (await browser.open("/join")).status_code == 403
    assert "Come back in May." in browser.text
    assert not [form for form in browser.forms() if form.attributes.get("action") == "/join"]
    # a form from before they closed, and an invitation, change nothing
    code = await invitation(streets)
    await open_form.send(
        "/join", username="ada", password=PASSWORD, agreement="1", invite_code=code
    )
    assert open_form.page.status_code == 403
    assert "Come back in May." in open_form.text
    assert (await streets.visitor().open("/@ada")).status_code == 404


async def test_where_there_is_an_age_it_is_asked_for_and_not_kept(streets: Streets) -> None:
    await change(streets, minimum_age=16)
    blank = await join(streets, "ada")
    assert blank.page.status_code == 422
    young = await join(streets, "ada", date_of_birth="2015-03-04")
    assert young.page.status_code == 422
    assert "below the age limit" in young.text
    assert (await join(streets, "ada", date_of_birth="1990-12-31")).path == "/home"
    assert await streets.town.anywhere("1990") == []


async def test_what_is_wrong_stands_beside_its_field(streets: Streets) -> None:
    await join(streets, "ada")
    for fields, words in (
        ({"username": "ADA"}, "has already been taken"),
        ({"username": "a_da"}, "looks too much like the name of somebody else"),
        ({"username": "admin"}, "is reserved"),
        ({"password": "short"}, "is too short"),
        ({"email": "nonsense"}, "is invalid"),
        ({"agreement": ""}, "must be accepted"),
    ):
        browser = await join(streets, "bea", **fields)
        assert browser.page.status_code == 422, fields
        assert words in browser.text, fields
        assert PASSWORD not in browser.text
    assert (await streets.visitor().open("/@bea")).status_code == 404
