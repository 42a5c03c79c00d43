"""Archives of other software, and archives that mean harm: what is usable of them comes in."""

import io
import json
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.harness.crowd import Town
from tests.network.portability.brought import (
    ELSEWHERE,
    PUBLIC,
    brought,
    create,
    left,
    note,
    outbox,
    planned,
    posts_of,
    source_of,
    tarred,
    zipped,
)
from tests.pictures import photo

from rostra.kernel.text.written import as_written
from rostra.network.portability import packed
from rostra.network.portability.notes import Left
from rostra.network.portability.packed import ArchiveError

PICTURE = bytes(photo(64, 48).pngsave_buffer())
MASTODON = (
    '<p>Look, <span class="h-card" translate="no"><a href="https://far.example/@bob" class="u-url'
    ' mention">@<span>bob</span></a></span>!<br />It is at <a href="https://example.org/a?b=1&amp;c'
    '=2" target="_blank"><span class="invisible">https://</span><span class="ellipsis">example.org'
    '/a?b</span><span class="invisible">=1&amp;c=2</span></a></p><p><a href="https://old.example/'
    'tags/nets" class="mention hashtag" rel="tag">#<span>nets</span></a> 1 &lt; 2</p>'
)
WRITTEN = "Look, @bob@far.example!\nIt is at https://example.org/a?b=1&c=2\n\n#nets 1 < 2"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (MASTODON, WRITTEN),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("plain", "plain"),
        ('<p>see <a href="https://e.example/x">here</a></p>', "see here (https://e.example/x)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<script>alert(1)</script><p onclick=x>safe</p>", "safe"),
        ('<p>&lt;script&gt; <a href="https://[">x</a></p>', "<script> x"),
        ("<ul><li>a</li><li>b</li></ul><p>c</p>", "a\nb\n\nc"),
    ],
)
def test_html_as_it_was_written(html: str, text: str) -> None:
    assert as_written(html) == text


async def test_mastodons_older_archives(town: Town, tmp_path: Path) -> None:
    ann, bob = await town.members("ann", "bob")
    attached = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "/bucket/media_attachments/files/1/original/a.png",
        "name": "A net",
        "focalPoint": [0.0, -0.5],
    }
    notes = [
        note(1, content=MASTODON, attachment=[attached], contentMap={"de": MASTODON}),
        note(2, "Only us", to=[f"{ELSEWHERE}/followers"], cc=[], summary="Careful"),
        note(3, "Aside", to=[f"{ELSEWHERE}/followers"], cc=[PUBLIC], sensitive=True),
        note(4, "To you", to=["https://far.example/users/bob"], cc=[]),
    ]
    files = {
        "./outbox.json": outbox(*notes),
        "./actor.json": json.dumps({"id": ELSEWHERE}).encode(),
        "./media_attachments/files/1/original/a.png": PICTURE,
    }
    plan, done = await brought(town, ann, tarred(tmp_path / "a.tar.gz", files))
    assert (done.posts, done.files, plan.faults + done.faults) == (3, 1, [])
    assert left(plan) == {Left.DIRECT: 1}
    posts = await posts_of(ann)
    assert [each["visibility"] for each in posts] == ["public", "private", "unlisted"]
    assert await source_of(ann, posts[0]) == WRITTEN
    (picture,) = posts[0]["media_attachments"]
    assert (picture["description"], picture["meta"]["focus"]) == ("A net", {"x": 0.0, "y": -0.5})
    assert (posts[0]["language"], posts[0]["mentions"]) == ("de", [])
    assert (posts[1]["spoiler_text"], posts[1]["sensitive"]) == ("Careful", True)
    assert posts[2]["sensitive"]
    assert not list((town.services.settings.data_dir).glob("archive-*"))
    assert len(await posts_of(ann, bob)) == 2


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"published": "NaN"}, "published is no time: 'NaN'"),
        ({"published": 1e999}, "can't be read"),
        ({"published": 1558000000}, "published is no text"),
        ({"published": "2999-01-01T00:00:00Z"}, "published is in the future"),
        ({"published": "1999-12-31T00:00:00Z"}, "published is too long ago"),
        ({"published": None}, "published is no time"),
        ({"id": None}, "id is missing"),
        ({"id": "x" * 3000}, "id is too long"),
        ({"content": "x" * 50_000}, "text character limit of"),
        ({"content": ""}, "text can't be blank"),
        ({"content": ["x"]}, "content is no text"),
        ({"content": "x" * (1 << 20)}, "is too long"),
        ({"attachment": ["x"]}, "attachment is no file"),
        ({"attachment": [{"type": "Document"}]}, "attachment names no file"),
        (
            {"attachment": [{"url": "/media_attachments/none.png"}]},
            "none.png is not in the archive",
        ),
        ({"attachment": [{"url": "/../../etc/passwd"}]}, "is not in the archive"),
        ({"attachment": [{"url": "/media_attachments/a.png", "name": "x" * 1600}]}, "description"),
        ({"attachment": [{"url": "/media_attachments/a.png"}] * 99}, "media_ids can't be more"),
        ({"inReplyTo": {"id": 5}}, "inReplyTo is no text"),
        ({"content": "<p>" + "<b></b>" * 10_000}, "content is too long"),
        ({"attachment": [{"url": "/media_attachments/%1b%5b2Jx%0ay"}]}, "?[2Jx?y is not in the"),
    ],
)
async def test_an_item_that_cant_be_used_is_named(
    town: Town, tmp_path: Path, changes: dict[str, Any], why: str
) -> None:
    ann = await town.member("ann")
    files = {
        "outbox.json": outbox(note(1), note(2, **changes), note(3)),
        "media_attachments/a.png": PICTURE,
    }
    plan = await planned(town, ann, zipped(tmp_path / "a.zip", files))
    assert len(plan.posts) == 2
    (fault,) = plan.faults
    assert str(fault).startswith("outbox.json, item 2: ")
    assert why in str(fault)


