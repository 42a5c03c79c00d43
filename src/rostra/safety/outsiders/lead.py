"""Where the addresses lead that somebody from outside has typed.

What is told of that never depends on what not everybody can see: an address of a post that names
its author leads to something whether or not there is such a post, for without one the author is
meant; an address without a name leads only to what everybody sees.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Self

import msgspec

from rostra.network.accounts import access as accounts_access
from rostra.network.posts import access as posts_access
from rostra.safety.edge import Reader, Services
from rostra.safety.notices.look_up import Found, Wanted, looked_up
from rostra.safety.notices.reading.fold import fold
from rostra.safety.notices.reading.home import Home, home
from rostra.safety.notices.reading.model import Kind
from rostra.safety.notices.reading.scan import hits
from rostra.safety.notices.reading.targets import Target
from rostra.safety.subjects import Subject, SubjectKind

_NAMES_A_LINE: Final = 10  # more is not looked up of one line


class Led(msgspec.Struct, frozen=True):
    """What one line leads to."""

    subject: Subject
    account_id: int
    seen: bool  # everybody sees it: what is known of it may be told


async def lead(services: Services, reader: Reader, lines: Sequence[str]) -> list[list[Led]]:
    """What each of the lines leads to; an empty list: nothing that may be told of."""
    wanted: list[Wanted] = []
    authors: dict[int, int] = {}  # by the place of a post, the place of its author
    named: list[tuple[int, Target]] = []  # the line of each
    settings = services.settings
    ours = home(settings.site.base_url, settings.domain, settings.media_url)
    for at, line in enumerate(lines):
        for address in _read(ours, line):
            place = len(wanted)
            named.append((at, address))
            name = f"{address.kind.name.lower()}:{address.key or address.acct}"
            wanted.append(Wanted(place, address.kind, address.id, name))
            if address.kind is Kind.POST and address.acct:
                authors[place] = len(wanted)
                named.append((-1, address))
                acct = f"account:{address.acct}"
                wanted.append(Wanted(len(wanted), SubjectKind.ACCOUNT, 0, acct))
    found = await looked_up(reader, wanted)
    seen = await _Seen.of(reader, found.values())
    made: list[list[Led]] = [[] for _ in lines]
    for place, (at, address) in enumerate(named):
        if at < 0:
            continue
        led = seen.led(address, found.get(place), found.get(authors.get(place, -1)))
        if led is not None:
            made[at].append(led)
    return made


def _read(place: Home, line: str) -> list[Target]:
    """The things of ours that a line names by their addresses, each once."""
    found: dict[object, Target] = {}
    for hit in hits(fold(line), place):
        if hit.target.kind is not Kind.PAGE:
            found.setdefault(hit.target.same, hit.target)
        if len(found) == _NAMES_A_LINE:
            break
    return list(found.values())


class _Seen(msgspec.Struct, frozen=True):
    """What everybody sees of all that was found."""

    posts: frozenset[int]
    accounts: frozenset[int]

    @classmethod
    async def of(cls, reader: Reader, found: Iterable[Found]) -> Self:
        """Two statements."""
        all_found = list(found)
        posts = [each.subject.id for each in all_found if each.subject.kind == SubjectKind.POST]
        accounts = [each.account_id for each in all_found]
        return cls(
            frozenset(await posts_access.rows(reader, 0, sorted(set(posts)))),
            frozenset(await accounts_access.by_ids(reader, 0, sorted(set(accounts)))),
        )

    def led(self, address: Target, found: Found | None, author: Found | None) -> Led | None:
        """What an address leads to, as far as that may be told."""
        if found is not None and self._all_see(address, found):
            return Led(found.subject, found.account_id, seen=True)
        if author is None or author.account_id not in self.accounts:
            return None
        if found is not None and found.kind == SubjectKind.POST:
            return Led(found.subject, found.account_id, seen=False)
        return Led(author.subject, author.account_id, seen=False)

    def _all_see(self, address: Target, found: Found) -> bool:
        if found.account_id not in self.accounts:
            return False
        if found.subject.kind == SubjectKind.POST and not address.key:
            return found.subject.id in self.posts
        # A file is served to whoever knows its key; its number alone shows nothing.
        return bool(address.key) or found.kind == SubjectKind.ACCOUNT
