"""`rostra admin`, on a database that no server has open; the last test beside a running one."""

import asyncio
import io
import re
import zipfile
from pathlib import Path

import apsw
import msgspec
import pytest
from tests import pictures
from tests.cli.admin import Admin
from tests.harness.app import InProcess, running

from rostra.cli.admin import app
from rostra.network.accounts import access
from rostra.network.accounts.sign_up import Seat, seat_member
from rostra.network.instance import invites


def test_the_first_operator(admin: Admin) -> None:
    said = admin("create", "boss", "--owner", "--email", "boss@example.org")
    assert "boss is here as owner" in said
    assert len(said.partition("password: ")[2].strip()) >= 12
    assert "owner" in admin("list", "--staff")
    assert "last owner" in admin.refused("role", "boss", "member")
    admin("create", "Admin", "--role", "admin")  # a name of the house, for the house
    assert "reserved" in admin.refused("create", "support")
    assert "has already been taken" in admin.refused("create", "BOSS")
    assert "e-mail" in admin.refused("create", "carol", "--email", "nonsense")
    admin("role", "Admin", "owner")
    admin("role", "boss@example.org", "moderator")


def test_a_password_that_is_typed_in(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    for typed, fine in (("short\n", False), ("correct horse battery\n", True)):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        if fine:
            assert "password" not in admin("create", "alice", "--ask")
        else:
            assert "too short" in admin.refused("create", "alice", "--ask")


def test_members_come_stay_and_go(admin: Admin) -> None:
    admin("create", "alice")
    assert "signed out everywhere" in admin("password", "alice")
    assert "cannot sign in" in admin("disable", "alice")
    assert "no sign-in" in admin("list")
    assert "can sign in" in admin("enable", "alice")
    assert "was let in before" in admin("approve", "alice")
    assert "approved already" in admin.refused("reject", "alice")
    admin("two-factor-off", "alice")
    admin("delete", "alice", "--yes")
    assert "there is no account 'alice'" in admin.refused("password", "alice")
    assert "reserved" in admin.refused("create", "a1ice")


def test_tokens(admin: Admin) -> None:
    admin("create", "alice")
    token = admin("token", "create", "alice", "--scope", "read write:statuses").strip()
    assert len(token) == 43
    assert "read write:statuses" in admin("token", "list", "alice")
    assert "scope that does not exist" in admin.refused("token", "create", "alice", "--scope", "x")
    admin("token", "revoke", "alice")
    assert "write:statuses" not in admin("token", "list", "alice")


def test_settings(admin: Admin, tmp_path: Path) -> None:
    admin("settings", "set", "registrations", "approval")
    assert admin("settings", "get", "registrations") == '"approval"\n'
    admin("settings", "set", "languages", "de, fr")
    assert admin("settings", "get", "languages") == '["de","fr"]\n'
    text = tmp_path / "privacy.txt"
    text.write_text("We keep little.")
    admin("settings", "set", "privacy_policy", f"@{text}")
    assert "We keep little." in admin("settings", "list")
    admin("settings", "reset", "registrations")
    assert admin("settings", "get", "registrations") == '"open"\n'
    for words in (
        ("set", "registrations", "never"),
        ("set", "colour", "blue"),
        ("get", "colour"),
        ("reset", "colour"),
        ("set", "privacy_policy", "@/nowhere/at/all"),
        ("set", "contact_email", "nonsense"),
        ("set", "title", "x" * 101),
    ):
        assert admin.refused("settings", *words)


def test_rules_and_terms(admin: Admin, tmp_path: Path) -> None:
    rule = admin("rules", "add", "Be kind", "--hint", "It is easy").split()[1]
    assert "Be kind" in admin("rules", "list")
    admin("rules", "harm", rule, "harassment")
    admin("rules", "harm", rule, "")
    assert "harassment" in admin.refused("rules", "harm", rule, "nonsense")
    admin("rules", "remove", rule)
    assert f"no rule {rule}" in admin.refused("rules", "remove", rule)
    assert f"no rule {rule}" in admin.refused("rules", "harm", rule, "spam")
    assert "blank" in admin.refused("rules", "add", " ")
    terms = tmp_path / "terms.txt"
    terms.write_text("Be kind.")
    assert "in force" in admin("terms", "publish", str(terms))
    admin("terms", "publish", str(terms), "--starting", "2050-01-01", "--editorial")
    listed = admin("terms", "list").splitlines()
    assert "later" in listed[1]
    assert "not asked" in listed[1]
    assert "in force" in listed[2]


def test_rules_in_their_order(admin: Admin) -> None:
    first, second = [admin("rules", "add", text).split()[1] for text in ("Be kind", "No spam")]
    admin("rules", "edit", first, "Be kind to all", "--hint", "It is easy")
    admin("rules", "move", second, "1")
    admin("rules", "translate", first, "de", "Sei nett")
    listed = [line.split()[:2] for line in admin("rules", "list").splitlines()[1:]]
    assert listed == [["1", second], ["2", first]]
    assert "  de  " in admin("rules", "list")
    assert "not a language" in admin.refused("rules", "translate", first, "xx", "x")
    assert "not found" in admin.refused("rules", "edit", "1", "x")


def test_the_picture_of_the_place(admin: Admin, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "quay.png"
    assert "can't be read" in admin.refused("picture", "set", str(file))
    file.write_bytes(bytes(pictures.photo(640, 360).pngsave_buffer(keep="none")))
    site = data_dir / "media" / "site"
    for _ in range(2):
        admin("picture", "set", str(file), "--description", "The quay")
        assert len([path for path in site.rglob("*") if path.is_file()]) == 2
    admin("picture", "remove")
    assert [path for path in site.rglob("*") if path.is_file()] == []


def test_invitations(admin: Admin) -> None:
    admin("create", "alice")
    address = admin("invite", "create", "--uses", "5", "--lasts", "12h", "--by", "alice")
    assert "/join?invite=" in address
    listed = admin("invite", "list")
    assert address.strip().rpartition("=")[2] in listed
    assert "0/5" in listed
    invite_id = listed.splitlines()[1].split()[0]
    admin("invite", "revoke", invite_id)
    assert "revoked" in admin("invite", "list")
    assert admin.refused("invite", "revoke", invite_id)
    assert "not a time" in admin.refused("invite", "create", "--lasts", "soon")
    admin("invite", "create", "--lasts", "")


async def test_who_came_by_an_invitation(admin: Admin, data_dir: Path, database_url: str) -> None:
    async with running(data_dir, database_url) as server:
        services = server.services
        async with server.db.write() as tx:
            owner = await seat_member(
                services, tx, Seat(username="alice", email="", password_hash="")
            )
            code = await invites.create_invite(services, tx, owner_id=owner, max_uses=9)
            invite = await invites.redeem_invite(services, tx, code)
            for at in range(7):
                server.clock.advance(1)
                seat = Seat(username=f"guest{at}", email="", password_hash="", invite_id=invite.id)
                await seat_member(services, tx, seat)
    await asyncio.to_thread(_looked_at, admin, invite.id)


def _looked_at(admin: Admin, invite_id: int) -> None:
    for words in (("list",), ("list", "--by", "alice")):
        listed = admin("invite", *words)
        assert " alice " in listed
        assert "and 2 more" in listed
    admin("create", "bob")
    assert len(admin("invite", "list", "--by", "bob").splitlines()) == 1
    shown = admin("invite", "show", str(invite_id))
    assert "by alice" in shown
    assert "open, used 1 of 9 times" in shown
    assert [line.split()[1] for line in shown.splitlines()[3:]] == [
        f"guest{at}" for at in reversed(range(7))
    ]
    admin("invite", "revoke", str(invite_id))
    assert "revoked" in admin("invite", "list")
    admin("delete", "alice", "--yes")
    assert len(admin("invite", "list").splitlines()) == 1
    assert admin.refused("invite", "show", str(invite_id))


def test_announcements(admin: Admin, tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("@alice opens the harbour.")
    made = admin("announcements", "add", "--file", str(words), "--ends", "2040-01-01").split()
    assert made[2:] == ["is", "shown"]
    later = admin("announcements", "add", "Later", "--at", "2041-01-01T12:00").split()[1]
    draft = admin("announcements", "add", "Draft", "--draft").split()[1]
    listed = admin("announcements", "list")
    states = [line.split()[1] for line in listed.splitlines()[1:]]
    assert states == ["draft", "later", "shown"]
    assert "2041-01-01 12:00" in listed
    assert "2040-01-01 00:00" in listed
    admin("announcements", "edit", draft, "A day", "--starts", "2030-05-31", "--all-day")
    assert "is shown" in admin("announcements", "publish", draft)
    admin("announcements", "publish", later, "--at", "2042-01-01")
    admin("announcements", "withdraw", draft)
    admin("announcements", "edit", draft, "It is over", "--ends", "2020-05-31")
    assert "over already" in admin.refused("announcements", "publish", draft)
    for each in (later, made[1]):
        admin("announcements", "remove", each)
    assert admin("announcements", "list").count("draft") == 1
    assert "blank" in admin.refused("announcements", "add", "")
    assert "not a day" in admin.refused("announcements", "add", "x", "--at", "soon")
    assert "can't be read" in admin.refused("announcements", "add", "--file", str(tmp_path / "no"))
    assert "not found" in admin.refused("announcements", "remove", "1")


def test_emoji(admin: Admin, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "cat.png"
    file.write_bytes(bytes(pictures.photo(64, 64).pngsave_buffer(keep="none")))
    assert ":cat:" in admin("emoji", "add", "cat", str(file), "--category", "Pets")
    assert ":cat:" in admin("emoji", "add", "cat", str(file))
    assert admin.refused("emoji", "add", "c", str(file))
    assert "can't be read" in admin.refused("emoji", "add", "dog", str(tmp_path / "dog.png"))
    file.write_bytes(b"no picture")
    assert "not a picture" in admin.refused("emoji", "add", "cat", str(file))
    assert len(stored(data_dir)) == 1  # the last good one
    assert "cat" in admin("emoji", "list")
    admin("emoji", "remove", "cat")
    assert admin.refused("emoji", "remove", "cat")
    assert stored(data_dir) == []


def test_a_pack_that_is_taken_along(admin: Admin, data_dir: Path, tmp_path: Path) -> None:
    assert "there are no emoji" in admin.refused("emoji", "export", str(tmp_path / "none.zip"))
    pictures_of = {"cat.png": pictures.photo(64, 32).pngsave_buffer(keep="none"),
                   "dance.gif": pictures.animated(40, 20).gifsave_buffer()}  # fmt: skip
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, data in pictures_of.items():
        (folder / name).write_bytes(bytes(data))
    heads = {"cat": {"category": "Pets"}, "dance": {"category": "Moves", "visible": False}}
    (folder / "emoji.json").write_bytes(msgspec.json.encode(heads))
    admin("emoji", "import", str(folder))
    pack = tmp_path / "pack.zip"
    admin("emoji", "export", str(pack))
    assert "--overwrite replaces it" in admin.refused("emoji", "export", str(pack))
    with zipfile.ZipFile(pack) as archive:
        assert sorted(archive.namelist()) == ["cat.png", "dance.gif", "emoji.json"]
        assert msgspec.json.decode(archive.read("emoji.json")) == {
            "cat": {"category": "Pets", "visible": True},
            "dance": {"category": "Moves", "visible": False},
        }
    before = admin("emoji", "list")
    for name in ("cat", "dance"):
        admin("emoji", "remove", name)
    assert stored(data_dir) == []
    admin("emoji", "import", str(pack))
    assert admin("emoji", "list") == before
    assert "hidden" in before
    admin("emoji", "export", str(pack), "--category", "Pets", "--overwrite")
    with zipfile.ZipFile(pack) as archive:
        assert sorted(archive.namelist()) == ["cat.png", "emoji.json"]
    assert "no emoji under" in admin.refused(
        "emoji", "export", str(tmp_path / "x.zip"), "--category", "Nothing"
    )
    missing = tmp_path / "nowhere" / "x.zip"
    assert "can't be written" in admin.refused("emoji", "export", str(missing))
    (folder / "emoji.json").write_text("nonsense")
    assert "can't be read" in admin.refused("emoji", "import", str(folder))


def stored(data_dir: Path) -> list[Path]:
    return [path for path in (data_dir / "media" / "emoji").rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_pack_of_emoji(admin: Admin, data_dir: Path, tmp_path: Path, kind: str) -> None:
    still = bytes(pictures.photo(64, 32).pngsave_buffer(keep="none"))
    moving = bytes(pictures.animated(40, 20).gifsave_buffer())
    files = {
        "cat.png": still,
        "dance.gif": moving,
        "bad name.png": still,
        "liar.png": b"<svg/>",
        "large.png": still + bytes(300_000),
        "readme.txt": b"made by hand",
    }
    pack = tmp_path / "pack"
    if kind == "folder":
        pack.mkdir()
        for name, data in files.items():
            (pack / name).write_bytes(data)
    else:
        with zipfile.ZipFile(pack, "w") as archive:
            for name, data in files.items():
                archive.writestr(f"../../{name}", data)
    said = admin("emoji", "import", str(pack), "--category", "Pets")
    assert "left out :bad name: shortcode must be" in said
    assert "left out :liar: file is not a picture" in said
    assert "left out :large: The picture is too large (at most 262 kB)" in said
    listed = admin("emoji", "list").splitlines()
    assert [line.split()[:2] for line in listed[1:]] == [["cat", "Pets"], ["dance", "Pets"]]
    assert "moves" in listed[2]
    assert len(stored(data_dir)) == 3
    again = admin("emoji", "import", str(pack))
    assert again.count("is there already") == 2
    assert admin("emoji", "import", str(pack), "--overwrite").count("left out") == 3
    assert len(stored(data_dir)) == 3
    assert "can't be read" in admin.refused("emoji", "import", str(tmp_path / "none"))


def test_another_schema_is_told(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    admin = Admin(data_dir, capsys)
    admin("list")  # makes the database
    file = apsw.Connection(str(data_dir / "rostra.sqlite3"))
    file.execute("UPDATE schema_version SET revision = '0000'")
    file.close()
    assert "rostra migrate" in admin.refused("list")


async def test_it_works_while_the_server_runs(data_dir: Path, database_url: str) -> None:
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    async with running(data_dir, database_url) as server:
        words = ["create", "alice", "--data", str(data_dir)]
        await asyncio.to_thread(app, words, result_action="return_value")
        await known(server, "alice")


async def known(server: InProcess, name: str) -> None:
    async with server.db.read() as reader:
        assert await access.by_username(reader, name) is not None
        assert await access.user_by_login(reader, name) is not None


def test_trusted_flaggers(admin: Admin) -> None:
    admin("create", "ann")
    assert "is added" in admin("flagger", "add", "@ann", "--name", "Ann of the hotline")
    assert "is added" in admin("flagger", "add", "hotline.example")
    assert "trusted flagger already" in admin.refused("flagger", "add", "hotline.example")
    assert "there is no account" in admin.refused("flagger", "add", "@nobody")
    shown = admin("flagger", "list")
    for words in ("@ann", "Ann of the hotline", "hotline.example"):
        assert words in shown
    [line] = [line for line in shown.splitlines() if "hotline.example" in line]
    [flagger_id] = re.findall(r"\d{19}", line)
    assert "removed" in admin("flagger", "remove", flagger_id)
    assert "hotline.example" not in admin("flagger", "list")
