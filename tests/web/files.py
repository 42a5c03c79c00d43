"""Files that members take along and bring in, as a browser sends and gets them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from tests.harness.browser import Browser
from tests.harness.crowd import Member, good
from tests.web.conftest import Streets

HEADS = {
    "follows": ["Account address", "Show boosts", "Notify on new posts", "Languages"],
    "mutes": ["Account address", "Hide notifications"],
    "filters": ["Filter title", "Contexts", "Action", "Expires at", "Keyword", "Whole word"],
}
NAMES = {
    "follows": "following_accounts",
    "blocks": "blocked_accounts",
    "mutes": "muted_accounts",
    "lists": "lists",
    "bookmarks": "bookmarks",
    "filters": "filters",
    "domain_blocks": "blocked_domains",
}


async def table(browser: Browser, kind: str) -> list[list[str]]:
    """A file of one's own, without the names of its columns."""
    answer = await browser.client.get(f"/settings/data/{kind}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    name = answer.headers["content-disposition"]
    assert name == f'attachment; filename="{NAMES[kind]}.csv"'
    lines = list(csv.reader(io.StringIO(answer.text, newline="")))
    if kind in HEADS:
        assert lines.pop(0) == HEADS[kind]
    return lines


async def send(browser: Browser, kind: str, data: bytes | str, mode: str = "merge") -> int:
    """Send a file; the status of the answer."""
    await browser.open("/settings/import")
    sent = data.encode() if isinstance(data, str) else data
    files = {"file": ("given.csv", sent, "text/csv")}
    answer = await browser.send("/settings/import", files, kind=kind, mode=mode)
    return answer.status_code


async def bring_in(
    streets: Streets, browser: Browser, kind: str, data: bytes | str, mode: str = "merge"
) -> str:
    """Send a file, say yes, and let it be done; the page that tells what became of it."""
    assert await send(browser, kind, data, mode) == 200, browser.text
    place = browser.path
    await browser.send(f"{place}/confirm")
    await streets.rostra.work()
    await browser.open(place)
    return " ".join(browser.text.split())


async def relation(who: Member, whom: Member) -> Any:
    answer = await who.client.get("/api/v1/accounts/relationships", params={"id[]": whom.id})
    return good(answer)[0]


def addresses(streets: Streets, *people: Member) -> list[str]:
    domain = streets.rostra.services.settings.domain
    return [f"{each.name}@{domain}" for each in people]


def lines(*each: Sequence[str]) -> str:
    return "\n".join(",".join(line) for line in each) + "\n"
