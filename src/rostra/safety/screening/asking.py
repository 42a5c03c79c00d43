"""Asks the rules: what they need is read first, then each is a pure function of that."""

from collections.abc import Iterable, Mapping, Sequence
from time import perf_counter_ns
from typing import Any, Final

from rostra.kernel import ids
from rostra.kernel.clock import DAY
from rostra.network.screening import About, Said
from rostra.safety.edge import Reader, Services
from rostra.safety.rules.features import Features, Lookup
from rostra.safety.rules.model import Asked, LiveRule
from rostra.safety.rules.outcome import Outcome
from rostra.safety.rules.rule import evaluate
from rostra.safety.rules.texts import found_in_text
from rostra.safety.rules.vocabulary import COUNTED_TO, Needs, counter_name
from rostra.safety.screening import queries
from rostra.safety.screening.authors import Author
from rostra.safety.screening.model import Heard

_OF_TEXT: Final = frozenset({"post.links", "post.domains", "post.tags", "post.mentions"})
_OF_SIGNAL: Final = "signal."
_COUNTERS: Final = {"reports_on": queries.REPORTS_ON, "decisions_on": queries.DECISIONS_ON}
_OF_POSTS: Final = ("posts_by", "replies_by", "media_by")


class Found:
    """What is found out of words only when a rule comes to need it."""

    __slots__ = ("_heard", "_in_text", "_lookup", "_text")

    def __init__(self, text: str, heard: Iterable[Heard], lookup: Lookup | None) -> None:
        self._text = text
        self._lookup = lookup
        self._heard = {each.signal: each for each in heard if not each.failed}
        self._in_text: dict[str, Any] | None = None

    def __call__(self, name: str) -> Any:
        """The value of this name; None where it is not known."""
        if name in _OF_TEXT:
            if self._in_text is None:
                self._in_text = found_in_text(self._text)
            return self._in_text[name]
        if name.startswith(_OF_SIGNAL):
            signal, _, harm = name.removeprefix(_OF_SIGNAL).rpartition(".")
            heard = self._heard.get(signal)
            return None if heard is None else heard.scores.get(harm, 0.0)
        return None if self._lookup is None else self._lookup(name)


async def known(
    services: Services,
    reader: Reader,
    needs: Needs,
    said: Said,
    about: About,
    *,
    author: Author | None,
) -> dict[str, Any]:
    """What rules that need this are told; no statement where they count nothing."""
    values: dict[str, Any] = {
        "post.text": said.text,
        "post.kind": str(said.what),
        "post.language": about.language or said.language,
        "post.spoiler": about.spoiler,
        "post.media": len(about.media_ids),
        "post.is_reply": about.is_reply,
        "post.visibility": about.visibility or None,
        "post.sensitive": about.sensitive,
    }
    now = services.clock.now()
    if author is not None:
        values |= _author(author, now)
    values |= await _counted(reader, needs.counters, said.account_id, now)
    return values


def _author(author: Author, now: int) -> dict[str, Any]:
    return {
        "author.username": author.username,
        "author.age_days": (now - author.created_at) / DAY,
        "author.posts": author.posts,
        "author.followers": author.followers,
        "author.following": author.following,
        "author.bot": bool(author.bot),
    }


async def _counted(
    reader: Reader, counters: Iterable[tuple[str, int]], account_id: int, now: int
) -> dict[str, int]:
    """Counters over spans of time (ms): one statement for each span of posts, or other counter."""
    values: dict[str, int] = {}
    wanted = frozenset(counters)
    for window in sorted({window for name, window in wanted if name in _OF_POSTS}):
        row = await reader.first(queries.WROTE, **_since(account_id, now, window))
        for name, count in zip(_OF_POSTS, row or (0, 0, 0), strict=True):
            values[counter_name(name, window)] = int(count)
    for name, window in sorted(wanted):
        if name in _COUNTERS:
            count = await reader.value(_COUNTERS[name], **_since(account_id, now, window))
            values[counter_name(name, window)] = int(count)
    return values


def _since(account_id: int, now: int, window: int) -> dict[str, int]:
    return {"account": account_id, "since": ids.floor_at(now - window), "most": COUNTED_TO}


def ask(
    rules: Sequence[LiveRule], values: Mapping[str, Any], found: Found
) -> list[tuple[Asked, Outcome]]:
    """What each rule answers, and how long that took."""
    features = Features(values, found)
    answers = []
    before = perf_counter_ns()
    for each in rules:
        outcome = evaluate(each.rule, features)
        now = perf_counter_ns()
        answers.append((Asked(each, outcome.verdict, now - before), outcome))
        before = now
    return answers
