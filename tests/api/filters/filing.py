"""Making a filter, and seeing what it did to a post."""

from typing import Any

from tests.harness.neighbours import Asker

PATH = "/api/v2/filters"
MADE_UP = "1887436799999999999"


async def make(asker: Asker, *keywords: str, status: int = 200, **more: Any) -> Any:
    wish = {
        "title": "Mine",
        "context": ["home"],
        "keywords_attributes": [{"keyword": each} for each in keywords],
    }
    return await asker.do(PATH, status, **{**wish, **more})


async def seen(asker: Asker, post_id: str) -> list[tuple[str, Any, Any]]:
    post = await asker.get(f"/api/v1/statuses/{post_id}")
    return [
        (each["filter"]["title"], each["keyword_matches"], each["status_matches"])
        for each in post["filtered"]
    ]
