"""What programs of the team give and read of banks of hashes."""

import msgspec

from rostra.api.mastodon.times import iso, iso_or_none
from rostra.api.safety.common import id_or_none
from rostra.http.body import Upload
from rostra.http.params import Count, Id
from rostra.safety.banks.model import (
    WHOLE,
    Bank,
    HashKind,
    Item,
    ItemState,
    LookBack,
    LookBackState,
    Match,
)
from rostra.safety.categories.facts import facts_of


class HashBank(msgspec.Struct, frozen=True, kw_only=True):
    """A bank. `share`: of its matches, from 0 to 1, that count."""

    id: str
    name: str
    category: str
    wish: str
    note: str
    enabled: bool
    share: float
    hashes_count: int
    created_by: str | None
    created_at: str


class BankHash(msgspec.Struct, frozen=True, kw_only=True):
    """A hash; `state`: on, off or quarantined, that is switched off because it met too much."""

    id: str
    bank_id: str
    kind: str
    hash: str
    note: str
    reason: str
    state: str
    disabled_until: str | None
    vetted: bool
    matches_count: int
    matched_at: str | None
    added_by: str | None
    added_at: str


class HashMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a hash was met on; `post_id` null: no post shows it yet."""

    hash_id: str
    media_id: str
    account_id: str
    post_id: str | None
    kind: str
    distance: int
    at: str


class BankLookBack(msgspec.Struct, frozen=True, kw_only=True):
    """A look at what was uploaded before: running, done or cancelled."""

    id: str
    state: str
    seen_count: int
    total_count: int
    found_count: int
    started_at: str
    ended_at: str | None


class ImportOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the lines of a file."""

    added: int
    known: int
    twice: int
    harmless: int
    others: dict[str, int]


class ExportPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of a bank; `after` of the next page, null at the end."""

    csv: str
    after: str | None


class BankFields(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as it is to be; what is left out of a change stays."""

    name: str | None = None
    category: str | None = None
    wish: str | None = None
    note: str | None = None
    enabled: bool | None = None
    share: float | None = None


class OneBank(msgspec.Struct, frozen=True, kw_only=True):
    """Which bank."""

    id: Id


class ChangedBank(BankFields, frozen=True, kw_only=True):
    """Which bank, and how it is to be."""

    id: Id


class BankPage(OneBank, frozen=True, kw_only=True):
    """Of which bank, and how many before which one."""

    below: Id | None = None
    limit: Count | None = None


class LatelyParams(OneBank, frozen=True, kw_only=True):
    """Of which bank, and how many of the newest."""

    limit: Count | None = None


class NewHash(OneBank, frozen=True, kw_only=True):
    """What comes into which bank: a hash, or all that a file of this place is told by."""

    kind: str = "pdq"
    hash: str = ""
    media_id: Id | None = None
    note: str = ""
    reason: str = ""


class OneHash(OneBank, frozen=True, kw_only=True):
    """Which hash of which bank."""

    hash_id: Id


class SwitchedHash(OneHash, frozen=True, kw_only=True):
    """Whether a hash is looked for, and why; `until`: when it is again by itself."""

    enabled: bool = True
    reason: str = ""
    until: str = ""


class OneLookBack(OneBank, frozen=True, kw_only=True):
    """Which look at earlier uploads for which bank."""

    look_back_id: Id


class SentList(OneBank, frozen=True, kw_only=True):
    """A list of hashes, as text or as a file; `kind` of those lines that do not say."""

    csv: str = ""
    file: Upload | None = None
    kind: str = "pdq"
    reason: str = ""


class ExportParams(OneBank, frozen=True, kw_only=True):
    """Of which bank, and after which line."""

    after: Id | None = None


def bank_entity(bank: Bank) -> HashBank:
    """A bank as programs read it."""
    return HashBank(
        id=str(bank.id),
        name=bank.name,
        category=facts_of(bank.category).slug,
        wish=bank.wish,
        note=bank.note,
        enabled=bool(bank.enabled),
        share=bank.share / WHOLE,
        hashes_count=bank.items_count,
        created_by=id_or_none(bank.created_by),
        created_at=iso(bank.created_at),
    )


def hash_entity(item: Item) -> BankHash:
    """A hash as programs read it."""
    return BankHash(
        id=str(item.id),
        bank_id=str(item.bank_id),
        kind=HashKind(item.kind).wire,
        hash=item.hash.hex(),
        note=item.note,
        reason=item.reason,
        state=ItemState(item.state).wire,
        disabled_until=iso_or_none(item.disabled_until),
        vetted=bool(item.vetted_by),
        matches_count=item.matches_count,
        matched_at=iso_or_none(item.matched_at),
        added_by=id_or_none(item.added_by),
        added_at=iso(item.added_at),
    )


def match_entity(match: Match) -> HashMatch:
    """A match as programs read it."""
    return HashMatch(
        hash_id=str(match.item_id),
        media_id=str(match.media_id),
        account_id=str(match.account_id),
        post_id=id_or_none(match.post_id),
        kind=HashKind(match.kind).wire,
        distance=match.distance,
        at=iso(match.at),
    )


def look_back_entity(back: LookBack) -> BankLookBack:
    """A look at earlier uploads as programs read it."""
    return BankLookBack(
        id=str(back.id),
        state=LookBackState(back.state).wire,
        seen_count=back.seen_count,
        total_count=back.total_count,
        found_count=back.found_count,
        started_at=iso(back.started_at),
        ended_at=iso_or_none(back.ended_at),
    )
