"""Lists by plain forms."""

from tests.web.conftest import Streets


async def test_a_list_by_forms(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    await streets.town.member("eve")
    await streets.town.follow(ada, bob)
    await streets.town.post(bob, "Hello from the list")
    await browser.open("/lists")
    assert "No lists yet" in browser.text
    assert (await browser.send("/lists", title=" ")).status_code == 422
    await browser.send("/lists", title="Harbour", replies_policy="none", exclusive="1")
    assert "Your list is made." in browser.text
    edit = browser.path
    members = edit.replace("/edit", "/members")
    for name in ("eve", "nobody", "not a name", "@@"):
        assert (await browser.send(members, acct=name)).status_code == 422
        assert "is not the name of somebody you follow" in browser.text
        assert browser.form(members).fields["acct"] == name
        await browser.open(edit)
    await browser.send(members, acct="@Bob")
    assert "They stand in the list now." in browser.text
    assert (await browser.send(members, acct="bob")).status_code == 422
    assert "already been taken" in browser.text
    await browser.open(edit.removesuffix("/edit"))
    assert "Hello from the list" in browser.text
    await browser.open("/home")
    assert "Hello from the list" not in browser.text
    await browser.open(edit)
    assert browser.form(edit).fields["exclusive"] == "1"
    assert (await browser.send(edit, title="")).status_code == 422
    await browser.send(edit, title="Quay", exclusive="")
    assert "Your list is saved." in browser.text
    assert "Quay" in browser.text
    await browser.open("/home")
    assert "Hello from the list" in browser.text
    await browser.open(edit)
    await browser.send(f"{members}/{bob.id}/remove")
    assert "Nobody stands in this list" in browser.text
    await browser.send(edit.replace("/edit", "/delete"))
    assert "The list is deleted." in browser.text
    assert "Quay" not in browser.text


async def test_the_lists_of_an_account(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    await streets.town.follow(ada, bob)
    path = f"/accounts/{bob.id}/lists"
    await browser.open("/@bob")
    assert path in browser.text
    await browser.open(path)
    assert "No lists yet" in browser.text
    await browser.open("/lists")
    await browser.send("/lists", title="Harbour")
    list_id = browser.path.split("/")[2]
    await browser.open(path)
    assert "lists[]" not in browser.form(path).fields
    await browser.send(path, **{"lists[]": list_id})
    assert browser.form(path).fields["lists[]"] == list_id
    data = {"csrf_token": browser.form(path).fields["csrf_token"]}
    await browser.client.post(path, data=data)
    await browser.open(path)
    assert "lists[]" not in browser.form(path).fields


async def test_lists_of_others_are_not_there(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    _, other = await streets.member("bob")
    await browser.open("/lists")
    await browser.send("/lists", title="Harbour")
    edit = browser.path
    for path in (edit, edit.removesuffix("/edit"), "/accounts/1234567890123456789/lists"):
        assert (await other.open(path)).status_code == 404
    visitor = streets.visitor()
    await visitor.open(edit)
    assert visitor.path.startswith("/sign-in")
