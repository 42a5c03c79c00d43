"""SFTP and WebDAV: who is let in, who is believed, and what is told when it goes wrong."""

import asyncio
from pathlib import Path

import asyncssh
import pytest
from tests.harness.patience import Watch
from tests.hosting.foreign import Lying, Sftp, of_webdav, sftp, webdav
from tests.hosting.providers import marked_folder

from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.multistatus import NotListed, listed
from rostra.hosting.places.open import open_place
from rostra.hosting.places.port import Marked
from rostra.hosting.places.probe import probe
from rostra.hosting.places.sftp import Login, SftpStore
from rostra.hosting.places.webdav import Address, WebdavStore
from rostra.kernel.clock import SystemClock


def _sftp_store(server: Sftp, **given: str) -> SftpStore:
    store = open_place(server.place(**given))
    assert isinstance(store, SftpStore)
    return store


async def test_a_key_opens_as_a_password_does_and_nothing_else(tmp_path: Path) -> None:
    marked_folder(tmp_path / "place")
    async with sftp(tmp_path) as server:
        by_key = _sftp_store(server, secret=server.key)
        await by_key.put("a/1", b"one")
        assert await by_key.keys("a") == ["a/1"]
        assert (tmp_path / "place" / "a" / "1").read_bytes() == b"one"
        assert list((tmp_path / "place" / ".incoming").iterdir()) == []
        await by_key.close()
        other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
        for secret in ("wrong", other):
            store = _sftp_store(server, secret=secret)
            with pytest.raises(PlaceFailed, match=r"cellar: 127.0.0.1 does not let ark in"):
                await store.read("a/1")
            await store.close()


async def test_a_server_with_another_host_key_is_not_spoken_to(tmp_path: Path) -> None:
    marked_folder(tmp_path / "place")
    async with sftp(tmp_path) as server:
        server.host_key = (
            asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
        )
        store = _sftp_store(server)
        with pytest.raises(PlaceFailed, match="shows another host key than `host_key`"):
            await store.put("a/1", b"one")
        await store.close()
        server.host_key = "ssh-ed25519 nonsense"
        with pytest.raises(PlaceFailed, match="cellar: "):
            await _sftp_store(server).read("a/1")


async def test_folders_elsewhere_are_marked_too(tmp_path: Path) -> None:
    for name in ("place", "other"):
        (tmp_path / name).mkdir()
    async with sftp(tmp_path) as server:
        far = _sftp_store(server)
        with webdav(tmp_path) as address:
            for store in (far, open_place(of_webdav(f"{address}/other", "cellar"))):
                assert isinstance(store, Marked)
                with pytest.raises(PlaceFailed, match=r"not marked as a place.* mark cellar`"):
                    await store.keys("a")
                with pytest.raises(PlaceFailed, match="not marked as a place"):
                    await store.create("a/1", b"")
                assert await store.mark()
                assert not await store.mark()
                assert await store.create("a/1", b"")
            nowhere = open_place(of_webdav(f"{address}/nowhere"))
            assert isinstance(nowhere, Marked)
            with pytest.raises(PlaceFailed, match="cloud: it answers 409 to PUT"):
                await nowhere.mark()
            refused = open_place(of_webdav(f"{address}/other", password="wrong"))
            with pytest.raises(PlaceFailed, match="cloud: it refuses ark: 401 to GET"):
                await refused.keys("a")
        await far.close()


async def test_servers_that_replace_what_they_must_not_have_no_vote(tmp_path: Path) -> None:
    marked_folder(tmp_path / "place")
    async with sftp(tmp_path, Lying) as server:
        far = _sftp_store(server)
        with webdav(tmp_path, honest=False) as address:
            for store in (far, open_place(of_webdav(f"{address}/place"))):
                report = await probe(store, SystemClock())
                assert not report.may_fence
                assert report.may_hold
                failed = {check.name for check in report.checks if not check.passed}
                assert {"create once", "race"} <= failed
        await far.close()


async def test_a_connection_that_broke_is_made_anew(tmp_path: Path) -> None:
    marked_folder(tmp_path / "place")
    async with sftp(tmp_path) as server:
        store = _sftp_store(server)
        await store.put("a/1", b"one")
        await store.close()
        assert await store.keys("a") == ["a/1"]
        await store.close()
    with pytest.raises(PlaceFailed, match="cellar: "):
        await store.read("a/1")


