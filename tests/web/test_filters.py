"""Filters by plain forms: made, changed, removed; single posts filed under them."""

from tests.harness.browser import Browser
from tests.web.conftest import Streets

HERE = "/settings/filters"


async def made(browser: Browser, **fields: str) -> None:
    """Make a filter."""
    await browser.open(f"{HERE}/new")
    await browser.send(f"{HERE}/new", None, **{"title": "Noise", "new_0": "drum", **fields})


async def test_make_change_and_remove(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    assert "You have no filters" in (await browser.open(HERE)).text
    await made(browser, new_1="brass <b>band</b>", expires_in="86400", action="hide")
    assert browser.path == HERE
    for words in ("Your filter is made.", "Noise", "“drum”", "&lt;b&gt;band", "until ", "Hide"):
        assert words in browser.text
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    assert kept["context"] == ["home", "notifications", "public", "thread", "account"]
    assert [each["whole_word"] for each in kept["keywords"]] == [True, True]
    path, (drum, brass) = f"{HERE}/{kept['id']}", [each["id"] for each in kept["keywords"]]
    await browser.open(path)
    form = browser.form(path).fields
    del form["context_public"], form[f"whole_keyword_{brass}"]
    form |= {f"keyword_{drum}": " ", "new_0": "fife", "title": "Music"}
    await browser.client.post(path, data=form)
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    assert (kept["title"], kept["filter_action"]) == ("Music", "hide")
    assert kept["context"] == ["home", "notifications", "thread", "account"]
    assert kept["expires_at"] is not None
    found = {each["keyword"]: each["whole_word"] for each in kept["keywords"]}
    assert found == {"brass <b>band</b>": False, "fife": True}
    await browser.open(path)
    await browser.send(path, None, expires_in="")
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    assert kept["expires_at"] is None
    await browser.open(HERE)
    await browser.send(f"{path}/remove")
    assert "The filter is removed." in browser.text
    assert (await browser.open(path)).status_code == 404


async def test_what_is_wrong_is_said(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await made(browser, title=" ", new_0="x" * 600)
    assert browser.page.status_code == 422
    assert "can&#39;t be blank" in browser.text
    assert f'value="{"x" * 600}"' in browser.text
    await made(browser, expires_in="soon")
    assert browser.page.status_code == 422
    await made(browser, action="burn")
    assert browser.page.status_code == 422
    await browser.open(f"{HERE}/new")
    form = browser.form(f"{HERE}/new").fields
    bare = {name: value for name, value in form.items() if not name.startswith("context_")}
    answer = await browser.client.post(f"{HERE}/new", data={**bare, "title": "Nowhere"})
    assert answer.status_code == 422
    assert "Choose at least one." in answer.text
    await made(browser)
    _, other = await streets.member("bob")
    await browser.open(HERE)
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    path = f"{HERE}/{kept['id']}"
    await browser.open(path)
    await browser.send(path, None, title="")
    assert browser.page.status_code == 422
    assert (await other.open(path)).status_code == 404
    await made(other)
    token = other.form("/sign-out").fields["csrf_token"]
    for where in (path, f"{path}/remove", f"{path}/posts/1/remove"):
        answer = await other.client.post(where, data={"csrf_token": token, "title": "mine"})
        assert answer.status_code == 404


async def test_single_posts(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, _ = await streets.member("bob")
    await streets.town.follow(ada, bob)
    post = await streets.town.post(bob, "About trains")
    secret = await streets.town.post(bob, "Not for you", visibility="direct")
    page = f"/posts/{post}/filter"
    assert "You have no filters" in (await browser.open(page)).text
    assert (await browser.open(f"/posts/{secret}/filter")).status_code == 404
    await made(browser)
    await browser.open(page)
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    await browser.send(page, None, **{"filters[]": kept["id"]})
    assert "checked" in browser.text
    await browser.open("/home")
    assert "Noise" in browser.text
    await browser.open(f"{HERE}/{kept['id']}")
    assert "About trains" in browser.text
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    entry = kept["statuses"][0]["id"]
    await browser.send(f"{HERE}/{kept['id']}/posts/{entry}/remove")
    assert "About trains" not in browser.text
    await browser.open(page)
    await browser.send(page, None, **{"filters[]": kept["id"]})
    form = {"csrf_token": browser.form(page).fields["csrf_token"]}
    await browser.client.post(page, data=form)
    [kept] = (await ada.client.get("/api/v2/filters")).json()
    assert kept["statuses"] == []


async def test_what_the_list_costs(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    spent = []
    for _ in range(2):
        for _ in range(2):
            await made(browser)
        with streets.rostra.counted() as counted:
            await browser.open(HERE)
        spent.append(counted.statements)
    assert spent[0] == spent[1]
