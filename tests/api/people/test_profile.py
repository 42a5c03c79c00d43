"""One's own profile: every way clients change it, and what others then see."""

from typing import Any

import pytest
from tests.harness.app import InProcess
from tests.harness.people import Member, join
from tests.pictures import photo

from rostra.network.accounts import access

URL = "/api/v1/accounts/update_credentials"


def picture() -> bytes:
    return bytes(photo(120, 80).pngsave_buffer(keep="none"))


async def shown(server: InProcess, member: Member) -> dict[str, Any]:
    answer = await server.client().get(f"/api/v1/accounts/{member.id}")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def blob_keys(server: InProcess) -> set[str]:
    return {found.key async for found in server.services.blobs.list()}


async def test_words_and_flags(rostra: InProcess) -> None:
    alice, bob = await join(rostra, "alice"), await join(rostra, "bob")
    answer = await alice.client.patch(
        URL,
        data={
            "display_name": " Alice\u202e  W. ",
            "note": "I know @bob and @nobody, see https://example.org/x #knitting <b>",
            "locked": "true",
            "bot": "1",
            "discoverable": "on",
            "indexable": "true",
            "hide_collections": "true",
            "source[privacy]": "unlisted",
            "source[sensitive]": "true",
            "source[language]": "de",
        },
    )
    assert answer.status_code == 200, answer.text
    mine = answer.json()
    assert mine["display_name"] == "Alice W."
    assert mine["source"] == mine["source"] | {
        "privacy": "unlisted", "sensitive": True, "language": "de", "discoverable": True,
        "indexable": True, "hide_collections": True,
    }  # fmt: skip
    assert mine["source"]["note"].startswith("I know @bob")
    theirs = await shown(rostra, alice)
    assert (theirs["locked"], theirs["bot"], theirs["noindex"]) == (True, True, False)
    base = rostra.services.settings.site.base_url
    assert f'href="{base}/@bob"' in theirs["note"]
    assert "@nobody," in theirs["note"]
    assert "&lt;b&gt;" in theirs["note"]
    assert "source" not in theirs
    assert bob.id


async def test_what_is_not_sent_stays(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    await alice.client.patch(URL, json={"display_name": "Alice", "note": "Hello", "locked": True})
    await alice.client.patch(URL, json={"note": ""})
    theirs = await shown(rostra, alice)
    assert (theirs["display_name"], theirs["note"], theirs["locked"]) == ("Alice", "", True)


@pytest.mark.parametrize(
    "sent",
    [
        {"json": {"fields_attributes": [{"name": "Web", "value": "https://example.org"}]}},
        {"json": {"fields_attributes": {"0": {"name": "Web", "value": "https://example.org"}}}},
        {
            "data": {
                "fields_attributes[0][name]": "Web",
                "fields_attributes[0][value]": "https://example.org",
                "fields_attributes[1][name]": "",
                "fields_attributes[1][value]": "",
            }
        },
    ],
)
async def test_lines_of_the_profile(rostra: InProcess, sent: dict[str, Any]) -> None:
    alice = await join(rostra, "alice")
    mine = (await alice.client.patch(URL, **sent)).json()
    assert mine["source"]["fields"] == [
        {"name": "Web", "value": "https://example.org", "verified_at": None}
    ]
    (line,) = (await shown(rostra, alice))["fields"]
    assert 'rel="nofollow noopener me"' in line["value"] or "me" in line["value"]
    cleared = await alice.client.patch(URL, json={"fields_attributes": []})
    assert cleared.json()["source"]["fields"] == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"display_name": "x" * 31}, "display_name"),
        ({"note": "x" * 501}, "note"),
        ({"fields_attributes": [{"name": "x" * 256, "value": ""}]}, "fields"),
        ({"fields_attributes": [{"name": f"{n}", "value": "y"} for n in range(5)]}, "fields"),
        ({"fields_attributes": [{"name": "", "value": "y"}]}, "fields"),
        ({"source": {"privacy": "everybody"}}, "privacy"),
        ({"source": {"language": "xx"}}, "language"),
    ],
)
async def test_what_is_too_much_changes_nothing(
    rostra: InProcess, sent: dict[str, Any], field: str
) -> None:
    alice = await join(rostra, "alice")
    before = await shown(rostra, alice)
    answer = await alice.client.patch(URL, json={"locked": True} | sent)
    assert (answer.status_code, list(answer.json()["details"])) == (422, [field])
    assert await shown(rostra, alice) == before


