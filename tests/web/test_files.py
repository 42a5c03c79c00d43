"""Files to take along and to bring in, by plain forms."""

import csv
import io

import pytest
from tests.harness.crowd import good
from tests.web.conftest import Streets
from tests.web.files import HEADS, addresses, bring_in, lines, relation, send, table

from rostra.kernel.clock import DAY
from rostra.network.portability.jobs import SweepImports, sweep_imports
from rostra.store.tables.portability import import_chunks, imports


async def test_whom_one_follows_there_and_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, cat, dan = await streets.town.members("bob", "cat", "dan")
    await streets.town.follow(ada, bob)
    await streets.town.follow(ada, cat, reblogs=False, languages=["en", "de"])
    good(await ada.client.post(f"/api/v1/accounts/{dan.id}/follow", json={"notify": True}))
    at_bob, at_cat, at_dan = addresses(streets, bob, cat, dan)
    saved = await table(browser, "follows")
    assert sorted(saved) == [
        [at_bob, "true", "false", ""],
        [at_cat, "false", "false", "de, en"],
        [at_dan, "true", "true", ""],
    ]
    file = (await browser.client.get("/settings/data/follows.csv")).content
    for each in (bob, cat, dan):
        await streets.town.unfollow(ada, each)
    page = await bring_in(streets, browser, "follows", file)
    assert "3 new" in page
    assert sorted(await table(browser, "follows")) == sorted(saved)
    page = await bring_in(streets, browser, "follows", file)  # and nothing is done twice
    assert ("0 new" in page, "3 there already" in page) == (True, True)


async def test_blocks_and_mutes_there_and_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, cat = await streets.town.members("bob", "cat")
    await streets.town.block(ada, bob)
    good(
        await ada.client.post(
            f"/api/v1/accounts/{cat.id}/mute", json={"notifications": False, "duration": 7200}
        )
    )
    at_bob, at_cat = addresses(streets, bob, cat)
    assert await table(browser, "blocks") == [[at_bob]]
    assert await table(browser, "mutes") == [[at_cat, "false"]]
    page = await bring_in(streets, browser, "mutes", lines([at_cat, "true"], [at_bob, ""]))
    assert "1 new" in page
    known = await relation(ada, cat)
    assert known["muting_notifications"] is True
    assert known["muting_expires_at"] is not None  # its end stays
    assert (await relation(ada, bob))["muting_notifications"] is True
    page = await bring_in(streets, browser, "blocks", f"@{cat.name}\n{at_bob}\nada\n", "replace")
    assert "Account address is yourself" in page
    assert [(await relation(ada, each))["blocking"] for each in (bob, cat)] == [True, True]


async def test_lists_there_and_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob, cat, dan = await streets.town.members("bob", "cat", "dan")
    await streets.town.follow(ada, bob)
    await streets.town.follow(ada, cat)
    at_bob, at_cat, at_dan = addresses(streets, bob, cat, dan)
    given = lines(["=Crew", at_bob], ["=Crew", at_cat], ["Far", at_dan], ["=Crew", "ada"])
    page = await bring_in(streets, browser, "lists", given)
    assert "3 new" in page
    assert "bring in whom you follow first" in page
    text = (await browser.client.get("/settings/data/lists.csv")).text
    assert {line.split(",")[0] for line in text.splitlines()} == {"'=Crew"}  # runs nowhere
    (crew,) = good(await ada.client.get("/api/v1/lists"))
    assert crew["title"] == "=Crew"
    good(await ada.client.post("/api/v1/lists", json={"title": "Old"}))
    page = await bring_in(streets, browser, "lists", text + f'"Old",{at_bob}\n')
    assert ("1 new" in page, "3 there already" in page) == (True, True)
    page = await bring_in(streets, browser, "lists", lines(["=Crew", at_cat]), "replace")
    assert await table(browser, "lists") == [["'=Crew", at_cat]]
    assert [each["title"] for each in good(await ada.client.get("/api/v1/lists"))] == ["=Crew"]


