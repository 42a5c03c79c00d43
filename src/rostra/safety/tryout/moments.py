"""What was known of each post when it was posted: the features that rules ask about."""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from rostra.kernel.ids import time_of
from rostra.safety.rules.features import Features
from rostra.safety.rules.spans import DAY
from rostra.safety.rules.texts import found_in_text
from rostra.safety.rules.vocabulary import COUNTED_TO, Needs, counter_name
from rostra.safety.signals.model import Finding, Material, Signal
from rostra.safety.tryout.model import Author, PastPost

_OF_TEXT: Final = frozenset({"post.links", "post.domains", "post.tags", "post.mentions"})
_OF_SIGNAL: Final = "signal."
_OF_LIST: Final = "list."


class Aids(msgspec.Struct, frozen=True):
    """What can be asked of the past again, as it would answer today.

    Attributes:
        signals: those that need nothing but the text, by name.
        lists: the named lists, as tests of a text.
    """

    signals: Mapping[str, Signal] = {}
    lists: Mapping[str, Callable[[str], bool]] = {}


NO_AIDS: Final = Aids()


class Moments:
    """The posts of one author; each is asked about once, the oldest first."""

    def __init__(self, author: Author, needs: Needs, aids: Aids) -> None:
        self._author = author
        self._aids = aids
        self._posts = author.posts
        self._wrote = list(author.wrote)
        self._replied = list(author.replied)
        self._pictured = list(author.pictured)
        times: dict[str, list[int] | tuple[int, ...]] = {
            "posts_by": self._wrote,
            "replies_by": self._replied,
            "media_by": self._pictured,
            "reports_on": author.reported,
            "decisions_on": author.decided,
        }
        self._windows = [
            (counter_name(counter, window), times[counter], window)
            for counter, window in needs.counters
        ]

    def of(self, post: PastPost) -> "Moment":
        """What was known of a post, and of its author by then."""
        at, author = time_of(post.id), self._author
        values: dict[str, Any] = {
            "post.text": post.text,
            "post.kind": "post",
            "post.language": post.language,
            "post.spoiler": post.spoiler,
            "post.media": post.media,
            "post.is_reply": post.is_reply,
            "post.visibility": post.visibility or None,
            "post.sensitive": post.sensitive,
            "author.username": author.username,
            "author.age_days": (at - author.made_at) / DAY,
            "author.posts": self._posts + bisect_left(author.reblogged, at),
            "author.followers": author.followers + bisect_left(author.followed, at),
            "author.following": author.following + bisect_left(author.follows, at),
            "author.bot": author.bot,
        }
        for name, times, window in self._windows:
            count = bisect_left(times, at) - bisect_left(times, at - window)
            values[name] = min(COUNTED_TO, count)
        self._note(post, at)
        return Moment(values, Asked(post, self._aids))

    def _note(self, post: PastPost, at: int) -> None:
        """It counts for those that come after it."""
        self._posts += post.counts
        self._wrote.append(at)
        if post.is_reply:
            self._replied.append(at)
        if post.media:
            self._pictured.append(at)


class Moment(msgspec.Struct):
    """One post when it was posted."""

    values: dict[str, Any]
    asked: "Asked"

    def features(self) -> Features:
        """For rules to ask; what was found out for one of them is there for the next."""
        return Features(self.values, self.asked)

    def afresh(self) -> Features:
        """Where nothing has been found out yet, so that the time can be taken."""
        return Features(self.values, Asked(self.asked.post, self.asked.aids))


class Asked:
    """What is found out of a post only when a rule comes to need it."""

    __slots__ = ("_findings", "_found", "aids", "post")

    def __init__(self, post: PastPost, aids: Aids) -> None:
        self.post = post
        self.aids = aids
        self._found: dict[str, Any] | None = None
        self._findings: dict[str, Finding | None] = {}

    def __call__(self, name: str) -> Any:
        """The value of this name; None where it can't be known of the past."""
        if name in _OF_TEXT:
            if self._found is None:
                self._found = found_in_text(self.post.text)
            return self._found[name]
        if name.startswith(_OF_LIST):
            return self.aids.lists.get(name.removeprefix(_OF_LIST))
        if name.startswith(_OF_SIGNAL):
            return self._score(*name.removeprefix(_OF_SIGNAL).rsplit(".", 1))
        return None

    def _score(self, name: str, harm: str) -> float | None:
        signal = self.aids.signals.get(name)
        if signal is None:
            return None
        if name not in self._findings:
            self._findings[name] = signal.judge(self._material())
        finding = self._findings[name]
        return 0.0 if finding is None else finding.scores.get(harm, 0.0)

    def _material(self) -> Material:
        post = self.post
        links = self("post.links")
        return Material(post.text, "post", post.language, post.account_id, links)
