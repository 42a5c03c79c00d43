"""What operators do on pages; for anybody else these pages do not exist."""

import pytest
from tests.harness.app import InProcess
from tests.harness.browser import Browser
from tests.harness.crowd import Member
from tests.harness.people import register, sign_up_form
from tests.web.conftest import Streets

from rostra.network.accounts.access import any_by_username
from rostra.network.accounts.admission import confirm_address
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.credentials.model import Role
from rostra.network.instance import invites, settings
from rostra.network.instance.invites import redeem_invite
from rostra.web.routes import all_routes

HERE = "/operate"
PATHS = ("/operate", "/operate/applications", "/operate/invites", "/operate/announcements")


async def staff(streets: Streets, role: Role = Role.ADMIN) -> tuple[Member, Browser]:
    """Somebody who is trusted."""
    member = await streets.town.member(f"staff{int(role)}", role=role)
    return member, await streets.signed_in(member.id)


async def apply(rostra: InProcess, name: str, reason: str = "I like the harbour.") -> None:
    """Somebody applies."""
    async with rostra.db.write() as tx:
        await settings.change(rostra.services, tx, {"registrations": "approval"})
    client = rostra.client((await register(rostra)).token)
    rostra.clock.advance(1)
    answer = await client.post("/api/v1/accounts", json=sign_up_form(name, reason=reason))
    assert answer.status_code == 200
    async with rostra.db.write() as tx:
        account = await any_by_username(tx, name)
        assert account is not None
        await confirm_address(rostra.services, tx, account.id, f"{name}@example.org")


async def come(streets: Streets, name: str, code: str) -> Browser:
    """Somebody comes by an invitation."""
    services = streets.rostra.services
    async with services.db.write() as tx:
        invite = await redeem_invite(services, tx, code)
        seat = Seat(username=name, email="", password_hash="", invite_id=invite.id)
        account_id = await seat_member(services, tx, seat)
    return await streets.signed_in(account_id)


async def test_nobody_else_knows_of_them(streets: Streets) -> None:
    _, member = await streets.member("ada")
    gone = (await member.open("/lists/123")).text.partition("<main")[2]
    await member.open("/home")
    token = member.form("/sign-out").fields["csrf_token"]
    for route in all_routes():
        if not route.path.startswith(HERE):
            continue
        path = route.path.replace("{id}", "123")
        if route.method == "GET":
            answer = await member.open(path)
        else:
            answer = await member.client.post(path, data={"csrf_token": token, "text": "x"})
        assert answer.status_code == 404, path
        shown = answer.text.partition("<main")[2]
        assert shown.partition("</main")[0] == gone.partition("</main")[0]
    assert HERE not in (await member.open("/home")).text
    visitor = streets.visitor()
    await visitor.open(HERE)
    assert visitor.path.startswith("/sign-in")


@pytest.mark.postgresql
async def test_what_moderators_may(streets: Streets) -> None:
    _, moderator = await staff(streets, Role.MODERATOR)
    await moderator.open("/home")
    assert 'href="/operate"' in moderator.text
    found = [(await moderator.open(path)).status_code for path in PATHS]
    assert found == [200, 200, 404, 404]
    _, admin = await staff(streets, Role.ADMIN)
    assert [(await admin.open(path)).status_code for path in PATHS] == [200] * 4


async def test_let_in_and_turn_away(streets: Streets) -> None:
    _, admin = await staff(streets)
    page = "/operate/applications"
    assert "Nobody waits" in (await admin.open(page)).text
    for name in ("bob", "eve"):
        await apply(streets.rostra, name, f"I am <b>{name}</b>.")
    await admin.open(page)
    assert admin.text.index("&lt;b&gt;eve") < admin.text.index("&lt;b&gt;bob")
    assert "They get a letter, in their language." in admin.text
    (eve, bob) = [
        form.attributes["action"].split("/")[3]
        for form in admin.forms()
        if form.attributes.get("action", "").endswith("/approve")
    ]
    await admin.send(f"{page}/{bob}/approve")
    assert "They are let in." in admin.text
    assert "&lt;b&gt;bob" not in admin.text
    assert (await streets.visitor().open("/@bob")).status_code == 200
    await admin.send(f"{page}/{eve}/reject", None, note="x" * 3000)
    assert admin.page.status_code == 422
    assert "too long" in admin.text
    await admin.send(f"{page}/{eve}/reject", None, note="Sorry.")
    assert "They are turned away." in admin.text
    assert "Nobody waits" in admin.text
    token = admin.form("/sign-out").fields["csrf_token"]
    late = await admin.client.post(
        f"{page}/{bob}/reject", data={"csrf_token": token}, follow_redirects=True
    )
    assert "This member was approved already" in late.text
    for verb in ("approve", "reject"):
        answer = await admin.client.post(f"{page}/{eve}/{verb}", data={"csrf_token": token})
        assert answer.status_code == 404