async def test_pictures_come_and_go(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    files = {
        "avatar": ("me.png", picture(), "image/png"),
        "header": ("sky.png", picture(), "image/png"),
    }
    sent = {"avatar_description": "A cat"}
    mine = (await alice.client.patch(URL, files=files, data=sent)).json()
    assert mine["avatar"] != mine["header"]
    assert mine["avatar_description"] == "A cat"
    first = await blob_keys(rostra)
    assert len(first) == 2
    await alice.client.patch(URL, files={"avatar": ("me.png", picture(), "image/png")})
    await rostra.work()
    second = await blob_keys(rostra)
    assert (len(second), len(first & second)) == (2, 1)
    profile = (await alice.client.get("/api/v1/profile")).json()
    assert (profile["avatar"] is None, profile["avatar_description"]) == (False, "")
    for kind in ("avatar", "header"):
        answer = await alice.client.delete(f"/api/v1/profile/{kind}")
        assert answer.status_code == 200
    await rostra.work()
    assert await blob_keys(rostra) == set()
    assert (await alice.client.get("/api/v1/profile")).json()["header"] is None


async def test_a_refused_change_leaves_no_picture(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    files = {"avatar": ("me.png", picture(), "image/png")}
    answer = await alice.client.patch(URL, files=files, data={"note": "x" * 501})
    assert answer.status_code == 422
    bad = {"avatar": ("me.png", b"<svg/>", "image/png")}
    answer = await alice.client.patch(URL, files=bad)
    assert (answer.status_code, list(answer.json()["details"])) == (422, ["avatar"])
    assert await blob_keys(rostra) == set()


async def test_put_and_patch_are_one(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    for name in ("One", "Two"):
        method = alice.client.put if name == "One" else alice.client.patch
        answer = await method("/api/v1/profile", json={"display_name": name})
        assert answer.json()["display_name"] == name
        assert (await shown(rostra, alice))["display_name"] == name


async def test_preferences(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    await alice.client.patch(URL, json={"source": {"privacy": "private"}})
    assert (await alice.client.get("/api/v1/preferences")).json() == {
        "posting:default:visibility": "private",
        "posting:default:sensitive": False,
        "posting:default:language": None,
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": False,
        "reading:autoplay:gifs": False,
    }


async def test_markers(rostra: InProcess) -> None:
    alice, bob = await join(rostra, "alice"), await join(rostra, "bob")
    url = "/api/v1/markers"
    moved = await alice.client.post(url, data={"home[last_read_id]": "103194548672408537"})
    assert moved.json()["home"]["version"] == 1
    both = {"home": {"last_read_id": "2"}, "notifications": {"last_read_id": "3"}}
    moved = await alice.client.post(url, json=both)
    assert moved.json()["home"]["version"] == 2
    asked = {"timeline[]": ["home", "notifications", "other"]}
    known = (await alice.client.get(url, params=asked)).json()
    assert {name: marker["last_read_id"] for name, marker in known.items()} == {
        "home": "2", "notifications": "3",
    }  # fmt: skip
    assert known["home"]["updated_at"].endswith("Z")
    assert (await bob.client.get(url, params=asked)).json() == {}


@pytest.mark.postgresql
async def test_accounts_by_id_by_name_and_in_the_directory(rostra: InProcess) -> None:
    alice, bob = await join(rostra, "alice"), await join(rostra, "bob")
    stranger = rostra.client()
    several = await stranger.get("/api/v1/accounts", params={"id[]": [bob.id, "1", alice.id]})
    assert [each["id"] for each in several.json()] == [bob.id, alice.id]
    domain = rostra.services.settings.domain
    for acct in ("alice", "@ALICE", f"alice@{domain}"):
        found = await stranger.get("/api/v1/accounts/lookup", params={"acct": acct})
        assert found.json()["id"] == alice.id
    for acct in ("", "nobody", "alice@elsewhere.example", "a b"):
        missing = await stranger.get("/api/v1/accounts/lookup", params={"acct": acct})
        assert (missing.status_code, missing.json()) == (404, {"error": "Record not found"})
    assert (await stranger.get("/api/v1/directory")).json() == []
    await alice.client.patch(URL, json={"discoverable": True})
    listed = (await stranger.get("/api/v1/directory", params={"order": "new"})).json()
    assert [each["id"] for each in listed] == [alice.id]


async def test_lists_of_accounts_cost_the_same_for_many(rostra: InProcess) -> None:
    people = [await join(rostra, name) for name in ("alice", "bob", "carol")]
    stranger = rostra.client()
    for member in people:
        await member.client.patch(URL, json={"discoverable": True})
    counts = []
    for limit, forget in ((1, True), (3, True), (3, False)):
        if forget:
            rostra.services.fragments.clear()
        with rostra.counted() as counted:
            answer = await stranger.get("/api/v1/directory", params={"limit": limit})
        assert len(answer.json()) == limit
        counts.append(counted.statements)
    assert counts == [3, 3, 2]  # the directory, who may be seen, and the cards of those not cached


async def test_an_account_that_waits_does_not_exist(rostra: InProcess) -> None:
    async with rostra.db.read() as reader:
        assert await access.by_ids(reader, 0, []) == {}
    for account_id in ("1", "0", "abc", "9" * 19, "9" * 40):
        missing = await rostra.client().get(f"/api/v1/accounts/{account_id}")
        assert (missing.status_code, missing.json()) == (404, {"error": "Record not found"})
