"""What each process holds of the lists: ready to be searched for, until one of them changes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from rostra.safety.edge import Reader, Services
from rostra.safety.lists import queries
from rostra.safety.lists.hosts import Hosts
from rostra.safety.lists.model import Entry, ListKind, WordList
from rostra.safety.lists.patterns import Patterns
from rostra.safety.lists.phrases import Hit, Laid, Phrases
from rostra.safety.signals.model import Cost, Finding, Material, Span, Takes
from rostra.safety.signals.normal import Normal, normalise
from rostra.safety.states.keep import Kept, Part, versions

NAME: Final = "lists"
_MOST_SPANS: Final = 30
_MOST_NAMED: Final = 5
_WHOLE: Final = 100
_MOST_KEPT: Final = 128  # texts of one post


class Found(msgspec.Struct, frozen=True):
    """Something of a list in a text.

    Attributes:
        of: the list.
        entry: what of it.
        start: in code points of the text as it was written; both 0: it is in a link alone.
        end: behind its last code point.
    """

    of: WordList
    entry: Entry
    start: int
    end: int


class Lists:
    """All lists that are switched on, searched for at once.

    Args:
        lists: all there are.
        entries: what stands in those that are switched on.
        now: the time (UTC ms), for entries that end.
        version: of what this was made from.
    """

    def __init__(
        self,
        lists: Sequence[WordList],
        entries: Iterable[Entry],
        now: Callable[[], int],
        version: int = 0,
    ) -> None:
        self._by_id: Mapping[int, WordList] = {each.id: each for each in lists}
        self._on = {each.name: each.of for each in lists if each.enabled}
        self._now = now
        self._kept: dict[tuple[bool, str], list[Found]] = {}
        self.version = version
        self.names = frozenset(each.name for each in lists)
        by_kind: dict[ListKind, list[Entry]] = {kind: [] for kind in ListKind}
        for entry in entries:
            by_kind[self._by_id[entry.list_id].of].append(entry)
        self._worded = by_kind[ListKind.PHRASES] + by_kind[ListKind.WORDS]
        self._patterned = by_kind[ListKind.PATTERNS]
        self._hosted = by_kind[ListKind.DOMAINS]
        self._phrases = Phrases([entry.text for entry in self._worded])
        self._patterns = Patterns([entry.text for entry in self._patterned])
        self._hosts = Hosts([entry.text for entry in self._hosted])

    @property
    def idle(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self._worded or self._patterned or self._hosted)

    def signal(self) -> "ListSignal":
        """What judges by these lists."""
        return ListSignal(self)

    def lookup(self, name: str, text: str) -> bool | None:
        """Whether a text has something of this list; None where there is none, or it is off."""
        kind = self._on.get(name)
        if kind is None:
            return None
        found = self._known(text, None, hosts=kind is ListKind.DOMAINS)
        return any(each.of.name == name for each in self._in_force(found))

    def test(self, name: str) -> Callable[[str], bool] | None:
        """What tells whether a text has something of this list: for `listed()` of rules."""
        return (lambda text: bool(self.lookup(name, text))) if name in self._on else None

    def feature(self, name: str) -> Callable[[str], bool] | None:
        """The same by the name that rules have for it, `list.NAME`; None for all else."""
        kind, _, wanted = name.partition(".")
        return self.test(wanted) if kind == "list" else None

    def find(self, text: str, normal: Normal | None = None) -> list[Found]:
        """All that a text has of these lists, in the order in which it stands there."""
        found = [
            *self._known(text, normal, hosts=False),
            *self._known(text, normal, hosts=True),
        ]
        return sorted(self._in_force(found), key=lambda each: (each.start, each.end))

    def forget(self) -> None:
        """Keep nothing of what was asked: another post is looked at."""
        self._kept.clear()

    def _known(self, text: str, normal: Normal | None, *, hosts: bool) -> list[Found]:
        """What a text has of lists of hosts, or of all others.

        It is kept while a post is looked at: a signal and several rules ask about the same texts.
        """
        found = self._kept.get((hosts, text))
        if found is None:
            each = self._hosts_in(text) if hosts else self._words_in(text, normal)
            found = list(dict.fromkeys(each))
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[hosts, text] = found
        return found

    def _in_force(self, found: Iterable[Found]) -> list[Found]:
        now = self._now()
        return [each for each in found if not 0 < each.entry.ends_at <= now]

    def _words_in(self, text: str, normal: Normal | None) -> Iterator[Found]:
        if not (self._worded or self._patterned):
            return
        plain = normal or normalise(text)
        if self._worded:
            yield from self._told(self._worded, self._phrases.find(Laid(plain)))
        yield from self._told(self._patterned, self._patterns.find(plain))

    def _hosts_in(self, text: str) -> Iterator[Found]:
        yield from self._told(self._hosted, self._hosts.find(text))

    def _told(self, entries: Sequence[Entry], hits: Iterable[Hit]) -> Iterator[Found]:
        for hit in hits:
            entry = entries[hit.which]
            yield Found(self._by_id[entry.list_id], entry, hit.start, hit.end)

    def of_links(self, links: Iterable[str]) -> list[Found]:
        """What of these lists links lead to."""
        now = self._now()
        entries = [self._hosted[which] for link in links for which in self._hosts.of_link(link)]
        return [
            Found(self._by_id[entry.list_id], entry, 0, 0)
            for entry in entries
            if not 0 < entry.ends_at <= now
        ]


class ListSignal:
    """The signal of the lists: how bad what was found is said to be by the lists it is in."""

    name = NAME
    cost = Cost.MICROSECONDS
    takes = Takes.TEXT | Takes.LINK

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    @property
    def version(self) -> str:
        """Of the state of the lists."""
        return str(self._lists.version)

    def judge(self, material: Material) -> Finding | None:
        """What stands in the lists; nothing where nothing does."""
        if self._lists.idle:
            return None
        self._lists.forget()
        found = self._lists.find(material.text, material.normal)
        seen = {each.entry.id for each in found}
        found = found + [
            each for each in self._lists.of_links(material.links) if each.entry.id not in seen
        ]
        if not found:
            return None
        scores: dict[str, float] = {}
        for each in found:
            scores[each.of.harm] = max(scores.get(each.of.harm, 0.0), each.of.score / _WHOLE)
        spans = [Span(each.start, each.end, each.of.score / _WHOLE) for each in found if each.end]
        return Finding(
            NAME, self.version, scores, tuple(dict.fromkeys(spans))[:_MOST_SPANS], _reason(found)
        )


def _reason(found: Sequence[Found]) -> str:
    """Which lists, and what of them."""
    by_list: dict[str, dict[str, None]] = {}
    for each in found:
        by_list.setdefault(each.of.name, {})[each.entry.text] = None
    return "; ".join(f"{name}: {_few(list(texts))}" for name, texts in by_list.items())


def _few(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    return ", ".join(texts[:_MOST_NAMED]) + more


async def rows(reader: Reader) -> tuple[list[WordList], list[Entry]]:
    """All lists, and what stands in those that are switched on. Two statements."""
    lists = await reader.all(queries.ALL)
    entries = await reader.all(queries.IN_FORCE) if any(each.enabled for each in lists) else []
    return lists, entries


async def _lists(services: Services, reader: Reader) -> Lists:
    known = await versions(reader)
    lists, entries = await rows(reader)
    return Lists(lists, entries, services.clock.now, known.get(Part.LISTS, 0))


HELD: Kept[Lists] = Kept(Part.LISTS, make=_lists)
"""The lists that are in force. Three statements when one has changed, else none."""