async def test_what_is_not_the_members_own(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    bobs = "https://old.example/users/bob"
    listed = [
        create(note(1)),
        create(note(2), actor=bobs),
        create(note(3, attributedTo=bobs)),
        create(note(1, "Twice")),
        {"type": "Announce", "actor": ELSEWHERE, "object": "https://far.example/1"},
        {"type": "Like", "actor": ELSEWHERE, "object": "https://far.example/1"},
        create(note(4, type="Question", oneOf=[])),
        create(note(5, inReplyTo=f"{bobs}/statuses/9")),
        create(note(6, inReplyTo=f"{ELSEWHERE}/statuses/5")),
        create(note(7, inReplyTo=f"{ELSEWHERE}/statuses/8")),
        create(note(8)),
    ]
    data = json.dumps({"orderedItems": listed}).encode()
    plan = await planned(town, ann, zipped(tmp_path / "a.zip", {"outbox.json": data}))
    assert [post.item for post in plan.posts] == [1, 11]
    assert [str(each) for each in plan.faults] == [
        "outbox.json, item 4: is there twice, see item 1"
    ]
    assert left(plan) == {
        Left.OTHERS: 2,
        Left.REBLOG: 1,
        Left.UNKNOWN: 1,
        Left.POLL: 1,
        Left.REPLY: 3,  # the last one answers what was written later
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "has no list"),
        (b"[]", "has no list"),
        (b'{"type":"OrderedCollection"}', "has no list"),
        (b'{"a":{"orderedItems":[]}}', "has no list"),
        (b'{"orderedItems":[1,2,3]}', "no object, at byte 17"),
        (b'{"orderedItems":["x"]}', "no object"),
        (b'{"orderedItems":[{"type":"Create"}', "in the middle"),
        (b'{"orderedItems":[' + b"[" * 2_000_000, "in the middle"),
        (b'{"orderedItems":[{"a":' + b'"\\"' * 1_000_000, "in the middle"),
    ],
)
async def test_no_list_of_posts(town: Town, tmp_path: Path, data: bytes, why: str) -> None:
    ann = await town.member("ann")
    with pytest.raises(ArchiveError, match=why):
        await planned(town, ann, zipped(tmp_path / "a.zip", {"outbox.json": data}))


