"""Polls on pages: the fields of the form that posts are written in, and voting.

Fields: `option_1`…, `poll_lasts` in seconds (empty: the end that it has), `poll_multiple`,
`poll_hidden`. There is a poll where an option has words.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.http.response import Response
from rostra.kernel import ids
from rostra.kernel.errors import Invalid
from rostra.network.polls.vote import vote as cast
from rostra.network.posts.model import PollDraft
from rostra.settings import Posts
from rostra.web.call import PageCall
from rostra.web.route import MEMBER, POST, Route
from rostra.web.views.forms import Option
from rostra.web.views.parts import PollView

_MOST: Final = 32
_USUAL: Final = "86400"
_NAMES: Final = {"poll.options": "option_1", "poll.expires_in": "poll_lasts"}
_DURATIONS: Final = (
    (300, "5 minutes"),
    (1800, "30 minutes"),
    (3600, "1 hour"),
    (21_600, "6 hours"),
    (43_200, "12 hours"),
    (86_400, "1 day"),
    (259_200, "3 days"),
    (604_800, "7 days"),
    (1_209_600, "14 days"),
    (2_592_000, "30 days"),
)
NAMES: Final = _NAMES
"""Fields of the form by the network's names."""


class VoteParams(msgspec.Struct, frozen=True, kw_only=True):
    """Which options of the poll of which post."""

    id: Id
    choices: tuple[int, ...] = ()


def typed(tree: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a poll as they were typed."""
    names = [*(f"option_{at}" for at in range(1, _MOST + 1)), "poll_lasts"]
    names += ["poll_multiple", "poll_hidden"]
    return {name: value for name in names if isinstance(value := tree.get(name), str) and value}


def asked(tree: Mapping[str, Any]) -> PollDraft | None:
    """The poll of a form; None where no option has words."""
    fields = typed(tree)
    options = tuple(fields.get(f"option_{at}", "") for at in range(1, _MOST + 1))
    if not any(option.strip() for option in options):
        return None
    return PollDraft(
        options=options,
        lasts_s=ids.parse(fields.get("poll_lasts", "")),
        multiple="poll_multiple" in fields,
        hide_totals="poll_hidden" in fields,
    )


def as_asked(poll: PollView | None) -> dict[str, str]:
    """The fields of a form for a poll that is there; nothing chosen where none is."""
    if poll is None:
        return {"poll_lasts": _USUAL}
    values = {f"option_{at}": option.title for at, option in enumerate(poll.options, 1)}
    if poll.multiple:
        values["poll_multiple"] = "1"
    if poll.hidden:
        values["poll_hidden"] = "1"
    return values


def durations(limits: Posts, *, keep: bool = False) -> Sequence[Option]:
    """How long a poll can run; with ``keep`` also to the end that it has."""
    fitting = tuple(
        Option(str(seconds), words)
        for seconds, words in _DURATIONS
        if limits.min_poll_seconds <= seconds <= limits.max_poll_seconds
    )
    return (Option("", "As long as before"), *fitting) if keep else fitting


async def vote(call: PageCall[VoteParams]) -> Response:
    """Vote, and lead back to the post."""
    services, params = call.services, call.params
    default = f"/posts/{params.id}"
    try:
        async with services.db.write() as tx:
            await cast(services, tx, call.viewer_id, params.id, params.choices)
    except Invalid as error:
        words = "Choose something first." if not params.choices else error.safe
        return call.back(default, flash=words, tone="bad")
    return call.back(default, flash="Your vote is counted.")


ROUTES: tuple[Route[Any], ...] = (Route(POST, "/posts/{id}/vote", vote, MEMBER, params=VoteParams),)
