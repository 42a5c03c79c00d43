"""The inbox by plain forms."""

from tests.web.conftest import Streets


async def test_the_inbox(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    bob, other = await streets.member("bob")
    await browser.open("/messages")
    assert "No messages" in browser.text
    await streets.town.post(bob, "@ada psst", visibility="direct")
    await browser.open("/messages")
    assert "psst" in browser.text
    assert "Mark as read" in browser.text
    path = browser.text.split('formaction="/messages/')[1].split("/")[0]
    await other.open("/messages")
    assert "psst" in other.text
    await browser.send(f"/messages/{path}/read")
    assert "Mark as unread" in browser.text
    token = other.forms()[0].fields["csrf_token"]
    answer = await other.client.post(f"/messages/{path}/remove", data={"csrf_token": token})
    assert answer.status_code == 404
    await browser.send(f"/messages/{path}/unread")
    await browser.send(f"/messages/{path}/remove")
    assert "psst" not in browser.text