async def test_nesting_without_end_is_one_item(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    deep = b'{"type":"Create","object":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001
    data = b'{"orderedItems":[' + deep + b"," + json.dumps(create(note(1))).encode() + b"]}"
    path = zipped(tmp_path / "a.zip", {"outbox.json": data, "actor.json": deep})
    plan = await planned(town, ann, path)
    assert (len(plan.posts), [each.item for each in plan.faults]) == (1, [1])


async def test_links_and_names_that_lead_out_are_nothing(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    link = tarfile.TarInfo("media_attachments/link.png")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device = tarfile.TarInfo("media_attachments/null.png")
    device.type = tarfile.CHRTYPE
    files = {
        "outbox.json": outbox(
            *(
                note(place, attachment=[{"url": f"/media_attachments/{name}"}])
                for place, name in enumerate(("link.png", "null.png", "../../../out.png", "b.png"))
            )
        ),
        "media_attachments/../../../out.png": PICTURE,
        "media_attachments/b.png": b"no picture",
    }
    plan, done = await brought(town, ann, tarred(tmp_path / "a.tar.gz", files, [link, device]))
    assert [each.item for each in plan.faults] == [1, 2]
    assert [str(each)[:60] for each in done.faults] == [
        "outbox.json, item 4: media_attachments/b.png: file is not a "
    ]
    # A name is looked up, and no path: what is under it in the archive is a picture like any other.
    assert done.posts == 1
    assert not (town.services.settings.data_dir.parent / "out.png").exists()


async def test_whatever_a_field_is_stops_nothing(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    odd: list[Any] = [[], ["Note"], {}, {"a": []}, 10**400, -1, True, "\0"]
    notes = [
        note(2 + number, **{field: value})
        for number, (field, value) in enumerate(
            (field, value) for field in (*note(1), "source", "contentMap", "tag") for value in odd
        )
    ]
    wide = {"url": "/media_attachments/a.png", "focalPoint": [10**400, 0]}
    notes.append(note(500, attachment=[wide]))
    items = [create(each) for each in (note(1), *notes)]
    items += [create(note(1), type=value, actor=value) for value in odd]
    files = {
        "outbox.json": json.dumps({"orderedItems": items}).encode(),
        "media_attachments/a.png": PICTURE,
    }
    plan = await planned(town, ann, zipped(tmp_path / "a.zip", files))
    assert plan.items == len(items)
    assert {each.item for each in plan.posts} >= {1, len(notes) + 1}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
async def test_only_what_is_unpacked_a_piece_at_a_time(
    town: Town, tmp_path: Path, method: int
) -> None:
    ann = await town.member("ann")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("outbox.json", b" " * (20 << 20))
    with pytest.raises(ArchiveError, match="packed in another way"):
        await planned(town, ann, path)


async def test_bombs(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = await town.member("ann")
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("outbox.json", b" " * (300 << 20))
    with pytest.raises(ArchiveError, match=r"outbox.json is too large \(at most 268 MB\)"):
        await planned(town, ann, bomb)
    shown = [note(1, attachment=[{"url": "/media_attachments/big.png"}]), note(2)]
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("outbox.json", outbox(*shown))
        file.writestr("media_attachments/big.png", b"\0" * (120 << 20))
    _, done = await brought(town, ann, bomb)
    assert done.posts == 1
    assert "big.png is too large" in str(done.faults[0])
    monkeypatch.setattr(packed, "MAX_ENTRIES", 3)
    many = {"outbox.json": outbox(note(1)), **{f"x{number}": b"" for number in range(3)}}
    for path in (zipped(tmp_path / "m.zip", many), tarred(tmp_path / "m.tar.gz", many)):
        with pytest.raises(ArchiveError, match="too many files"):
            await planned(town, ann, path)


async def test_a_list_of_files_that_is_too_long_is_not_read(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    path = zipped(tmp_path / "a.zip", {"outbox.json": outbox(note(1))})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\5\6")
    data[at + 12 : at + 16] = struct.pack("<L", 100 << 20)
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="too many files"):
        await planned(town, ann, path)


def test_a_tar_is_forgotten_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        for number in range(40):
            info = tarfile.TarInfo(f"{number}")
            info.pax_headers = {"comment": "x" * (1 << 19)}
            tar.addfile(info)
    tracemalloc.start()
    with packed.opened(path, tmp_path, 100) as found:
        assert len(found.names) == 40
        _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20  # of 20 MiB


async def test_a_tar_that_says_too_much(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    huge = tarfile.TarInfo("x")
    huge.size = 1 << 50
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 200 << 20
    negative = tarfile.TarInfo("x")
    negative.size = -512
    for each, why in (
        (huge, "too large once it is unpacked"),
        (header, "a header in it is too long"),
        (negative, "can't be"),
    ):
        path = tmp_path / "a.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            info = tarfile.TarInfo("outbox.json")
            data = outbox(note(1))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
            tar.fileobj.write(each.tobuf(tarfile.GNU_FORMAT))
        with pytest.raises(ArchiveError, match=why):
            await planned(town, ann, path)


async def test_files_that_are_no_archive(town: Town, tmp_path: Path) -> None:
    ann = await town.member("ann")
    path = tmp_path / "x"
    for data, why in (
        (b"", "neither"),
        (b"text", "neither"),
        (b"PK\3\4 and nothing", "can't be read"),
        (b"\x1f\x8b and nothing", "can't be read"),
    ):
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=why):
            await planned(town, ann, path)
    with pytest.raises(ArchiveError, match="can't be read: No such file"):
        await planned(town, ann, tmp_path / "none")
    with pytest.raises(ArchiveError, match=r"outbox\.json is not in the archive"):
        await planned(town, ann, zipped(path, {"other": b""}))
