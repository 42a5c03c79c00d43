"""Banks of hashes in the words of the console."""

from typing import Final

from rostra.safety.banks.model import (
    WHOLE,
    Bank,
    HashKind,
    Item,
    ItemState,
    LookBack,
    LookBackState,
    Match,
    Wish,
)
from rostra.safety.categories.facts import all_facts, facts_of
from rostra.web.console.common import HERE
from rostra.web.views.console_banks import BackLine, BankLine, HashLine, MatchLine
from rostra.web.views.forms import Option

CATEGORIES: Final = tuple(Option(each.slug, each.name) for each in all_facts())
WISHES: Final = (
    Option(Wish.LOOK, "Only a look"),
    Option(Wish.HOLD, "Held until somebody has looked"),
    Option(Wish.REMOVE, "Removed"),
)
KINDS: Final = (
    Option(HashKind.PDQ.wire, "What a picture looks like (PDQ)"),
    Option(HashKind.SHA256.wire, "Every byte of a file (SHA-256)"),
)
_KIND: Final = {HashKind.PDQ: "PDQ", HashKind.SHA256: "SHA-256"}
_WISH: Final = {Wish.LOOK: "", Wish.HOLD: "Wish: hold", Wish.REMOVE: "Wish: remove"}
_BACK: Final = {
    LookBackState.RUNNING: "Goes on",
    LookBackState.DONE: "Done",
    LookBackState.CANCELLED: "Stopped",
}


def bank_line(bank: Bank) -> BankLine:
    """A bank."""
    return BankLine(
        url=f"{HERE}/banks/{bank.id}",
        name=bank.name,
        category=facts_of(bank.category).name,
        note=bank.note,
        wish=_WISH[Wish(bank.wish)],
        enabled=bool(bank.enabled),
        share="" if bank.share == WHOLE else f"{bank.share * 100 / WHOLE:g} % of its matches count",
        hashes=bank.items_count,
    )


def hash_line(item: Item, bank: str = "") -> HashLine:
    """A hash; with its bank where it stands among others."""
    here = f"{HERE}/banks/{item.bank_id}"
    return HashLine(
        id=str(item.id),
        url=f"{here}/hashes/{item.id}",
        kind=_KIND[HashKind(item.kind)],
        hash=item.hash.hex(),
        state=ItemState(item.state).wire,
        note=item.note,
        reason=item.reason,
        until=item.disabled_until,
        matches=item.matches_count,
        bank=bank,
        bank_url=here if bank else "",
        vetted=bool(item.vetted_by),
    )


def match_line(match: Match) -> MatchLine:
    """A file that was met."""
    if match.kind == HashKind.SHA256:
        words = "A file, byte for byte."
    elif match.distance:
        words = f"A picture; {match.distance} of 256 bits differ."
    else:
        words = "A picture with the same bits."
    post = f"/posts/{match.post_id}" if match.post_id else ""
    return MatchLine(at=match.at, words=words, post_url=post)


def back_line(back: LookBack) -> BackLine:
    """A look at earlier uploads."""
    state = LookBackState(back.state)
    here = f"{HERE}/banks/{back.bank_id}/look-backs/{back.id}"
    return BackLine(
        at=back.started_at,
        words=f"{_BACK[state]}: {back.seen_count:,} of {back.total_count:,} looked at, "
        f"{back.found_count:,} met.",
        stop_url=here if state == LookBackState.RUNNING else "",
    )
