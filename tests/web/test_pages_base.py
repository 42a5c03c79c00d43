"""What holds for every page: CSRF, cookies, headers, static files, errors as pages."""

import re
from pathlib import Path

from tests.harness.app import InProcess, running
from tests.harness.browser import Browser
from tests.web.conftest import Streets

from rostra.network.accounts.sign_up import Seat, seat_member


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


async def test_hostile_requests_are_answered(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    paths = (
        "/@%00",
        "/@" + "a" * 900,
        "/@ada@",
        "/@ada@elsewhere.example",
        "/@<script>",
        "/@ada/-1",
        "/@ada/99999999999999999999999",
        "/tags/%F0%9F%98%80",
        "/tags/" + "x" * 500,
        "/public?max_id=garbage&min_id=-5",
        "/public?max_id=9&min_id=3",
        "/search?q=" + "%22" * 800,
        "/search?q=%25_*&kind=nonsense&offset=-3",
        "/search?q=x&offset=99999999999999999",
        "/search?q=https://elsewhere.example/@x",
        "/search?q=@ada@testserver",
        "/compose?reply_to=1",
        "/compose?text=" + "z" * 9000,
        "/@ada/followers?max_id=1",
        "/posts/1/edit",
        "/posts/x/delete",
    )
    for path in paths:
        answer = await browser.client.get(path)
        assert answer.status_code < 500, path
        assert "<script>alert" not in answer.text


async def test_broken_forms_are_refused(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    token = browser.form("/compose").fields["csrf_token"]
    kind = {"content-type": "multipart/form-data; boundary=x"}
    for body in (b"--x", b"", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--"):
        answer = await browser.client.post("/compose", content=body, headers=kind)
        assert answer.status_code in {400, 403}, body
        assert "<!doctype html>" in answer.text
    for fields in ({"visibility": "everybody"}, {"in_reply_to_id": "1"}, {"language": "klingon!"}):
        data = {"csrf_token": token, "text": "Words", **fields}
        answer = await browser.client.post("/compose", data=data)
        assert answer.status_code in {404, 422}, fields


async def test_who_waits_is_told_so(streets: Streets) -> None:
    services = streets.rostra.services
    seat = Seat(username="eve", email="eve@members.example", password_hash="", confirmed=False)
    async with services.db.write() as tx:
        account_id = await seat_member(services, tx, seat)
    browser = await streets.signed_in(account_id)
    answer = await browser.open("/home")
    assert answer.status_code == 403
    assert "Check your mail" in answer.text
    assert (await browser.open("/public")).status_code == 200


async def test_a_lost_member_keeps_their_navigation(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/home")
    answer = await browser.open("/no-such-page")
    assert answer.status_code == 404
    assert "Your menu" in answer.text
    assert "Your menu" not in (await streets.visitor().open("/no-such-page")).text


async def test_an_ended_session_is_a_visitor(streets: Streets) -> None:
    answer = await streets.visitor().sign_in_with("not-a-session").client.get("/home")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("/sign-in?next=%2Fhome")


async def test_too_many_pages(data_dir: Path, sqlite_url: str) -> None:
    async with (
        running(data_dir, sqlite_url, ROSTRA_LIMITS__SCALE="0.001") as server,
        server.client() as client,
    ):
        answers = [await client.get("/about") for _ in range(4)]
    assert answers[-1].status_code == 429
    assert "retry-after" in answers[-1].headers
    assert "A little slower, please" in answers[-1].text
