"""What operators say of a publisher holds for all its links: those there are, and those to come."""

import pytest
from tests.api.trends.street import Street, fetched
from tests.api.trends.talk import allow, decide, open_people, rows
from tests.harness.neighbours import Asker

from rostra.kernel.errors import Invalid
from rostra.network.trends import access
from rostra.network.trends.model import Decision, Kind
from rostra.network.trends.publishers import decide_publisher
from rostra.store.tables.trends import trend_publishers

LINKS, LINK = "/api/v1/trends/links", "/api/v1/timelines/link"
PEOPLE = ("ann", "ben", "eve")
YES, NO, NONE = Decision.APPROVED, Decision.REJECTED, Decision.NONE


def page(street: Street, name: str, host: str) -> str:
    """A page of a host; its address."""
    street.site.page(f"/{name}", f"<title>{name}</title>")
    return street.site.url(f"/{name}", host)


async def titles(who: Asker) -> set[str]:
    """The links that somebody is shown."""
    return {link["title"] for link in await who.get(LINKS)}


async def said(street: Street, host: str, decision: Decision) -> str:
    """An operator's word."""
    async with street.db.write() as tx:
        return await decide_publisher(street.services, tx, host, decision)


async def talked_of(street: Street, people: list[Asker], *urls: str) -> None:
    """All of them lead there."""
    for one in people:
        for url in urls:
            await one.post(url)
    await fetched(street)


async def test_a_yes_holds_for_what_is_there_and_what_comes(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    paper, blog = page(street, "paper", "paper.test"), page(street, "blog", "blog.test")
    await talked_of(street, people, paper, blog)
    assert await titles(street.nobody) == set()
    assert await said(street, "https://Paper.test/front", YES) == "paper.test"
    assert await titles(street.nobody) == {"paper"}
    assert len(await street.nobody.get(LINK, params={"url": paper})) == 3
    await street.nobody.get(LINK, 404, params={"url": blog})
    later = page(street, "later", "www.paper.test")
    await talked_of(street, people, later, page(street, "other", "newspaper.test"))
    assert await titles(street.nobody) == {"paper", "later"}
    await said(street, "paper.test", NONE)
    assert await titles(street.nobody) == set()
    assert await rows(street, trend_publishers) == 0


async def test_a_no_holds_for_what_is_there_and_what_comes(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await allow(street, trends_unreviewed=True)
    spam, blog = page(street, "spam", "a.spam.test"), page(street, "blog", "blog.test")
    await talked_of(street, people, spam, blog)
    assert await titles(street.nobody) == {"spam", "blog"}
    await said(street, "*.spam.test", NO)
    assert await titles(street.nobody) == {"blog"}
    await street.nobody.get(LINK, 404, params={"url": spam})
    await talked_of(street, people, page(street, "more", "b.spam.test"))
    assert await titles(street.nobody) == {"blog"}
    await said(street, "spam.test", NONE)
    assert await titles(street.nobody) == {"spam", "blog", "more"}


@pytest.mark.postgresql
async def test_what_is_nearer_goes_before(street: Street) -> None:
    """A link's own decision, then that on its host, then those on what stands above."""
    people = await open_people(street, *PEOPLE)
    news, fun = page(street, "news", "news.paper.test"), page(street, "fun", "fun.paper.test")
    await talked_of(street, people, news, fun)
    await said(street, "paper.test", YES)
    await said(street, "fun.paper.test", NO)
    assert await titles(people[0]) == {"news"}
    await decide(street, Kind.LINK, fun, YES)
    await decide(street, Kind.LINK, news, NO)
    assert await titles(people[0]) == {"fun"}
    for link in (fun, news):
        await decide(street, Kind.LINK, link, NONE)
    await said(street, "fun.paper.test", NONE)
    assert await titles(people[0]) == {"news", "fun"}


async def test_the_host_that_answers_is_the_publisher(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    there = page(street, "there", "there.test")
    street.site.pages["/jump"] = (302, there, b"")
    short = street.site.url("/jump", "short.test")
    await talked_of(street, people, short)
    await said(street, "short.test", YES)
    assert await titles(people[0]) == set()
    await said(street, "there.test", YES)
    assert await titles(people[0]) == {"there"}


@pytest.mark.postgresql
async def test_what_operators_see(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    links = [page(street, name, "paper.test") for name in ("one", "two")]
    await talked_of(street, people, *links, page(street, "blog", "blog.test"))

    async def waiting() -> list[tuple[str, int]]:
        async with street.db.read() as reader:
            return [(each.host, each.links) for each in await access.waiting_publishers(reader)]

    async def listed(decision: Decision) -> set[tuple[str, int]]:
        async with street.db.read() as reader:
            found = await access.listed(reader, Kind.LINK, decision=decision)
        return {(each.title.rpartition("/")[2], each.of_publisher) for each in found}

    assert await waiting() == [("paper.test", 2), ("blog.test", 1)]
    await decide(street, Kind.LINK, links[0], NO)
    assert await waiting() == [("paper.test", 1), ("blog.test", 1)]
    await said(street, "paper.test", YES)
    assert await waiting() == [("blog.test", 1)]
    assert await listed(NONE) == {("blog", 0)}
    assert await listed(YES) == {("two", 1)}
    assert await listed(NO) == {("one", 1)}
    async with street.db.read() as reader:
        found = await access.publishers(reader)
    assert [(each.host, each.decision) for each in found] == [("paper.test", 1)]
    for wrong in ("", "no host", "127.0.0.1", "com", "ftp://paper.test/"):
        with pytest.raises(Invalid, match="is not a domain"):
            await said(street, wrong, NO)


async def test_publishers_cost_readers_no_statement(street: Street) -> None:
    people = await open_people(street, *PEOPLE)
    await said(street, "paper.test", YES)
    urls = [page(street, f"p{number}", f"p{number}.paper.test") for number in range(4)]
    for count in (1, 4):
        await talked_of(street, people, *urls[:count])
        await titles(people[0])
        await street.settle()
        with street.app.counted() as reading:
            assert len(await titles(people[0])) == count
        assert reading.statements == 3  # token, ranking, weeks
