"""How often anybody may do anything: fixed windows, one table of names, counters behind a port."""

import secrets
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple, Protocol

import msgspec

from rostra.http.address import AddressBook, limit_key
from rostra.kernel.clock import Clock
from rostra.kernel.errors import TooManyRequests

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400
_SUBJECTS_KEPT: Final = 4096


class Rule(msgspec.Struct, frozen=True):
    """At most `limit` times in `period_s` seconds; a limit of 0 switches the rule off."""

    limit: int
    period_s: int


# Every limit of the program. The API's are Mastodon's documented ones, which clients expect.
DEFAULT_RULES: Final[Mapping[str, Rule]] = {
    "api_account": Rule(300, 5 * MINUTE),
    "api_anonymous": Rule(300, 5 * MINUTE),
    "api_address": Rule(7500, 5 * MINUTE),  # all accounts behind one address together
    "pages_address": Rule(1500, 5 * MINUTE),
    "stream_address": Rule(600, 5 * MINUTE),  # connections to streams
    "stream_account": Rule(120, 5 * MINUTE),
    "media_account": Rule(30, 30 * MINUTE),
    "delete_account": Rule(30, 30 * MINUTE),
    "post_account": Rule(300, 3 * HOUR),
    "follow_account": Rule(400, DAY),
    "block_account": Rule(300, HOUR),  # each of them and its end: several statements that write
    "report_account": Rule(400, DAY),
    "appeal_address": Rule(30, DAY),
    "outside_report_address": Rule(20, DAY),
    "outside_report_mail": Rule(5, DAY),  # receipts to one mail address
    "search_account": Rule(100, 5 * MINUTE),
    "archive_account": Rule(5, DAY),
    "export_account": Rule(60, HOUR),
    "import_account": Rule(30, DAY),
    "app_address": Rule(20, 10 * MINUTE),
    "sign_up_address": Rule(25, 5 * MINUTE),
    "sign_in_address": Rule(25, 5 * MINUTE),
    "sign_in_account": Rule(10, HOUR),
    "second_factor_account": Rule(10, HOUR),
    "password_change_account": Rule(10, HOUR),
    "password_reset_address": Rule(25, 5 * MINUTE),
    "password_reset_account": Rule(5, 30 * MINUTE),
    "confirmation_address": Rule(25, 5 * MINUTE),
    "confirmation_account": Rule(5, 30 * MINUTE),
    "oauth_token_address": Rule(300, 5 * MINUTE),
}

# What stands before a password or a code. Nobody gets another try at one because a count was lost
# among many others: each of these rules has a table of its own, in which none ever is.
NEVER_LOST: Final = (
    "sign_in_address",
    "sign_in_account",
    "second_factor_account",
    "password_change_account",
    "password_reset_address",
    "password_reset_account",
)
TABLES: Final = 1 + len(NEVER_LOST)


class LimitRules(msgspec.Struct, frozen=True):
    """Which rules hold: the defaults, with the operator's own figures in their place.

    Attributes:
        own: rules by name that replace defaults.
        factor: multiplies every limit (a benchmark or a test sets it high); 0 switches all off.
        exempt: addresses or networks (CIDR) that no limit by address holds for.
    """

    own: dict[str, Rule] = {}
    factor: float = 1
    exempt: tuple[str, ...] = ()

    def rule(self, name: str) -> Rule:
        """The rule of that name.

        Raises:
            KeyError: there is none; names are part of the program, so that is a mistake in it.
        """
        default = DEFAULT_RULES[name]
        found = self.own.get(name, default)
        if self.factor == 1 or not found.limit:
            return found
        limit = max(1, round(found.limit * self.factor)) if self.factor else 0
        return Rule(limit, found.period_s)


class Allowance(NamedTuple):
    """What one count left of a limit, and when it starts anew (unix seconds)."""

    limit: int
    remaining: int
    resets_at_s: int
    ok: bool


FREE: Final = Allowance(0, 0, 0, ok=True)


