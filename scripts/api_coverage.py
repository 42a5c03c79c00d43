"""Print docs/api-coverage.md: each endpoint of Mastodon's client API, and what became of it here.

`scripts/api_rows.tsv` holds the endpoints (method and path), and of those that are not here the
plan: `later` with the part that will bring it, or `never` with the reason;
`scripts/api_attributes.tsv` what Mastodon's entities have and ours lack (a test compares). What is
here is looked up in the tables that the server is made from, so the page can't claim more.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from rostra.api.routes import all_endpoints
from rostra.api.streaming.channels import ROUTES
from rostra.web.routes import all_routes

ROWS: Final = Path(__file__).with_name("api_rows.tsv")
ATTRIBUTES: Final = Path(__file__).with_name("api_attributes.tsv")
_INTRODUCTION: Final = """\
# What of Mastodon's API is here

Every endpoint of Mastodon's client API, and its state here. The page is made by a script from the
tables that the server itself is made from; a test holds it current:

```sh
uv run python scripts/api_coverage.py > docs/api-coverage.md
```

- **implemented**: answered, and exercised by a test. Every answer that any test gets is held
  against `/api/openapi.json` (status, content type, body), and a run of all tests fails where an
  endpoint gave none of them a good answer with something in it.
- **empty answer**: answered truthfully with "there is none of it".
- **later**: not answered yet; the part that brings it.
- **never**: not planned, and why.

PUT and PATCH are the same everywhere.
"""


class Row(NamedTuple):
    """An endpoint of Mastodon's API.

    Attributes:
        method: as Mastodon's documentation names it.
        path: likewise.
        plan: `later` or `never`, for what is not here.
        about: the part that will bring it, or the reason.
    """

    method: str
    path: str
    plan: str
    about: str


class Absent(NamedTuple):
    """An attribute of Mastodon's entities that ours lack."""

    entity: str
    attribute: str
    why: str


class Line(NamedTuple):
    """A row with its state."""

    row: Row
    state: str
    about: str


def rows() -> list[Row]:
    """The endpoints of Mastodon's API, in the order of its documentation."""
    return [Row(*cells) for cells in _table(ROWS, Row._fields)]


def attributes() -> list[Absent]:
    """What is not there of Mastodon's entities."""
    return [Absent(*cells) for cells in _table(ATTRIBUTES, Absent._fields)]


def _table(path: Path, names: tuple[str, ...]) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = csv.DictReader(file, delimiter="\t")
        return [[each[name] or "" for name in names] for each in found]


def key(method: str, path: str) -> tuple[str, str]:
    """What makes two spellings of an endpoint the same."""
    plain = re.sub(r":\w+|\{[^}]*\}", "{}", path)
    return ("PUT" if method == "PATCH" else method), plain


def here() -> dict[tuple[str, str], tuple[str, str]]:
    """State and note of everything that is answered."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for route in all_routes():
        found[key(route.method, route.path)] = ("implemented", "a page")
    for name in ROUTES:
        method, _, path = name.partition(" ")
        found[key(method, path)] = ("implemented", "a stream")
    for endpoint in all_endpoints():
        state = "empty answer" if endpoint.empty else "implemented"
        found[key(endpoint.method, endpoint.path)] = (state, "")
    return found


def lines() -> Iterator[Line]:
    """Every row with its state.

    Raises:
        ValueError: of a row that is not here the plan is missing.
    """
    answered = here()
    for row in rows():
        state, about = answered.get(key(row.method, row.path), (row.plan, row.about))
        if not state:
            raise ValueError(
                f"{row.method} {row.path} is not here: say when, or why not, in {ROWS}"
            )
        yield Line(row, state, about)


def area(path: str) -> str:
    """The heading that an endpoint stands under."""
    words = [word for word in path.split("/") if word]
    useful = [word for word in words if not re.fullmatch(r"api|v\d(_alpha)?|\.well-known", word)]
    return "administration" if useful[0] == "admin" else useful[0].replace("_", " ")


def page() -> str:
    """The page."""
    all_lines = list(lines())
    counted = Counter(line.state for line in all_lines)
    out = [_INTRODUCTION, "| state | endpoints |", "| --- | --- |"]
    out += [f"| {state} | {counted[state]} |" for state in sorted(counted)]
    for name in sorted({area(line.row.path) for line in all_lines}):
        out += ["", f"## {name}", "", "| endpoint | state | |", "| --- | --- | --- |"]
        for line in all_lines:
            if area(line.row.path) == name:
                endpoint = f"`{line.row.method} {line.row.path}`"
                out.append(f"| {endpoint} | {line.state} | {line.about} |".replace("|  |", "| |"))
    return "\n".join([*out, *_attributes(), *_beyond(), ""])


def _attributes() -> list[str]:
    lines = [f"| `{each.entity}` | `{each.attribute}` | {each.why} |" for each in attributes()]
    head = ["| entity | attribute | why |", "| --- | --- | --- |"]
    return ["", "## Attributes that are not there", "", *head, *lines]


def _beyond() -> list[str]:
    known = {key(row.method, row.path) for row in rows()}
    names = sorted(
        f"`{endpoint.name}`"
        for endpoint in all_endpoints()
        if key(endpoint.method, endpoint.path) not in known
    )
    return ["", "## Beyond Mastodon's API", "", ", ".join(names)]


if __name__ == "__main__":
    sys.stdout.write(page())
