"""Announcements by plain forms."""

from tests.web.conftest import Streets

from rostra.network.announcements import keep
from rostra.network.announcements.model import Words


async def announce(streets: Streets, text: str) -> int:
    """Tell something to everybody."""
    services = streets.rostra.services
    streets.rostra.clock.advance(1)
    async with services.db.write() as tx:
        now = services.clock.now()
        return await keep.create(services, tx, Words(text), publish_at=now)


async def test_read_and_dismissed(streets: Streets) -> None:
    _, ada = await streets.member("ada")
    _, bob = await streets.member("bob")
    assert "Nothing is announced" in (await ada.open("/announcements")).text
    first = await announce(streets, "The <b>harbour</b> is closed.")
    await announce(streets, "The second one.")
    assert "&lt;b&gt;harbour" in (await ada.open("/home")).text
    await ada.send(f"/announcements/{first}/dismiss")
    assert ada.path == "/home"
    assert "harbour" not in ada.text
    assert "The second one." in ada.text
    assert "harbour" in (await ada.open("/announcements")).text
    assert "harbour" in (await bob.open("/home")).text
    assert "harbour" not in (await bob.open(f"/home?max_id={first}")).text
    visitor = streets.visitor()
    await visitor.open("/announcements")
    assert visitor.path.startswith("/sign-in")


async def test_reactions(streets: Streets) -> None:
    _, ada = await streets.member("ada")
    made = await announce(streets, "Words.")
    await ada.open("/announcements")
    await ada.send(f"/announcements/{made}/react")  # the first of those that are offered
    assert ada.path == f"/announcements#a{made}"
    assert 'value="👍" aria-pressed="true"' in ada.text
    await ada.send(f"/announcements/{made}/react", name="nonsense")
    assert ada.page.status_code == 422
    assert "This is not a recognized emoji." in ada.text
    for _ in range(2):  # the second time nothing is left to take back
        await ada.open("/announcements")
        form = ada.form(f"/announcements/{made}/react").fields
        answer = await ada.client.post(
            f"/announcements/{made}/unreact", data={**form, "name": "👍"}, follow_redirects=True
        )
        assert answer.status_code == 200
        assert 'value="👍" aria-pressed' not in answer.text
    await ada.open("/announcements")
    form = ada.form(f"/announcements/{made}/react").fields
    gone = await ada.client.post("/announcements/1/react", data={**form, "name": "👍"})
    assert gone.status_code == 404


async def test_what_it_costs(streets: Streets) -> None:
    _, ada = await streets.member("ada")
    spent = []
    for _ in range(2):
        for _ in range(3):
            await announce(streets, "@ada speaks")
        await ada.open("/announcements")
        with streets.rostra.counted() as counted:
            await ada.open("/announcements")
        spent.append(counted.statements)
    assert spent[0] == spent[1]
