"""Which filters match which posts. What a page needs of it is a look into a table.

A member's filters are made ready once for each version of them and process. What a post matched is
kept under (version of the filters, post, version of the post), so a post is looked through once for
each member who has filters, and what was kept is never wrong. Both are bounded.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

import msgspec

from rostra.network.edge import Database, Reader, Services
from rostra.network.filters import access, queries
from rostra.network.filters.model import Filter, FilterRules, Match, Subject
from rostra.network.filters.words import Haystack, Needle, folded

_MATCHERS_KEPT = 8_000_000  # characters of keywords, roughly
_RESULTS_KEPT = 100_000  # posts that a member has come upon

V = TypeVar("V")


class _Prepared(msgspec.Struct, frozen=True):
    """One filter, ready to be held against posts."""

    filter: Filter
    needles: tuple[Needle, ...]
    posts: frozenset[int]

    def match(self, subject: Subject, haystack: Haystack) -> Match | None:
        """The match, if there is one. The first keyword that is found is enough."""
        keyword = next((n.keyword for n in self.needles if haystack.holds(n)), "")
        posts: tuple[int, ...] = ()
        if self.posts:
            both = dict.fromkeys((subject.id, subject.text_id))
            posts = tuple(each for each in both if each in self.posts)
        return Match(self.filter, keyword, posts) if keyword or posts else None


class _Result(msgspec.Struct, frozen=True):
    """What a post matched, and when the first of these filters expires (UTC ms; 0: none does)."""

    matches: tuple[Match, ...] = ()
    until: int = 0

    @classmethod
    def of(cls, matches: Iterable[Match]) -> "_Result":
        kept = tuple(matches)
        return cls(kept, min((m.filter.expires_at for m in kept if m.filter.expires_at), default=0))

    def in_force(self, now: int) -> tuple[Match, ...]:
        """Without the filters that have expired."""
        if not self.until or self.until > now:
            return self.matches
        return tuple(
            m for m in self.matches if not m.filter.expires_at or m.filter.expires_at > now
        )


_NOTHING = _Result()


class _Kept(Generic[V]):
    """What was used last, up to a weight, in two generations as in `kernel.byte_cache`."""

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._new: dict[Hashable, tuple[V, int]] = {}
        self._old: dict[Hashable, tuple[V, int]] = {}
        self._weight = 0

    def get(self, key: Hashable) -> V | None:
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is None:
                return None
            self.put(key, *found)
        return found[0]

    def put(self, key: Hashable, value: V, weight: int = 1) -> None:
        self._new[key] = value, weight
        self._weight += weight
        if self._weight > self._half:
            self._old, self._new, self._weight = self._new, {}, 0


class _Known:
    """What a process knows of the filters in one database."""

    def __init__(self) -> None:
        self.matchers: _Kept[tuple[_Prepared, ...]] = _Kept(_MATCHERS_KEPT)
        self.results: _Kept[_Result] = _Kept(_RESULTS_KEPT)


_known: WeakKeyDictionary[Database, _Known] = WeakKeyDictionary()


async def versions(reader: Reader, account_ids: Iterable[int]) -> dict[int, int]:
    """The version of the filters of each of these members who has any. One query.

    For those who deliver to many at once; whoever asks for themselves has it in their `Viewer`.
    """
    return dict(await reader.all(queries.VERSIONS, accounts=list(account_ids)))


async def matches(
    services: Services, reader: Reader, account_id: int, version: int, posts: Sequence[Subject]
) -> dict[int, tuple[Match, ...]]:
    """What of a member's filters matches each of the posts that some filter matches.

    No query where all of this was asked before; else at most four. Posts must be such as a loader
    has let through for the member.

    Args:
        services: the house's parts.
        reader: where to read.
        account_id: whose filters.
        version: of their filters; 0: they have none.
        posts: what the filters are held against.
    """
    if not version or not posts:
        return {}
    known = _known.get(services.db)
    if known is None:
        known = _known[services.db] = _Known()
    results: dict[int, _Result] = {}
    missing: list[Subject] = []
    for post in posts:
        result = known.results.get((version, post.id, post.text_version))
        if result is None:
            missing.append(post)
        else:
            results[post.id] = result
    if missing:
        prepared = await _matcher(known, reader, account_id, version)
        words = await _words(services, reader, missing)
        for post in missing:
            result = _matched(prepared, post, words.get(post.text_id, ""))
            known.results.put((version, post.id, post.text_version), result)
            results[post.id] = result
    now = services.clock.now()
    return {post_id: held for post_id, each in results.items() if (held := each.in_force(now))}


def _matched(prepared: Iterable[_Prepared], post: Subject, text: str) -> _Result:
    haystack = Haystack(text)
    found = [match for each in prepared if (match := each.match(post, haystack))]
    return _Result.of(found) if found else _NOTHING


async def _matcher(
    known: _Known, reader: Reader, account_id: int, version: int
) -> tuple[_Prepared, ...]:
    kept = known.matchers.get((account_id, version))
    if kept is None:
        rules = await access.all_rules(reader, account_id)
        kept = tuple(_prepared(each) for each in rules if each.keywords or each.posts)
        weight = sum(100 + len(n.keyword) for each in kept for n in each.needles)
        known.matchers.put((account_id, version), kept, 1_000 + weight)
    return kept


def _prepared(rules: FilterRules) -> _Prepared:
    return _Prepared(
        rules.filter,
        tuple(Needle.of(k.keyword, whole_word=bool(k.whole_word)) for k in rules.keywords),
        frozenset(each.post_id for each in rules.posts),
    )


async def _words(services: Services, reader: Reader, posts: Iterable[Subject]) -> dict[int, str]:
    """The folded words of each post: text, content warning, descriptions, poll.

    They are shared by all members, and kept with the fragments.
    """
    found: dict[int, str] = {}
    missing: dict[int, int] = {}
    for post in posts:
        kept = services.fragments.get(("words", post.text_id, post.text_version))
        if kept is None:
            missing[post.text_id] = post.text_version
        else:
            found[post.text_id] = kept.decode()
    if missing:
        parts: dict[int, list[str]] = {}
        for post_id, *texts in await reader.all(queries.WORDS, ids=list(missing)):
            parts.setdefault(post_id, []).extend(texts)
        for post_id, text_version in missing.items():
            found[post_id] = folded("\n\n".join(filter(None, parts.get(post_id, ()))))
            key = ("words", post_id, text_version)
            services.fragments.put(key, found[post_id].encode())
    return found
