"""The open export: ActivityStreams that anybody can read, and nothing that the public may not."""

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import BigInteger, bindparam, update
from tests.harness.app import InProcess
from tests.harness.crowd import Town, good
from tests.hosting.takeout.exported import lived_in, silent

from rostra.hosting.takeout.open import OpenManifest, export_open
from rostra.hosting.takeout.pack import sink
from rostra.store.query import query
from rostra.store.tables.accounts import accounts

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTOR = "https?://[^/]+/users/[a-z]+"
_TYPES = {
    "actors": {"Person", "Service"},
    "notes": {"Create"},
    "announces": {"Announce"},
    "follows": {"Follow"},
    "likes": {"Like"},
}
_SUSPEND = query(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger()))
    .values(state=2)
)
Things = dict[str, list[dict[str, Any]]]


async def _opened(rostra: InProcess, to: Path, *, private: bool = False) -> Things:
    """Export, check what every export must be, and read it."""
    with sink(to) as (taken, spool):
        made = await export_open(rostra.services, taken, spool, silent, private=private)
    told = msgspec.json.decode((to / "manifest.json").read_bytes(), type=OpenManifest)
    assert told == made
    assert told.context[0] == "https://www.w3.org/ns/activitystreams"
    found: Things = {}
    for part in told.files:
        content = (to / part.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == part.sha256
        found[Path(part.path).stem] = lines = list(map(msgspec.json.decode, content.splitlines()))
        assert len(lines) == part.items
    assert set(found) == set(_TYPES)
    for name, lines in found.items():
        for line in lines:
            _is_activity(name, line)
    media = {path.name: path for path in (to / "media").rglob("*") if path.is_file()}
    assert len(media) == told.media
    for name, path in media.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == name
    for line in found["notes"]:
        for document in line["object"]["attachment"]:
            assert (to / document["url"]).is_file()
    return found


def _is_activity(name: str, line: dict[str, Any]) -> None:
    assert line["type"] in _TYPES[name]
    if name == "actors":
        assert re.fullmatch(ACTOR, line["id"])
        assert line["preferredUsername"]
        return
    assert re.fullmatch(ACTOR, line["actor"])
    assert line["object"]
    if name != "notes":
        assert isinstance(line["object"], str)
        return
    note = line["object"]
    assert note["type"] in {"Note", "Question"}
    assert note["attributedTo"] == line["actor"]
    assert note["id"].startswith(line["actor"])
    assert (line["to"], line["cc"]) == (note["to"], note["cc"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", note["published"])


def _texts(found: Things) -> set[str]:
    return {line["object"]["source"]["content"] for line in found["notes"]}


def _of(found: Things, name: str) -> set[tuple[str, str]]:
    return {(line["actor"].rpartition("/")[2], line["object"]) for line in found[name]}


async def test_what_is_public_is_in_it_and_nothing_else(
    rostra: InProcess, town: Town, tmp_path: Path
) -> None:
    await lived_in(town)
    found = await _opened(rostra, tmp_path / "open")
    assert {each["preferredUsername"] for each in found["actors"]} == {"alice", "bob", "carol"}
    assert _texts(found) == {"Edited zebrafish", "@alice an answer", "Which?"}
    everything = b"".join(path.read_bytes() for path in (tmp_path / "open").rglob("*.jsonl"))
    for secret in (b"for you alone", b"for those who follow", b"members.example", b"$argon2"):
        assert secret not in everything
    (edited,) = [each["object"] for each in found["notes"] if each["object"]["attachment"]]
    assert edited["updated"]
    assert edited["to"] == [PUBLIC]
    assert edited["attachment"][0]["name"] == "A \u2028 photo"
    (poll,) = [each["object"] for each in found["notes"] if each["object"]["type"] == "Question"]
    assert [each["name"] for each in poll["oneOf"]] == ["tea", 'c"o\\ffee']
    (answer,) = [each["object"] for each in found["notes"] if each["object"]["inReplyTo"]]
    assert answer["inReplyTo"] == edited["id"]
    assert _of(found, "likes") == {("bob", edited["id"])}
    assert _of(found, "announces") == {("bob", edited["id"])}
    assert {name for name, _ in _of(found, "follows")} == {"bob", "carol"}
    # Nothing is ever told of blocks, mutes, filters, lists and reports.
    assert b"Block" not in everything
    assert b"Flag" not in everything


async def test_what_is_private_only_where_it_is_asked_for(
    rostra: InProcess, town: Town, tmp_path: Path
) -> None:
    await lived_in(town)
    found = await _opened(rostra, tmp_path / "open", private=True)
    told = {each["object"]["source"]["content"]: each["object"] for each in found["notes"]}
    followers = told["for those who follow"]
    assert PUBLIC not in followers["to"] + followers["cc"]
    assert followers["to"][0].endswith("/users/alice/followers")
    assert followers["summary"] == "careful"
    (to,) = told["@carol for you alone"]["to"]
    assert to.endswith("/users/carol")
    assert told["@carol for you alone"]["cc"] == []


async def test_who_hides_whom_they_follow_is_obeyed(
    rostra: InProcess, town: Town, tmp_path: Path
) -> None:
    _, bob, _ = await lived_in(town)
    change = {"hide_collections": True}
    good(await bob.client.patch("/api/v1/accounts/update_credentials", json=change))
    found = await _opened(rostra, tmp_path / "open")
    assert {name for name, _ in _of(found, "follows")} == {"carol"}
    found = await _opened(rostra, tmp_path / "private", private=True)
    assert {name for name, _ in _of(found, "follows")} == {"bob", "carol"}


@pytest.mark.parametrize("private", [False, True])
async def test_who_is_suspended_is_not_in_it(
    rostra: InProcess, town: Town, tmp_path: Path, *, private: bool
) -> None:
    alice, *_ = await lived_in(town)
    async with town.db.write() as tx:
        await tx.run(_SUSPEND, account=alice.id)
    found = await _opened(rostra, tmp_path / "open", private=private)
    assert {each["preferredUsername"] for each in found["actors"]} == {"bob", "carol"}
    assert _texts(found) == {"@alice an answer"}
    assert not found["likes"]
    assert not found["announces"]
    assert not found["follows"]
