"""What holds for every page: CSRF, cookies, headers, static files, errors as pages."""

import re

from tests.harness.app import InProcess
from tests.harness.browser import Browser


async def test_an_unknown_path_is_a_page(rostra: InProcess) -> None:
    async with rostra.client() as client:
        answer = await client.get("/no-such-page")
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"


async def test_the_api_keeps_its_own_errors(rostra: InProcess) -> None:
    async with rostra.client() as client:
        answer = await client.get("/api/v1/no_such_thing")
    assert answer.json() == {"error": "Record not found"}


async def test_static_files_are_there(rostra: InProcess) -> None:
    async with rostra.client() as client:
        page = await client.get("/no-such-page")
        for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert "immutable" in answer.headers["cache-control"]
        for path in ("/static/avatar.png", "/static/header.png", "/favicon.ico"):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert answer.headers["content-type"] == "image/png"
        assert (await client.get("/static/none.png")).status_code == 404


async def test_a_form_needs_the_token_of_its_browser(rostra: InProcess) -> None:
    async with Browser(rostra) as browser, Browser(rostra) as other:
        refused = await browser.client.post("/theme", data={"theme": "dark"})
        assert refused.status_code == 403
        token = re.findall(r'name="csrf_token" value="([^"]+)"', refused.text)[0]
        body = {"theme": "dark", "csrf_token": token, "next": "/public"}
        assert (await other.client.post("/theme", data=body)).status_code == 403
        taken = await browser.client.post("/theme", data=body)
        assert taken.status_code == 303
        assert taken.headers["location"].endswith("/public")
        assert browser.client.cookies["rostra_theme"] == "dark"


async def test_a_form_of_another_site_is_refused(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        first = await browser.client.post("/theme", data={})
        token = re.findall(r'name="csrf_token" value="([^"]+)"', first.text)[0]
        body = {"theme": "dark", "csrf_token": token}
        for header in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            answer = await browser.client.post("/theme", data=body, headers=header)
            assert answer.status_code == 403, header


async def test_a_redirect_stays_here(rostra: InProcess) -> None:
    async with Browser(rostra) as browser:
        first = await browser.client.post("/theme", data={})
        token = re.findall(r'name="csrf_token" value="([^"]+)"', first.text)[0]
        for target in (
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "javascript:1",
        ):
            body = {"theme": "", "csrf_token": token, "next": target}
            answer = await browser.client.post("/theme", data=body)
            assert answer.headers["location"] == f"{browser.base}/", target