class Counters(Protocol):
    """Counts by key that end on their own: in memory (one process) or a file (a machine).

    Attributes:
        secret: what keys are made with, so that nobody can look for those that meet.
    """

    secret: bytes

    def add(self, key: int, ends_at_s: int, now_s: int, amount: int, table: int = 0) -> int:
        """Add to the count of `key` (64 bits) and return it; a count that has ended starts at 0.

        Where there are too many, small counts of table 0 are lost. Those of any other table, whose
        ends must all be the same at a time, are handed on to whoever takes their place.
        """
        ...

    def drop(self, key: int, table: int = 0) -> None:
        """Forget the count of `key`."""
        ...


class MemoryCounters:
    """Counters of one process; when a table has `capacity`, its oldest or smallest give way."""

    def __init__(self, capacity: int = 100_000) -> None:
        self.secret = secrets.token_bytes(32)
        self._tables: dict[int, dict[int, tuple[int, int]]] = {}
        self._capacity = capacity

    def add(self, key: int, ends_at_s: int, now_s: int, amount: int, table: int = 0) -> int:
        """See `Counters.add`."""
        counts = self._tables.setdefault(table, {})
        end, count = counts.get(key) or self._place(counts, table, now_s)
        if end <= now_s:
            end, count = ends_at_s, 0
        counts[key] = (end, count + amount)
        return count + amount

    def _place(self, counts: dict[int, tuple[int, int]], table: int, now_s: int) -> tuple[int, int]:
        """Make room for another key; what it starts with."""
        if len(counts) < self._capacity:
            return (0, 0)
        if not table:
            del counts[next(iter(counts))]
            return (0, 0)
        return counts.pop(min(counts, key=lambda each: (counts[each][0] > now_s, counts[each][1])))

    def drop(self, key: int, table: int = 0) -> None:
        """See `Counters.drop`."""
        self._tables.get(table, {}).pop(key, None)


class Limiter:
    """Counts what somebody does against the rules. Call it from the event loop only."""

    def __init__(self, counters: Counters, rules: LimitRules, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock
        self._rules = {
            name: (rule.limit, rule.period_s)
            for name, rule in ((name, rules.rule(name)) for name in DEFAULT_RULES)
        }
        self._tables = {name: table for table, name in enumerate(NEVER_LOST, 1)}
        self._exempt = AddressBook(rules.exempt)
        self._subjects: dict[str, str] = {}

    def address_key(self, address: str) -> str:
        """The subject that counts for an address; empty (nothing counts) where it is exempt."""
        known = self._subjects.get(address)
        if known is None:
            known = "" if self._exempt.trusts(address) else limit_key(address)
            if len(self._subjects) >= _SUBJECTS_KEPT:
                self._subjects.clear()
            self._subjects[address] = known
        return known

    def count(self, name: str, subject: str | int, amount: int = 1) -> Allowance:
        """Count one use by `subject`: an account id, an address key, a mail address ("": free)."""
        limit, period = self._rules[name]
        if limit <= 0 or subject == "":
            return FREE
        now = self._clock.now() // 1000
        ends = now - now % period + period
        key = key_of(self._counters.secret, name, subject)
        used = self._counters.add(key, ends, now, amount, self._tables.get(name, 0))
        return Allowance(limit, max(0, limit - used), ends, used <= limit)

    def hit(self, name: str, subject: str | int) -> Allowance:
        """Count one use and refuse what is over the limit.

        Raises:
            TooManyRequests: with the seconds until the window ends.
        """
        allowance = self.count(name, subject)
        if not allowance.ok:
            raise self.refusal(allowance)
        return allowance

    def forget(self, name: str, subject: str | int) -> None:
        """Start a subject anew, for instance sign-in failures after a success."""
        key = key_of(self._counters.secret, name, subject)
        self._counters.drop(key, self._tables.get(name, 0))

    def refusal(self, allowance: Allowance) -> TooManyRequests:
        """The error that says how long to wait for a used-up allowance."""
        wait = self.seconds_until(allowance.resets_at_s)
        return TooManyRequests(wait, allowance.limit, allowance.resets_at_s * 1000)

    def seconds_until(self, resets_at_s: int) -> int:
        """Whole seconds from now until then, at least 1: a `Retry-After`."""
        return max(1, resets_at_s - self._clock.now() // 1000)


@lru_cache(maxsize=8192)
def key_of(secret: bytes, name: str, subject: str | int) -> int:
    """64 bits for a rule's name and a subject, the same in every process that has the secret."""
    text = f"{name}\0{subject}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8, key=secret).digest(), "little") or 1
