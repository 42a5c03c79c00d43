"""A run of the log is gone on with where that leaves no hole; else a new one is begun."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from rostra.hosting.ark.log.records import RECORDS, read, record_at, record_key
from rostra.hosting.ark.log.state import LogState, Sent
from rostra.hosting.ark.manifest import mark_of
from rostra.hosting.places.listing import Listing
from rostra.hosting.places.model import PlaceFailed
from rostra.hosting.places.port import Store
from rostra.store.wal_tail import Tail

_MOST_STRANGE: Final = 100


def resume(state: LogState, tail: Tail, epoch: int) -> Sent | None:
    """The run that was being written, if the log goes on where it was left; None: it does not."""
    sent, outgoing = state.sent(), state.outgoing()
    if sent is None or sent.epoch != epoch:
        return None
    # What was on its way is sent again as it was, so the log has to go on behind that.
    under_way = outgoing is not None and outgoing.sent.number == sent.number + 1
    at = outgoing.sent.at if outgoing is not None and under_way else sent.at
    return sent if tail.goes_on(at, state.settled()) else None


async def begin(  # noqa: PLR0917 (what is begun, and for whom)
    state: LogState,
    stores: Sequence[Store],
    public: str,
    do: Callable[..., Awaitable[Any]],
    tail: Tail,
    epoch: int,
) -> Sent:
    """Begin a new run behind all records that there are.

    Args:
        state: where it is kept.
        stores: the places; those that can't be asked are passed over: if one of them has a record
            of the same number, that is found out when it is sent.
        public: the key that signs the records.
        do: calls something in the thread of `tail`.
        tail: the log.
        epoch: of the fence.

    Raises:
        Lost: the log can't be read.
    """
    before, outgoing = state.sent(), state.outgoing()
    under_way = outgoing.sent if outgoing is not None else None
    known = [each for each in (before, under_way) if each is not None]
    after = max((each.mark for each in known if each.mark), default=mark_of(0, 0))
    # Also behind the name of a run that no record stands in yet: a copy may name that run already,
    # and what lies between the two is in neither.
    number = max((max(each.number, _number(each.run)) for each in known), default=0)
    for store in stores:
        try:
            number = max(number, await _last(store, after, public))
        except PlaceFailed:
            continue
    at = await do(tail.begin)
    sent = Sent(epoch=epoch, number=number, run=mark_of(epoch, number + 1), hash="", at=at)
    state.keep(sent)
    return sent


async def _last(store: Store, after: str, public: str) -> int:
    """The highest number of a record of ours behind this mark at a place; 0: there is none.

    What else lies there under the name of a record counts for nothing: a place must not be able to
    push the numbers up to where there are none left.
    """
    keys = await Listing(store, RECORDS, after=record_key(after)).all()
    marks = [mark for each in keys if (mark := record_at(each)) is not None]
    for mark in sorted(marks, key=_number, reverse=True)[:_MOST_STRANGE]:
        stored = await store.read(record_key(mark))
        kept = None if stored is None else read(stored.content, mark)
        if kept is not None and kept.record.key == public:
            return _number(mark)
    if len(marks) > _MOST_STRANGE:
        raise PlaceFailed(store.name, "its newest records are none of ours")
    return 0


def _number(mark: str) -> int:
    return int(mark.rpartition("-")[2])
