"""`rostra admin trends`: what people talk about, and what operators say of it."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from tests.cli.admin import Admin
from tests.harness.neighbours import place_of

from rostra.network.trends.rank import Rank, rank


async def talk(data_dir: Path, database_url: str) -> str:
    """Three people use a hashtag, and like a post of ann's; its id."""
    async with place_of(data_dir, database_url) as place:
        people = await place.members("eve", "ben", "ann")
        for one in people:
            await one.change(discoverable=True)
            post = await one.post("#Harbour  tea")
        for one in people[:2]:
            await one.react("favourite", post["id"])
            await one.react("reblog", post["id"])
        await (await place.member("kim")).react("favourite", post["id"])
        await place.app.work()
        await rank(place.services, Rank())
    return str(post["id"])


def test_what_may_trend(admin: Admin, data_dir: Path, database_url: str) -> None:
    post = asyncio.run(talk(data_dir, database_url))

    def listed(*words: str) -> list[list[str]]:
        lines = admin("trends", "list", *words).splitlines()
        return [re.split(" {2,}", line)[1:] for line in lines[1:]]

    assert listed() == [["3", "waits", "harbour"]]
    assert listed("posts") == [["3", "waits", "@ann #Harbour tea"]]
    assert listed("authors") == []
    assert admin("trends", "approve", "tags", "#HARBOUR") == "#HARBOUR: may trend\n"
    assert admin("trends", "reject", "posts", post).endswith(": must not\n")
    assert admin("trends", "approve", "authors", "ann", "ben").count("may trend") == 2
    assert listed("tags", "--waiting") == []
    assert listed("tags") == [["3", "may trend", "harbour"]]
    assert listed("posts") == [["3", "must not", "@ann #Harbour tea"]]
    assert listed("authors") == [["-", "may trend", "ann"], ["-", "may trend", "ben"]]
    [line] = json.loads(admin("trends", "list", "posts", "--json"))
    assert line == {
        "id": post,
        "title": "@ann #Harbour  tea",
        "people": 3,
        "decision": "rejected",
        "by_publisher": "none",
    }
    admin("trends", "undecide", "posts", post)
    assert len(listed("posts", "--waiting")) == 1
    assert "no tag 'unheard' that can trend" in admin.refused(
        "trends", "approve", "tags", "unheard"
    )


def test_publishers_of_links(admin: Admin, capsys: pytest.CaptureFixture[str]) -> None:
    hosts = ("paper.example", "https://spam.example/now")
    assert admin("trends", "reject", "publishers", *hosts).count("must not") == 2
    admin("trends", "approve", "publishers", "paper.example")
    lines = admin("trends", "list", "publishers").splitlines()[1:]
    assert [re.split(" {2,}", line) for line in lines] == [
        ["paper.example", "may trend"],
        ["spam.example", "must not"],
    ]
    assert json.loads(admin("trends", "list", "publishers", "--json")) == [
        {"host": "paper.example", "decision": "approved", "waiting_links": 0},
        {"host": "spam.example", "decision": "rejected", "waiting_links": 0},
    ]
    assert json.loads(admin("trends", "list", "publishers", "--waiting", "--json")) == []
    admin("trends", "undecide", "publishers", *hosts)
    assert "example" not in admin("trends", "list", "publishers")
    assert admin("trends", "list", "publishers", "--waiting").splitlines()[1:] == []
    refused = admin.refused("trends", "reject", "publishers", "no host")
    assert "publisher is not a domain: “no host”" in refused
    for kind in ("tags", "publishers"):
        with pytest.raises(SystemExit):
            admin("trends", "reject", kind)
        assert "GIVEN requires an argument" in capsys.readouterr().err
