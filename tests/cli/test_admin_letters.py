"""`rostra admin letters`: a file or a maildir is read, letters are listed, answered, closed."""

import asyncio
import json
from pathlib import Path

from tests.cli.admin import Admin
from tests.harness.neighbours import place_of


async def post(data_dir: Path, database_url: str) -> str:
    """A post of ann's; its address."""
    async with place_of(data_dir, database_url) as place:
        made = await (await place.member("ann")).post("hello")
        return str(made["url"])


def letter(url: str, number: int) -> bytes:
    return (
        f"From: Abuse Team <abuse@host.example.org>\nSubject: [Ticket#{number}] complaint\n"
        f"Message-ID: <{number}@host.example.org>\n\n{url} number {number}, within 12 hours\n"
    ).encode()


def test_a_letter_is_read_listed_shown_and_closed(
    admin: Admin, data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    url = asyncio.run(post(data_dir, database_url))
    file = tmp_path / "letter.eml"
    file.write_bytes(letter(url, 1))

    assert "addresses: 1, due 20" in admin("letters", "read", str(file))
    assert "(has come before)" in admin("letters", "read", str(file))
    [line] = json.loads(admin("letters", "list", "--json"))
    assert (line["reference"], line["addresses"], line["sender"]) == ("[Ticket#1]", 1, "host")
    assert "[Ticket#1]" in admin("letters", "list")
    shown = admin("letters", "show", line["id"])
    assert f"{url}: found, case " in shown
    assert "Subject: Re: [Ticket#1] complaint" in shown
    assert "(not decided yet: 1)" in shown
    assert "Mail is not configured" in admin.refused("letters", "answer", line["id"])
    assert "was not answered" in admin.refused("letters", "close", line["id"])
    assert "is closed" in admin("letters", "close", line["id"], "--why", "answered by telephone")
    assert json.loads(admin("letters", "list", "--json")) == []
    assert len(json.loads(admin("letters", "list", "closed", "--json"))) == 1


def test_of_a_maildir_new_letters_are_read_once(
    admin: Admin, data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    url = asyncio.run(post(data_dir, database_url))
    box = tmp_path / "box"
    for folder in ("new", "cur", "tmp"):
        (box / folder).mkdir(parents=True)
    (box / "new" / "1.host").write_bytes(letter(url, 1))
    (box / "cur" / "2.host:2,").write_bytes(letter(url, 2))
    (box / "cur" / "3.host:2,S").write_bytes(letter(url, 3))
    (box / "new" / "4.host").write_bytes(b"")

    printed = admin("letters", "read", str(box))
    assert printed.endswith("2 read\n")
    assert "4.host: Validation failed: Letter can't be blank" in printed
    assert sorted(each.name for each in (box / "cur").iterdir()) == [
        "1.host:2,S",
        "2.host:2,S",
        "3.host:2,S",
    ]
    assert [each.name for each in (box / "new").iterdir()] == ["4.host"]
    assert admin("letters", "read", str(box)).endswith("0 read\n")
    assert len(json.loads(admin("letters", "list", "--json"))) == 2


def test_what_is_neither_is_refused(
    admin: Admin, data_dir: Path, database_url: str, tmp_path: Path
) -> None:
    asyncio.run(post(data_dir, database_url))

    assert "there is no" in admin.refused("letters", "read", str(tmp_path / "nothing"))
    assert "neither a file nor a maildir" in admin.refused("letters", "read", str(tmp_path))
    assert "Record not found" in admin.refused("letters", "show", "7")