async def test_bookmarks_there_and_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    first, second, hidden = [
        await streets.town.post(bob, "Words", visibility=visibility)
        for visibility in ("public", "unlisted", "private")
    ]
    await streets.town.act(ada, "bookmark", first)
    base = streets.rostra.services.settings.site.base_url
    uris = [f"{base}/users/bob/statuses/{post}" for post in (first, second, hidden)]
    assert await table(browser, "bookmarks") == [[uris[0]]]
    given = "\n".join(["#uri", *uris, f"{base}/@bob/{second}", "https://else.example/1", "x"])
    page = await bring_in(streets, browser, "bookmarks", given)
    assert ("1 new" in page, "2 there already" in page, "3 not done" in page) == (True,) * 3
    assert "#uri is no post that you can see" in page
    assert sorted(await table(browser, "bookmarks")) == sorted([[uris[0]], [uris[1]]])
    await bring_in(streets, browser, "bookmarks", uris[1], "replace")
    assert await table(browser, "bookmarks") == [[uris[1]]]


async def test_filters_there_and_back(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    words = [{"keyword": "=cmd", "whole_word": False}, {"keyword": "spoiler"}]
    body = {
        "title": "Films",
        "context": ["home", "public"],
        "filter_action": "hide",
        "keywords_attributes": words,
    }
    good(await ada.client.post("/api/v2/filters", json=body))
    good(await ada.client.post("/api/v2/filters", json={"title": "Bare", "context": ["thread"]}))
    saved = await table(browser, "filters")
    assert sorted(saved) == [
        ["Bare", "thread", "warn", "", "", ""],
        ["Films", "home, public", "hide", "", "'=cmd", "false"],
        ["Films", "home, public", "hide", "", "spoiler", "true"],
    ]
    file = (await browser.client.get("/settings/data/filters.csv")).content
    for each in good(await ada.client.get("/api/v2/filters")):
        good(await ada.client.delete(f"/api/v2/filters/{each['id']}"))
    assert "3 new" in await bring_in(streets, browser, "filters", file)
    assert sorted(await table(browser, "filters")) == sorted(saved)
    assert "3 there already" in await bring_in(streets, browser, "filters", file)
    less = 'Films,"home",blur,2031-01-31T12:00:00Z,spoiler,yes\nFilms,home,warn,2001-01-01,x,\n'
    page = await bring_in(streets, browser, "filters", less, "replace")
    assert "2 taken away" in page
    assert "Expires at is in the past" in page
    (left,) = good(await ada.client.get("/api/v2/filters"))
    assert (left["context"], left["filter_action"]) == (["home"], "blur")
    assert left["expires_at"] == "2031-01-31T12:00:00.000Z"
    assert [each["keyword"] for each in left["keywords"]] == ["spoiler"]


async def test_domains_are_told_as_not_done(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    assert await table(browser, "domain_blocks") == []
    page = await bring_in(streets, browser, "domain_blocks", "#domain\nbad.example\n-\n")
    assert "can&#39;t be blocked: this place speaks with no other" in page
    assert "#domain is no domain" in page


async def test_nothing_happens_before_the_yes(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    given = 'Account address,Show boosts\n@bob,true\n"no such, name",true\ncat,perhaps\n'
    assert await send(browser, "follows", given) == 200
    place = browser.path
    assert "bob, true" in browser.text
    assert "2 lines can't be read" in browser.text
    assert "Show boosts is neither true nor false" in browser.text
    assert 'value="4"' in browser.text  # the line
    await streets.rostra.work()
    assert (await relation(ada, bob))["following"] is False
    await browser.send(f"{place}/cancel")
    assert "It is cancelled." in browser.text
    assert "/confirm" not in browser.text
    token = {"csrf_token": browser.forms()[0].fields["csrf_token"]}
    answer = await browser.client.post(f"{place}/confirm", data=token, follow_redirects=True)
    assert "This import is over." in answer.text
    await streets.rostra.work()
    assert (await relation(ada, bob))["following"] is False


async def test_it_says_what_the_file_looks_like(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await send(browser, "follows", "Account address,Hide notifications\nbob,true\n")
    assert "whom you mute" in browser.text
    await send(browser, "mutes", "Account address,Hide notifications\nbob,true\n")
    assert "something else" not in browser.text


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("follows", b"", "Choose a file that is not empty."),
        ("follows", b"\n , \n", "The file holds no line."),
        ("follows", b"Account address\n", "no line beside the names of its columns"),
        ("follows", b"ann\n\xe4\xf6\n", "Line 2 is not UTF-8."),
        ("follows", b"ann\n\0\n", "Line 2 holds a NUL"),
        ("follows", b'ann\n"bob\n', "Line 2 begins a quote that is never closed."),
        ("lists", b"List name,Who\nx,y\n", "Line 1 names no column “Account address”."),
        ("follows", b"Show boosts\ntrue\n", "Line 1 names no column “Account address”."),
        ("follows", b"a\n" * 20_001, "The file has more than 20,00"),
        ("follows", b"a\n" * 1_000_000, "The file has more than 20,001 lines."),
        ("follows", b"a" * 4_999_000, "Line 1 holds a cell of more than 4096 characters."),
        ("follows", b"a" * 5_000_001, "The file is larger than 5 MB."),
        ("nonsense", b"ann\n", "Choose what the file holds."),
    ],
)
async def test_a_file_that_cannot_be_read(
    streets: Streets, kind: str, data: bytes, said: str
) -> None:
    _, browser = await streets.member("ada")
    assert await send(browser, kind, data) == 422
    assert said in browser.text
    assert await streets.town.count(imports) == 0


async def test_what_is_far_too_large_is_not_taken_in(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    assert await send(browser, "follows", b"a\n" * 4_500_000) == 413
    assert await streets.town.count(imports) == 0


async def test_one_of_a_kind_at_a_time(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await streets.town.member("bob")
    await send(browser, "follows", "bob\n")
    await send(browser, "follows", "bob\n")  # takes the place of what waits
    assert await streets.town.count(imports) == 1
    place = browser.path
    await browser.send(f"{place}/confirm")
    assert await send(browser, "follows", "bob\n") == 409
    assert "An import of this kind is at work." in browser.text
    assert await send(browser, "blocks", "bob\n") == 200
    await browser.open("/settings/import")
    assert "At work: 0 of 1 lines" in browser.text
    await streets.rostra.work()
    assert await send(browser, "follows", "bob\n") == 200
    assert (await browser.open(place)).status_code == 404


async def test_the_lines_that_failed_as_a_file(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await streets.town.member("bob")
    given = lines(["bob", "true"], *([f"none{number}", "true", "false"] for number in range(90)))
    page = await bring_in(streets, browser, "follows", given + '"=1+1",maybe\n')
    assert ("1 new" in page, "91 not done" in page) == (True, True)
    answer = await browser.client.get(f"{browser.path}/failures.csv")
    told = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert told[0] == [*HEADS["follows"], "Line", "Why"]
    assert len(told) == 92
    assert told[1] == ["none0", "true", "false", "", "2", "Account address is nobody here"]
    assert told[-1][0] == "'=1+1"
    await streets.town.member("none7")
    page = await bring_in(streets, browser, "follows", answer.content)
    assert "1 new" in page
    assert "following_accounts_failures.csv" in answer.headers["content-disposition"]
    assert ada.name not in answer.text


@pytest.mark.postgresql
async def test_what_is_over_is_forgotten(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await bring_in(streets, browser, "follows", "nobody\n")
    await send(browser, "blocks", "nobody\n")
    streets.rostra.clock.advance(2 * DAY)
    await sweep_imports(streets.rostra.services, SweepImports())
    assert await streets.town.count(imports) == 1
    streets.rostra.clock.advance(6 * DAY)
    await sweep_imports(streets.rostra.services, SweepImports())
    assert await streets.town.count(imports) == 0
    assert await streets.town.count(import_chunks) == 0
