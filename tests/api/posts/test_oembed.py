"""Posts in frames of other pages: what everybody may see, without script, form or cookie."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest
from tests.harness.app import running
from tests.harness.crowd import Town, good

from rostra.network.accounts.removal import remove_account
from rostra.network.credentials.ending import end_everything

OEMBED = "/api/oembed"


@pytest.fixture
async def town(data_dir: Path, database_url: str) -> AsyncIterator[Town]:
    async with running(data_dir, database_url) as rostra:
        yield Town(rostra)


def base(town: Town) -> str:
    return town.services.settings.site.base_url


async def asked(town: Town, url: str, client: Any = None, **params: Any) -> httpx2.Response:
    answer: httpx2.Response = await (client or town.anybody).get(
        OEMBED, params={"url": url, **params}
    )
    return answer


async def page(town: Town, path: str, client: Any = None) -> httpx2.Response:
    answer: httpx2.Response = await (client or town.anybody).get(path)
    return answer


async def test_a_post_is_shown_elsewhere(town: Town) -> None:
    ann = await town.member("ann")
    good(await ann.client.patch("/api/v1/profile", json={"display_name": 'A "<b>'}))
    post = await town.post(ann, "Hello <script>alert(1)</script> out there")
    url = f"{base(town)}/@ann/{post}"
    found = good(await asked(town, url))
    assert {name: found[name] for name in ("type", "version", "author_name", "author_url")} == {
        "type": "rich",
        "version": "1.0",
        "author_name": 'A "<b>',
        "author_url": f"{base(town)}/@ann",
    }
    assert (found["provider_url"], found["width"]) == (f"{base(town)}/", 550)
    assert f'src="{url}/embed"' in found["html"]
    assert "<b>" not in found["html"]
    assert "allow-scripts" not in found["html"]
    for other in (f"{base(town)}/users/ann/statuses/{post}", f"{url}/embed", f"{url}?x=1#y"):
        assert good(await asked(town, other)) == found
    shown = await page(town, f"/@ann/{post}/embed")
    assert shown.status_code == 200
    assert "Hello &lt;script&gt;" in shown.text
    thread = await page(town, f"/@ann/{post}")
    (link,) = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"',
                         thread.text)  # fmt: skip
    assert good(await town.anybody.get(link.removeprefix(base(town)))) == found
    (other,) = re.findall(r'<link rel="alternate" type="text/xml\+oembed" href="([^"]+)"',
                          thread.text)  # fmt: skip
    answer = await town.anybody.get(unescape(other).removeprefix(base(town)))
    assert from_xml(answer) == {name: str(value) for name, value in found.items()}


def from_xml(answer: httpx2.Response) -> dict[str, str]:
    """The values of an answer in XML, read by a parser that knows no mercy."""
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314 (our own answer)
    assert root.tag == "oembed"
    assert not any(len(each) or each.attrib for each in root)
    return {each.tag: each.text or "" for each in root}


@pytest.mark.parametrize(
    "name",
    ["]]><x/>", "&amp; &#0; \"'", "<!DOCTYPE a>", "日本 \U0001f9ff", "<?x?>", "a\ufffe\u0085b"],
)
async def test_xml_holds_whatever_somebody_is_called(town: Town, name: str) -> None:
    ann = await town.member("ann")
    good(await ann.client.patch("/api/v1/profile", json={"display_name": name}))
    url = f"{base(town)}/@ann/{await town.post(ann, 'Hello')}"
    found = good(await asked(town, url, maxwidth=300))
    shown = from_xml(await asked(town, url, maxwidth=300, format="xml"))
    assert shown == {key: str(value).replace("\ufffe", "") for key, value in found.items()}
    assert shown["width"] == "300"
    assert shown["html"].startswith("<iframe src=")


async def test_no_other_format_is_known(town: Town) -> None:
    ann = await town.member("ann")
    url = f"{base(town)}/@ann/{await town.post(ann, 'Hello')}"
    private = f"{base(town)}/@ann/{await town.post(ann, 'Hello', visibility='private')}"
    answers = set()
    for odd in ("yaml", "XML", "json,xml", "x" * 3000, "501"):
        for each in (url, private, "https://elsewhere.example/"):
            answer = await asked(town, each, format=odd)
            answers.add((answer.status_code, answer.text))
    [(status, text)] = answers  # whether there is such a post is not told by the way
    assert (status, "ask for json or xml" in text) == (501, True)
    assert good(await asked(town, url, format="")) == good(await asked(town, url, format="json"))


async def test_only_this_page_may_be_framed(town: Town) -> None:
    ann = await town.member("ann")
    poll = {"options": ["tea", "milk"], "expires_in": 600}
    post = await town.post(ann, "Hello", poll=poll)
    browser = await town.browser(ann)
    for path in (f"/@ann/{post}/embed", "/@ann/1887436799999999999/embed"):
        for client in (town.anybody, browser):
            answer = await page(town, path, client)
            policy = answer.headers["content-security-policy"].split("; ")
            assert "frame-ancestors *" in policy
            assert "default-src 'none'" in policy
            assert "form-action 'none'" in policy
            assert not any(each.startswith("script-src") for each in policy)
            assert "x-frame-options" not in answer.headers
            assert "set-cookie" not in answer.headers
            assert answer.headers["cache-control"] == "private, no-store"
            for tag in ("<script", "<form", "<button", "<input", "csrf"):
                assert tag not in answer.text
    for path in (f"/@ann/{post}", f"/@ann/{post}/history", "/@ann", "/nothing", "/@ann/x/embed"):
        answer = await page(town, path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert ("x-frame-options" in answer.headers) == (not path.endswith("/embed"))


async def looks(town: Town, path: str, *clients: Any) -> list[tuple[int, str]]:
    """What each gets, without what is another each time."""
    changing = re.compile(r"[0-9a-f]{16,}")
    answers = [await page(town, path, client) for client in clients]
    return [(answer.status_code, changing.sub("", answer.text)) for answer in answers]


async def test_all_who_may_see_it_see_the_same(town: Town) -> None:
    ann, bob, carl = await town.members("ann", "bob", "carl")
    post = await town.post(ann, "needle")
    await town.act(bob, "bookmark", post)
    await town.mute(carl, ann)
    clients = (town.anybody, *[await town.browser(each) for each in (ann, bob, carl)])
    seen = await looks(town, f"/@ann/{post}/embed", *clients)
    assert len(set(seen)) == 1
    assert seen[0][0] == 200


async def test_for_members_whom_the_author_blocked_it_is_not_there(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    post = await town.post(ann, "needle")
    browser = await town.browser(bob)
    assert (await page(town, f"/@ann/{post}/embed", browser)).status_code == 200
    await town.block(ann, bob)
    blocked, anybody = await looks(town, f"/@ann/{post}/embed", browser, town.anybody)
    (missing,) = await looks(town, "/@ann/1887436799999999999/embed", browser)
    assert blocked == missing
    assert (blocked[0], anybody[0]) == (404, 200)


async def test_what_is_quoted_is_there_for_those_who_may_see_it(town: Town) -> None:
    ann, bob, carl, dora = await town.members("ann", "bob", "carl", "dora")
    quoted = await town.post(ann, "needle")
    post = await town.post(bob, "look", quoted_status_id=quoted)
    await town.block(ann, carl)
    await town.mute(dora, ann)
    path = f"/@bob/{post}/embed"
    shown = {
        each.name: (await page(town, path, await town.browser(each))).text
        for each in (ann, bob, carl, dora)
    }
    shown["anybody"] = (await page(town, path)).text
    assert all("look" in text for text in shown.values())
    for name in ("anybody", "ann", "bob"):
        assert "needle" in shown[name], name
        assert "<form" not in shown[name], name
    for name, words in (("carl", "not for everybody"), ("dora", "somebody you mute")):
        assert "needle" not in shown[name], name
        assert quoted not in shown[name], name
        assert words in shown[name], name
    good(await ann.client.post(f"/api/v1/statuses/{quoted}/quotes/{post}/revoke"))
    for client in (town.anybody, await town.browser(bob)):
        answer = await page(town, path, client)
        assert (answer.status_code, "needle" in answer.text) == (200, False)
        assert "taken out by its author" in answer.text


async def test_what_not_everybody_may_see_is_not_there(town: Town) -> None:
    ann, bob = await town.members("ann", "bob")
    await town.follow(bob, ann)
    posts = {
        each: await town.post(ann, f"needle {each} @bob", visibility=each)
        for each in ("public", "unlisted", "private", "direct")
    }
    gone = await town.post(ann, "needle gone")
    good(await ann.client.delete(f"/api/v1/statuses/{gone}"))
    waiting = await town.member("carl", waiting=True)
    reblog = good(await bob.client.post(f"/api/v1/statuses/{posts['public']}/reblog"))["id"]
    for each in ("public", "unlisted"):
        for form in ("json", "xml"):
            answer = await asked(town, f"{base(town)}/@ann/{posts[each]}", format=form)
            assert answer.status_code == 200
        assert (await page(town, f"/@ann/{posts[each]}/embed")).status_code == 200
    missing = ["1887436799999999999", posts["private"], posts["direct"], gone]
    named = [("ann", each) for each in missing]
    named += [("bob", reblog), ("bob", posts["public"]), (waiting.name, posts["public"])]
    answers, pages = set(), set()
    for name, post in named:
        for who in (town.anybody, ann.client, bob.client):
            for form in ("json", "xml"):
                answer = await asked(town, f"{base(town)}/@{name}/{post}", who, format=form)
                answers.add((answer.status_code, answer.text))
        for browser in (town.anybody, await town.browser(ann), await town.browser(bob)):
            shown = await page(town, f"/@{name}/{post}/embed", browser)
            pages.add((shown.status_code, shown.text))
    assert len(answers) == len(pages) == 1
    assert {status for status, _ in answers | pages} == {404}
    private = await page(town, f"/@ann/{posts['private']}", await town.browser(ann))
    assert private.status_code == 200
    assert "oembed" not in private.text


async def test_deleted_is_gone_at_once(town: Town) -> None:
    ann = await town.member("ann")
    post = await town.post(ann, "needle")
    other = await town.post(ann, "needle too")
    assert "needle" in (await page(town, f"/@ann/{post}/embed")).text
    good(await ann.client.delete(f"/api/v1/statuses/{post}"))
    async with town.db.write() as tx:
        await end_everything(tx, ann.id)
        await remove_account(town.services, tx, ann.id)
    for each in (post, other):
        answer = await page(town, f"/@ann/{each}/embed")
        assert (answer.status_code, "needle" in answer.text) == (404, False)
        for form in ("json", "xml"):
            again = await asked(town, f"{base(town)}/@ann/{each}", format=form)
            assert again.status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "https://elsewhere.example/@ann/{post}",
        "javascript:alert(1)",
        "http://[::1/@ann/{post}",
        "{base}.evil.example/@ann/{post}",
        "{base}/@ann/{post}/history",
        "{base}/@ann/99999999999999999999",
        "{base}/@ann/9999999999999999999",
        "{base}/@ann",
        "{base}/@ann/{post}%2e",
        "{base}@evil.example/@ann/{post}",
    ],
)
async def test_other_addresses_are_nothing(town: Town, url: str) -> None:
    ann = await town.member("ann")
    post = await town.post(ann, "Hello")
    answer = await asked(town, url.format(base=base(town), post=post))
    assert answer.status_code == (404 if url else 422)


async def test_the_room_that_there_is(town: Town) -> None:
    ann = await town.member("ann")
    url = f"{base(town)}/@ann/{await town.post(ann, 'word ' * 90)}"
    whole = good(await asked(town, url))
    narrow = good(await asked(town, url, maxwidth="300", maxheight="250", format="json"))
    assert (narrow["width"], narrow["height"]) == (300, 250)
    assert 'width="300" height="250"' in narrow["html"]
    assert 250 < whole["height"] <= 900
    for odd in ("-1", "0", "x", "99999999999999999999"):
        found = good(await asked(town, url, maxwidth=odd, maxheight=odd))
        assert 220 <= found["width"] <= 550
        assert 120 <= found["height"] <= 900
    assert (await asked(town, url + "?" + "x" * 3000)).status_code == 422


async def test_a_warning_stays_before_the_words(town: Town) -> None:
    ann = await town.member("ann")
    post = await town.post(ann, "the end", spoiler_text="Spoiler")
    shown = (await page(town, f"/@ann/{post}/embed")).text
    before, _, behind = shown.partition("</summary>")
    assert "Spoiler" in before
    assert "the end" not in before
    assert "the end" in behind
    found = good(await asked(town, f"{base(town)}/@ann/{post}"))
    assert "the end" not in str(found)


async def test_a_post_costs_few_statements(town: Town) -> None:
    ann = await town.member("ann")
    post = await town.post(ann, "Hello")
    for path in (f"/@ann/{post}/embed", f"{OEMBED}?url={base(town)}/@ann/{post}"):
        await page(town, path)
        with town.rostra.counted() as counted:
            assert (await page(town, path)).status_code == 200
        assert counted.statements <= 7
