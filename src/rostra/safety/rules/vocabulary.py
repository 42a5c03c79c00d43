"""The words of the language: features and functions, their types, and what they cost."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from rostra.safety.rules.spans import DAY


class Kind(StrEnum):
    """The type of a value, as people read it in faults."""

    NUMBER = "a number"
    TEXT = "a text"
    TEXTS = "a list of texts"
    NUMBERS = "a list of numbers"
    FLAG = "true or false"
    UNKNOWN = "unknown"  # of something faulty: nothing more is said of it


class Feature(msgspec.Struct, frozen=True):
    """Something that is known of a post or its author."""

    kind: Kind
    words: str


_N, _T, _S, _F = Kind.NUMBER, Kind.TEXT, Kind.TEXTS, Kind.FLAG
FEATURES: Final[Mapping[str, Feature]] = {
    "post.text": Feature(_T, "all words of it: warning, text, choices of a poll, descriptions"),
    "post.kind": Feature(_T, '"post", "edit" or "profile"'),
    "post.language": Feature(_T, 'a code such as "de"; empty: not said'),
    "post.spoiler": Feature(_T, "its content warning"),
    "post.links": Feature(_S, "the addresses in it"),
    "post.domains": Feature(_S, "the hosts of these, without www."),
    "post.tags": Feature(_S, "its hashtags, in lower case, without #"),
    "post.mentions": Feature(_N, "how many accounts it names"),
    "post.media": Feature(_N, "how many pictures, videos and recordings it has"),
    "post.is_reply": Feature(_F, "it answers somebody"),
    "post.visibility": Feature(_T, '"public", "unlisted", "private" or "direct"'),
    "post.sensitive": Feature(_F, "its author marked it as sensitive"),
    "author.username": Feature(_T, "without the host"),
    "author.age_days": Feature(_N, "since the account was made, with a fraction"),
    "author.posts": Feature(_N, "how many posts and reblogs their profile counts"),
    "author.followers": Feature(_N, "how many follow them"),
    "author.following": Feature(_N, "how many they follow"),
    "author.bot": Feature(_F, "they say that they are a program"),
}
OWNERS: Final = frozenset(name.partition(".")[0] for name in FEATURES)

COUNTERS: Final[Mapping[str, str]] = {
    "posts_by": "how many posts they wrote before it",
    "replies_by": "how many of those answer somebody",
    "media_by": "how many of those have pictures, videos or recordings",
    "reports_on": "how many reports name them",
    "decisions_on": "how many decisions about them or what they wrote stand, each once",
}
LONGEST_WINDOW: Final = 30 * DAY
COUNTED_TO: Final = 1_000  # a counter stops there

FUNCTIONS: Final[Mapping[str, str]] = {
    "matches": 'matches(text, "pattern"): a regular expression is found in it',
    "listed": 'listed(text, "name"): it holds something of a named list',
    "lower": "lower(text): in lower case",
    "length": "length(text): its characters, or how many are in a list",
    "known": "known(value): whether it is not missing",
    "default": "default(value, otherwise): something else where it is missing",
    "least": "least(a, b): the smaller one",
    "most": "most(a, b): the larger one",
}

# What one step costs, in units; a name or a comparison is 1.
COST_OF_TEXT: Final = 5
COST_OF_PATTERN: Final = 25
COST_OF_LIST: Final = 25
COST_OF_LIST_OF_TEXTS: Final = 100
COST_OF_COUNTER: Final = 10
COST_OF_SIGNAL: Final = 50
MOST_COST: Final = 1_000


class Vocabulary(msgspec.Struct, frozen=True):
    """What a place adds to the words of the language.

    Attributes:
        signals: what can be asked of each signal, by its name.
        lists: the named lists.
    """

    signals: Mapping[str, frozenset[str]] = {}
    lists: frozenset[str] = frozenset()


class Needs(msgspec.Struct, frozen=True):
    """What has to be known for a rule: counters with their windows in ms, signals, lists."""

    features: frozenset[str] = frozenset()
    counters: frozenset[tuple[str, int]] = frozenset()
    signals: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(
            self.features | other.features,
            self.counters | other.counters,
            self.signals | other.signals,
            self.lists | other.lists,
        )


def counter_name(counter: str, window_ms: int) -> str:
    """The name among the features of a counter over this window."""
    return f"{counter}.{window_ms // 1_000}s"