async def test_a_server_that_says_nothing_is_given_up() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    login = Login(
        host="127.0.0.1", port=port, root="/x", user="a", secret="b", host_key=key.strip()
    )
    address = Address(url=f"http://127.0.0.1:{port}/x", user="a", secret="b")
    far = SftpStore("cellar", login, deadline_s=0.2)
    with Watch() as watch:
        for store in (far, WebdavStore("cellar", address, deadline_s=0.2)):
            with pytest.raises(PlaceFailed, match="cellar: no answer in"):
                await store.read("a")
        await far.close()
    assert watch.seconds < 10
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.05)  # what was given up closes


_HEAD = '<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:x="other">'
_FOLDER = (
    "<D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat>"
)


def _entry(href: str, more: str = "") -> str:
    return f"<D:response><D:href>{href}</D:href>{more}</D:response>"


def test_a_list_is_read_as_servers_write_it() -> None:
    body = (
        _HEAD
        + _entry("/dav/a%20b/", _FOLDER)
        + _entry("/dav/a%20b/one")
        + _entry("https://host:8443/dav/a%20b/two/", _FOLDER)
        + _entry(
            "\n /dav/a%20b/three&amp;more ",
            "<x:collection/><D:owner><D:href>/me</D:href></D:owner>",
        )
        + _entry("/elsewhere/four")
        + "</D:multistatus>"
    )
    assert listed(body.encode(), "/dav/a b/") == [
        ("one", False),
        ("two", True),
        ("three&more", False),
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html/>", "its answer is no list"),
        ("", "its list can't be read: no element found"),
        (_HEAD, "its list can't be read"),
        ('<!DOCTYPE d [<!ENTITY a "aaaa">]>' + _HEAD + "&a;</D:multistatus>", "a document type"),
        ('<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "its list has a document type"),
    ],
)
def test_what_is_no_list_is_refused(body: str, why: str) -> None:
    with pytest.raises(NotListed, match=why):
        listed(body.encode(), "/")


S3 = {"account": "a", "credentials": "b"}


@pytest.mark.parametrize(
    ("store", "given", "told"),
    [
        ("ftp://host/x", {}, "store can't be ftp://; there are s3://, gs://, az://, sftp://, http"),
        ("s3://", S3, "store can't be used: "),
        ("s3://bucket", {}, "account is empty; S3 needs it"),
        ("s3://bucket", {"account": "a"}, "credentials is empty; S3 needs it"),
        ("s3://bucket", {**S3, "host_key": "k"}, "host_key means nothing for S3"),
        ("gs://bucket", {}, "credentials is empty; Google Cloud Storage needs it"),
        ("gs://bucket", {"credentials": "no json"}, "store can't be used: "),
        ("gs://bucket", {**S3, "region": "x"}, "account means nothing for Google"),
        ("az://box", {"account": "a"}, "credentials is empty; Azure needs it"),
        ("az://box", {**S3, "region": "x"}, "region means nothing for Azure"),
        ("sftp://host/x", S3, "host_key is empty; SFTP needs it"),
        ("sftp://me@host/x", {**S3, "host_key": "k"}, "store names a user: say `account`"),
        ("sftp://host", {**S3, "host_key": "k"}, "store names no folder"),
        ("https://host/x", {}, "credentials is empty; WebDAV needs it"),
        ("https://host/x?y", S3, "is no address of a folder"),
        ("http://host/x", S3, "the password would go there unencrypted"),
        ("http://192.0.2.300/x", S3, "the password would go there unencrypted"),
        ("folder", {}, "folder is no address, and no absolute path"),
        ("/folder", {"region": "x"}, "region means nothing for a folder"),
    ],
)
def test_what_is_no_place_is_told_by_its_field(
    store: str, given: dict[str, str], told: str
) -> None:
    with pytest.raises(PlaceFailed) as caught:
        open_place(Place(name="odd", party="x", store=store, **given))  # type: ignore[arg-type]  # all but `fence` are texts
    assert str(caught.value).startswith("odd: ")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("store", "given"),
    [
        ("s3://bucket/prefix", {**S3, "region": "eu", "endpoint": "https://s3.example.net"}),
        (
            "az://box/prefix",
            {"account": "a", "credentials": "Yg==", "endpoint": "https://az.example"},
        ),
        ("sftp://host:23/~/x", {**S3, "host_key": "k"}),
        ("https://host/x", {"credentials": "token"}),
        ("http://localhost/x", S3),
        ("http://10.0.0.1:8080/x", S3),
    ],
)
def test_what_is_a_place_is_opened_without_a_question(store: str, given: dict[str, str]) -> None:
    opened = open_place(Place(name="odd", party="x", store=store, **given))  # type: ignore[arg-type]  # all but `fence` are texts
    assert opened.name == "odd"
