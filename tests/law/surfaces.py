"""Every way to ask this server for something, made from its tables of endpoints and pages."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.harness.crowd import Member, Town

from rostra.api.endpoint import Endpoint
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.web.route import Route
from rostra.web.routes import all_routes

MADE_UP = "1887436799999999999"
"""An id of the right form that nothing has."""


class Cast:
    """Everybody who looks at a scene, by name; anybody else is `anonymous`."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.viewers: dict[str, Member | None] = {"anonymous": None}

    def __getitem__(self, name: str) -> Member:
        member = self.viewers[name]
        assert member is not None
        return member

    def client(self, name: str) -> Any:
        """How somebody asks."""
        viewer = self.viewers[name]
        return viewer.client if viewer else self.town.anybody


async def told_apart(client: Any, ids: Iterable[str]) -> list[tuple[str, str, str, Any]]:
    """Where ids are answered otherwise than one that nothing has.

    By every endpoint with an id in its path, by all methods: status and body are compared.
    """
    told = []
    for endpoint in all_endpoints():
        if not endpoint.path_params:
            continue
        for method in endpoint.methods:
            body = {} if method in {"GET", "DELETE"} else {"json": {"status": "x", "comment": "x"}}
            answers = {}
            for each in (MADE_UP, *ids):
                answer = await client.request(method, fill(endpoint.path, {}, each), **body)
                answers[each] = (answer.status_code, without(answer.text, (each,)))
            told += [
                (method, endpoint.path, each, answer)
                for each, answer in answers.items()
                if answer != answers[MADE_UP]
            ]
    return told


ECHOING = ("/relationships", "/familiar_followers")
BOUNDS = re.compile(r"(?:max|min|since)_id=\d+")


def reads() -> list[Endpoint[Any]]:
    """Endpoints that only read."""
    return [endpoint for endpoint in all_endpoints() if endpoint.method == "GET"]


def writes() -> list[Endpoint[Any]]:
    """All others."""
    return [endpoint for endpoint in all_endpoints() if endpoint.method != "GET"]


def pages() -> list[Route[Any]]:
    """Pages, feeds and all else that browsers get."""
    return [route for route in all_routes() if route.method == "GET"]


def paths(
    endpoint: Endpoint[Any] | Route[Any], ids: Sequence[str], words: Mapping[str, str]
) -> Iterator[str]:
    """The endpoint's path, once for each id that could stand in it."""
    names = [name for name in endpoint.path_params if name not in words]
    for each in ids if names else ids[:1]:
        yield fill(endpoint.path, {**words, **dict.fromkeys(names, each)}, each)


async def everything(
    town: Town, who: Member | None, ids: Sequence[str], words: Mapping[str, str]
) -> dict[str, str]:
    """All that one viewer (None: anybody) gets to read, headers too, by path.

    Args:
        town: where.
        who: the viewer.
        ids: what to put wherever an id goes.
        words: `name`, `tag` and `word` to look for, and `url`: a link that trends.
    """
    client = who.client if who else town.anybody
    query: list[tuple[str, str]] = [
        ("q", words["word"]),
        ("acct", words["name"]),
        ("limit", "80"),
        ("timeline[]", "home"),
        ("timeline[]", "notifications"),
    ]
    if "url" in words:
        query.append(("url", words["url"]))
    several = [("id[]", each) for each in ids]
    found = {}
    for endpoint in reads():
        for path in paths(endpoint, ids, {"hashtag": words["tag"], "name": words["tag"]}):
            # These answer with the ids that they are asked for.
            many = [] if path.endswith(ECHOING) else several
            answer = await client.get(path, params=[*query, *many])
            assert answer.status_code < 500, f"{path}: {answer.text}"
            bounds = BOUNDS.findall(answer.headers.get("link", ""))
            found[path] = "\n".join([*bounds, answer.text])
    browser = await town.browser(who) if who else town.anybody
    for route in pages():
        for path in paths(route, ids, {"acct": words["name"], "name": words["tag"]}):
            if who is not None and path.endswith(".rss"):
                continue  # what anybody gets, whoever asks: looked at with nobody signed in
            query_of = {"q": words["word"]} if route.path == "/search" else {}
            answer = await browser.get(path, params=query_of)
            assert answer.status_code < 500, f"{path}: {answer.text}"
            found[path] = answer.text
    return found


def where(found: Mapping[str, str], needle: str) -> list[str]:
    """The paths whose answers hold the needle, although the needle is not in the path."""
    return [path for path, text in found.items() if needle in text and needle not in path]


def without(text: str, needles: Iterable[str]) -> str:
    """The text with each needle replaced by the same mark."""
    for needle in needles:
        text = text.replace(needle, "…")
    return text
