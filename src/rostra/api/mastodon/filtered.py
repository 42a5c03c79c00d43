"""What a member's filters match, written into the posts that they get.

As with Mastodon the post stays in the answer whatever the filter's action and contexts are: clients
warn, blur or hide where it holds.
"""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from rostra.api.mastodon.entities.filters import FilterHead, FilterResult
from rostra.api.mastodon.times import iso_or_none
from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.filters import matching
from rostra.network.filters.model import Action, Context, Filter, Match, Subject

_encode = msgspec.json.Encoder().encode
_NOTHING = b'"filtered":[]'


async def mark(
    services: Services,
    reader: Reader,
    viewer: Viewer,
    shown: dict[int, bytes],
    posts: Iterable[Subject],
) -> None:
    """Fill `filtered` of those posts in ``shown`` (JSON by id) that the viewer's filters match.

    No query where these were shown to the viewer before.
    """
    subjects = [post for post in posts if post.id in shown]
    found = await matching.matches(
        services, reader, viewer.account_id, viewer.filters_version, subjects
    )
    for subject in subjects:
        matches = found.get(subject.id)
        if matches:
            # A reblog has the field twice: its own, and that of the original inside it. In texts
            # the quotes are escaped, so nothing else can be taken for it.
            fields = 1 if subject.id == subject.text_id else 2
            shown[subject.id] = shown[subject.id].replace(_NOTHING, _filled(matches), fields)


@lru_cache(maxsize=4096)
def _filled(matches: tuple[Match, ...]) -> bytes:
    return b'"filtered":' + _encode([filter_result(each) for each in matches])


def filter_head(found: Filter) -> dict[str, object]:
    """What every form of a filter says of it, as arguments of its entity."""
    return {
        "id": str(found.id),
        "title": found.title,
        "context": Context(found.contexts).names,
        "expires_at": iso_or_none(found.expires_at),
        "filter_action": Action(found.action).wire,
    }


def filter_result(match: Match) -> FilterResult:
    """A match as clients read it."""
    return FilterResult(
        FilterHead(**filter_head(match.filter)),  # type: ignore[arg-type] # they are its fields
        (match.keyword,) if match.keyword else None,
        tuple(map(str, match.posts)) or None,
    )