async def test_they_come_in_parts(streets: Streets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rostra.web.pages.operate._BATCH", 2)
    _, admin = await staff(streets)
    spent = []
    await admin.open("/operate/applications")
    for name in ("bob", "eve", "ida"):
        await apply(streets.rostra, name)
        with streets.rostra.counted() as counted:
            await admin.open("/operate/applications")
        spent.append(counted.statements)
    assert len(set(spent)) == 1
    assert "@bob" not in admin.text
    older = admin.text.partition('href="/operate/applications?below=')[2].partition('"')[0]
    assert "@bob" in (await admin.open(f"/operate/applications?below={older}")).text


@pytest.mark.postgresql
async def test_invitations_and_who_came(streets: Streets) -> None:
    _, admin = await staff(streets)
    ada, browser = await streets.member("ada")
    services = streets.rostra.services
    assert "There are no invitations" in (await admin.open("/operate/invites")).text
    async with services.db.write() as tx:
        code = await invites.create_invite(services, tx, owner_id=ada.id, max_uses=2)
        await invites.create_invite(services, tx, owner_id=0)
    await come(streets, "guest", code)
    for page in (admin, browser):
        await page.open("/operate/invites" if page is admin else "/settings/invites")
        assert "@guest" in page.text
        assert "Used 1 of 2 times" in page.text
    await admin.open("/operate/invites")
    assert 'By <a href="/@ada">' in admin.text
    assert "By the place" in admin.text
    async with services.db.write() as tx:
        used = await redeem_invite(services, tx, code)
    await browser.open("/settings/invites")
    assert "Have ended" in browser.text
    assert "@guest" in browser.text
    assert "Has ended" in (await admin.open("/operate/invites")).text
    token = admin.form("/sign-out").fields["csrf_token"]
    await admin.client.post(f"/operate/invites/{used.id}/end", data={"csrf_token": token})
    assert "Revoked" in (await admin.open("/operate/invites")).text
    answer = await admin.client.post(f"/operate/invites/{used.id}/end", data={"csrf_token": token})
    assert answer.status_code == 404


async def test_who_came_and_blocks_is_not_named(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    services = streets.rostra.services
    async with services.db.write() as tx:
        code = await invites.create_invite(services, tx, owner_id=ada.id)
    joined = await come(streets, "guest", code)
    assert "@guest" in (await browser.open("/settings/invites")).text
    await joined.open("/@ada")
    await joined.send(f"/accounts/{ada.id}/block")
    assert "@guest" not in (await browser.open("/settings/invites")).text


async def test_announcements(streets: Streets) -> None:
    _, admin = await staff(streets)
    _, member = await streets.member("ada")
    page = "/operate/announcements"
    await admin.open(page)
    await admin.send(page, None, text="The <b>harbour</b> is closed", ends="2030-01-01T10:00")
    assert "It is announced." in admin.text
    assert "&lt;b&gt;harbour" in (await member.open("/home")).text
    made = admin.text.partition('id="a1')[2].partition('"')[0]
    one = f"{page}/1{made}"
    await admin.send(one, None, text="It is open again", starts="2029-01-01T10:00")
    assert "The announcement is changed." in admin.text
    assert "open again" in (await member.open("/home")).text
    await admin.send(one, None, text="Never", starts="2031-01-01T10:00")
    assert admin.page.status_code == 422
    assert "comes before it starts" in admin.text.lower()
    await admin.open(page)
    await admin.send(f"{one}/withdraw")
    assert "open again" not in (await member.open("/home")).text
    await admin.send(f"{one}/publish")
    assert "open again" in (await member.open("/home")).text
    await admin.send(f"{one}/remove")
    assert "Nothing has been announced yet" in admin.text
    await admin.send(page, None, text="A draft", draft="1")
    assert "Draft" in admin.text
    for wrong in ({"text": " "}, {"at": "soon"}, {"starts": "soon"}):
        await admin.send(page, None, **({"text": "Words"} | wrong))
        assert admin.page.status_code == 422
    await admin.open(page)
    streets.rostra.clock.advance(1)
    await admin.send(page, None, text="Over", ends="2020-01-01T10:00", draft="1")
    over = admin.text.partition('id="a1')[2].partition('"')[0]
    await admin.send(f"{page}/1{over}/publish")
    assert "comes when it is over already" in admin.text
