"""The made-up town: its texts hold together, and it comes out whole on both databases."""

import random
import re
from pathlib import Path

import pytest
from tests.harness.app import running

from rostra.cli.demo import greeting
from rostra.cli.town import draw, make, note, words
from rostra.kernel.text.entities import extract
from rostra.settings import Database, Settings


def test_everybody_has_something_to_say() -> None:
    topics, others = words.sections("posts.txt"), words.sections("others.txt")
    people = words.characters()
    assert len(people) == 60
    assert len({who.username for who in people}) == 60
    for who in people:
        assert set(who.interests) <= topics.keys(), who.username
        assert set(who.languages) - {"en"} <= others.keys(), who.username
    answers = words.sections("replies.txt")
    assert others.keys() | {"any", "question", "picture", "back"} <= answers.keys()
    for question in words.questions():
        assert question.username in {who.username for who in people}
        assert 2 <= len(question.options) <= 4
        assert all(len(option) <= 50 for option in question.options)
    assert {thread.username for thread in words.threads()} <= {who.username for who in people}


def test_every_choice_is_made_and_every_picture_can_be_drawn() -> None:
    rng = random.Random(3)  # noqa: S311 (what is said by chance)
    speaker = words.Speaker(rng)
    for name in ("posts.txt", "others.txt", "replies.txt"):
        for section in words.sections(name).values():
            for line in section.lines:
                text = speaker.fill(line.template)
                assert not re.search(r"[\[\]|]|::", text), line.template
                assert len(text) <= 500
                assert line.picture in {"", *draw.KINDS}
            for tag in section.tags:
                assert [entity.value for entity in extract(f"#{tag}")] == [tag]


def test_nothing_is_said_twice_unless_it_may() -> None:
    speaker = words.Speaker(random.Random(1))  # noqa: S311 (what is said by chance)
    section = words.Section("x", lines=[words.Line("[a|b]")])
    said = [speaker.say(section) for _ in range(3)]
    assert said[2] is None
    assert speaker.say(section, again=True) is not None


@pytest.mark.parametrize("kind", [*draw.KINDS, "face"])
def test_pictures_are_drawn_and_told(kind: str) -> None:
    paint = draw.KINDS.get(kind, draw.face)
    for seed in range(6):
        drawing = paint(random.Random(seed))  # noqa: S311 (a picture by chance)
        assert drawing.alt.endswith(".")
        assert make.encoded(drawing.svg).startswith(b"\xff\xd8")


async def test_the_town(tmp_path: Path, database_url: str) -> None:
    settings = Settings(data_dir=tmp_path / "data", database=Database(url=database_url))
    made = await make.make(settings)
    assert made.posts == 2000
    assert made.members == 60
    note.write_note(settings.data_dir, made)
    assert note.read_note(settings.data_dir) == made
    assert (settings.data_dir / "demo.json").stat().st_mode & 0o077 == 0
    told = greeting(made, "http://127.0.0.1:8420")
    assert made.sign_ins[0].password in told
    with pytest.raises(SystemExit):
        await make.make(settings)
    async with running(settings.data_dir, database_url) as server, server.client() as client:
        page = (await client.get("/api/v1/timelines/public?limit=40")).json()
        assert len(page) == 40
        assert all(post["content"] for post in page)
        assert (await client.get("/api/v2/instance")).json()["title"] == "Saltmarsh"
        thread = next(post for post in await _all_of(client) if post["replies_count"])
        context = (await client.get(f"/api/v1/statuses/{thread['id']}/context")).json()
        assert context["descendants"]
        asked = [post for post in await _all_of(client) if post["poll"]]
        poll = (await client.get(f"/api/v1/polls/{asked[0]['id']}")).json()
        assert sum(option["votes_count"] for option in poll["options"]) == poll["votes_count"] > 0


async def _all_of(client: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    path = "/api/v1/timelines/public?limit=40"
    for _ in range(5):
        page = (await client.get(path)).json()  # type: ignore[attr-defined] # an httpx client
        found += page
        path = f"/api/v1/timelines/public?limit=40&max_id={page[-1]['id']}"
    return found


def test_no_note_where_nothing_was_made(tmp_path: Path) -> None:
    assert note.read_note(tmp_path) is None
