"""`rostra admin trends`: what people talk about, and what of it everybody may be shown."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

import msgspec
from cyclopts import App, Parameter

from rostra.cli.common import Where, say
from rostra.cli.operators import run, table
from rostra.network.edge import Services
from rostra.network.trends import access, review
from rostra.network.trends.model import Decision, Kind, Trend
from rostra.network.trends.publishers import decide_publisher

trends_app = App(name="trends", help="What people talk about, and what of it may be shown.")

KindName = Literal["tags", "links", "posts", "authors", "publishers"]
Given = Annotated[
    str,
    Parameter(
        required=True,
        help="Hashtags by name, links by address, posts by id, authors by user name, publishers of"
        " links by host.",
    ),
]
_KINDS: dict[str, Kind] = {
    "tags": Kind.TAG,
    "links": Kind.LINK,
    "posts": Kind.POST,
    "authors": Kind.AUTHOR,
}
_WORDS = {Decision.NONE: "waits", Decision.APPROVED: "may trend", Decision.REJECTED: "must not"}
_SHOWN = 60


class TrendLine(msgspec.Struct, frozen=True):
    """A line of a list as JSON; `people`: how many speak of it now, 0 where it does not trend."""

    id: str
    title: str
    people: int
    decision: str
    by_publisher: str


class PublisherLine(msgspec.Struct, frozen=True):
    """A publisher as JSON; `links`: how many of those that trend wait for a decision on it."""

    host: str
    decision: str
    waiting_links: int


@trends_app.command(name="list")
def list_trends(
    kind: KindName = "tags",
    *,
    waiting: Annotated[bool, Parameter(help="Only what nobody has decided on.")] = False,
    as_json: Annotated[bool, Parameter(name="--json", help="As JSON, for programs.")] = False,
    where: Where | None = None,
) -> None:
    """What trends now or was decided on, the most talked about first."""
    if kind == "publishers":
        run(where, partial(_publishers, waiting=waiting, as_json=as_json))
    else:
        run(where, partial(_ranked, kind=_KINDS[kind], waiting=waiting, as_json=as_json))


async def _ranked(services: Services, *, kind: Kind, waiting: bool, as_json: bool) -> None:
    async with services.db.read() as reader:
        found = await access.listed(reader, kind, decision=Decision.NONE if waiting else None)
    if as_json:
        _say_json([_line(each) for each in found])
        return
    rows = [
        (
            str(each.subject_id),
            str(each.accounts) if each.score else "-",
            _said(each),
            " ".join(each.title.split())[:_SHOWN],
        )
        for each in found
    ]
    table(("id", "people", "", ""), rows)


def _line(trend: Trend) -> TrendLine:
    return TrendLine(
        str(trend.subject_id),
        trend.title,
        trend.accounts if trend.score else 0,
        Decision(trend.decision).name.lower(),
        Decision(trend.of_publisher).name.lower(),
    )


def _say_json(lines: Sequence[msgspec.Struct]) -> None:
    say(msgspec.json.format(msgspec.json.encode(lines)).decode())


def _said(trend: Trend) -> str:
    if trend.decision or not trend.of_publisher:
        return _WORDS[Decision(trend.decision)]
    return f"{_WORDS[Decision(trend.of_publisher)]}, by its publisher"


async def _publishers(services: Services, *, waiting: bool, as_json: bool) -> None:
    look = access.waiting_publishers if waiting else access.publishers
    async with services.db.read() as reader:
        found = await look(reader)
    if as_json:
        _say_json(
            [
                PublisherLine(each.host, Decision(each.decision).name.lower(), each.links)
                for each in found
            ]
        )
    elif waiting:
        table(("links", "host"), [(str(each.links), each.host) for each in found])
    else:
        table(("host", ""), [(each.host, _WORDS[Decision(each.decision)]) for each in found])


@trends_app.command
def approve(kind: KindName, *given: Given, where: Where | None = None) -> None:
    """Let hashtags, links or posts trend, or all posts of an author, or all links of a publisher.

    A publisher is a host and all that stands below it.
    """
    _decide(kind, given, Decision.APPROVED, where)


@trends_app.command
def reject(kind: KindName, *given: Given, where: Where | None = None) -> None:
    """Let hashtags, links, posts, authors or publishers never trend; nothing else changes."""
    _decide(kind, given, Decision.REJECTED, where)


@trends_app.command
def undecide(kind: KindName, *given: Given, where: Where | None = None) -> None:
    """Take a decision back."""
    _decide(kind, given, Decision.NONE, where)


def _decide(
    kind: KindName, given: tuple[str, ...], decision: Decision, where: Where | None
) -> None:
    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            for each in given:
                if kind == "publishers":
                    await decide_publisher(services, tx, each, decision)
                else:
                    await review.decide(services, tx, _KINDS[kind], each, decision)
        for each in given:
            say(f"{each}: {_WORDS[decision]}")

    run(where, work)
