"""Whatever is done to the chain is found, and the place is named."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel import ed25519
from rostra.safety.ledger import checkpoints
from rostra.safety.ledger.chain import Entry, EntryKind, Head, following, head_of
from rostra.safety.ledger.checkpoints import Checkpoint
from rostra.safety.ledger.verify import Fault, Verifier, verify

ORIGIN = "rostra.example"
PRIVATE = ed25519.new_key()
PUBLIC = ed25519.public_of(PRIVATE)

Said = tuple[int, int, bytes]


def chain_of(said: Iterable[Said]) -> list[Entry]:
    """A chain of lines with these times, kinds and commitments."""
    head, entries = Head(), []
    for at, kind, commitment in said:
        entry = following(head, at, kind, commitment)
        entries.append(entry)
        head = head_of(entry)
    return entries


def relinked(entries: list[Entry]) -> list[Entry]:
    """The same lines, numbered and hashed anew: what somebody does who knows how it works."""
    return chain_of([(entry.at, entry.kind, entry.commitment) for entry in entries])


LINES = st.lists(
    st.tuples(
        st.integers(0, 2**45),
        st.sampled_from([kind for kind in EntryKind if kind is not EntryKind.CHECKPOINT]),
        st.binary(min_size=32, max_size=32),
    ),
    min_size=2,
    max_size=12,
    unique_by=lambda line: line[2],
)
CHAINS = LINES.map(chain_of)


def point_at(entry: Entry) -> Checkpoint:
    return checkpoints.sign(PRIVATE, ORIGIN, head_of(entry), entry.at + 1)


def faults(entries: list[Entry], *points: Checkpoint) -> dict[int, set[Fault]]:
    found: dict[int, set[Fault]] = {}
    for finding in verify(entries, ORIGIN, [PUBLIC], points):
        found.setdefault(finding.seq, set()).add(finding.fault)
    return found


@given(CHAINS)
def test_an_untouched_chain_holds(entries: list[Entry]) -> None:
    assert faults(entries, *map(point_at, entries)) == {}


def test_an_empty_chain_holds() -> None:
    assert faults([]) == {}


@dataclass(frozen=True)
class Change:
    """One field of one line, and what is put there."""

    field: str
    value: int | bytes


CHANGES = st.one_of(
    st.builds(Change, st.just("at"), st.integers(0, 2**45)),
    st.builds(Change, st.just("kind"), st.integers(1, 9)),
    st.builds(Change, st.sampled_from(["commitment", "hash", "previous"]), st.binary(max_size=40)),
    st.builds(Change, st.just("seq"), st.integers(-3, 40)),
)


@given(CHAINS, CHANGES, st.data())
def test_a_change_is_found_where_it_is(
    entries: list[Entry], change: Change, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = msgspec.structs.replace(entries[at], **{change.field: change.value})
    touched = [*entries[:at], changed, *entries[at + 1 :]]
    found = faults(touched)
    if changed == entries[at]:
        assert found == {}
    elif change.field == "seq":
        assert min(found) <= max(at + 1, changed.seq)
        assert found
    else:
        assert Fault.CHANGED in found[at + 1]


@given(CHAINS, st.data())
def test_a_deletion_is_found_where_it_is(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 2))
    touched = entries[:at] + entries[at + 1 :]
    assert Fault.MISSING in faults(touched)[at + 1]
    assert Fault.UNLINKED in faults(touched)[at + 2]


@given(CHAINS, st.data())
def test_an_insertion_is_found_where_it_is(entries: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    head = head_of(entries[at - 1]) if at else Head()
    added = following(head, entries[at].at, EntryKind.DECIDED, b"\x07" * 32)
    found = faults([*entries[:at], added, *entries[at:]])
    assert Fault.OUT_OF_PLACE in found[at + 1]
    assert Fault.UNLINKED in found[at + 1]


@given(CHAINS, st.data())
def test_another_order_is_found(entries: list[Entry], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(entries) - 2))
    second = data.draw(st.integers(first + 1, len(entries) - 1))
    touched = list(entries)
    touched[first], touched[second] = touched[second], touched[first]
    found = faults(touched)
    assert min(found) == first + 1
    assert set.union(*found.values()) & {Fault.MISSING, Fault.OUT_OF_PLACE}


@given(CHAINS, st.data())
def test_what_was_cut_off_is_found_by_a_checkpoint(
    entries: list[Entry], data: st.DataObject
) -> None:
    left = data.draw(st.integers(0, len(entries) - 1))
    assert faults(entries[:left]) == {}, "without a checkpoint nobody can know"
    seen = data.draw(st.integers(left, len(entries) - 1))
    assert faults(entries[:left], point_at(entries[seen])) == {seen + 1: {Fault.CUT_OFF}}


@given(CHAINS, CHANGES, st.data())
def test_hashing_anew_does_not_help_against_a_checkpoint(
    entries: list[Entry], change: Change, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(entries) - 1))
    if change.field in {"hash", "previous", "seq"}:
        change = Change("commitment", b"\x09" * 32)
    changed = msgspec.structs.replace(entries[at], **{change.field: change.value})
    touched = relinked([*entries[:at], changed, *entries[at + 1 :]])
    assert faults(touched) == {}, "a chain by itself proves nothing against its keeper"
    seen = data.draw(st.integers(at, len(entries) - 1))
    expected = {} if touched == entries else {seen + 1: {Fault.REWRITTEN}}
    assert faults(touched, point_at(entries[seen])) == expected


@given(CHAINS, st.data())
def test_a_checkpoint_that_was_touched_is_no_checkpoint(
    entries: list[Entry], data: st.DataObject
) -> None:
    point = point_at(entries[-1])
    field, value = data.draw(
        st.one_of(
            st.tuples(st.just("seq"), st.integers(1, 50)),
            st.tuples(st.just("hash"), st.binary(min_size=32, max_size=32)),
            st.tuples(st.just("at"), st.integers(0, 2**45)),
            st.tuples(st.just("signature"), st.binary(max_size=70)),
        )
    )
    touched = msgspec.structs.replace(point, **{field: value})
    expected = {} if touched == point else {touched.seq: {Fault.SIGNATURE}}
    assert faults(entries, touched) == expected


def test_checkpoints_of_others_and_with_other_keys() -> None:
    entries = chain_of([(1, 1, b"a" * 32), (2, 1, b"b" * 32)])
    other = ed25519.new_key()
    stolen = checkpoints.sign(other, ORIGIN, head_of(entries[1]), 3)
    assert faults(entries, stolen) == {2: {Fault.SIGNATURE}}
    renamed = msgspec.structs.replace(stolen, key=ed25519.key_id(PUBLIC))
    assert faults(entries, renamed) == {2: {Fault.SIGNATURE}}
    foreign = checkpoints.sign(PRIVATE, "elsewhere.example", head_of(entries[1]), 3)
    assert faults(entries, foreign) == {2: {Fault.FOREIGN}}


def test_time_never_runs_back() -> None:
    entries = chain_of([(50, 1, b"a" * 32), (10, 1, b"b" * 32)])
    assert [entry.at for entry in entries] == [50, 50]
    first = entries[0]
    forged = following(msgspec.structs.replace(head_of(first), at=0), 10, 1, b"b" * 32)
    assert faults([first, forged]) == {2: {Fault.TIME}}


def test_the_chain_tells_of_its_checkpoints() -> None:
    entries = chain_of([(1, 1, b"a" * 32)])
    point = point_at(entries[0])
    told = following(head_of(entries[0]), 5, EntryKind.CHECKPOINT, checkpoints.digest(point))
    entries.append(told)
    assert verify(entries, ORIGIN, [PUBLIC], [point], all_points=True) == []
    missing = verify(entries, ORIGIN, [PUBLIC], [], all_points=True)
    assert [(finding.seq, finding.fault) for finding in missing] == [(2, Fault.UNTOLD)]
    assert verify(entries, ORIGIN, [PUBLIC], []) == []


def test_records_that_are_gone_or_others() -> None:
    verifier = Verifier(ORIGIN, [])
    first, second, third = chain_of([(1, 1, b"a" * 32), (2, 1, b"b" * 32), (3, 1, b"c" * 32)])
    for entry in (first, second, third):
        verifier.take(entry)
    verifier.record(first, there=True, opens=True)
    verifier.record(second, there=True, opens=False)
    verifier.record(third, there=False, opens=False)
    found = [(finding.seq, finding.fault) for finding in verifier.finish()]
    assert found == [(2, Fault.RECORD), (3, Fault.RECORD_GONE)]


@given(
    st.from_regex(r"[a-z0-9.\-]{1,30}(:[0-9]{1,5})?", fullmatch=True),
    st.integers(1, 10**17),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 2**45),
)
def test_a_checkpoint_is_read_as_it_was_written(
    origin: str, seq: int, digest: bytes, at: int
) -> None:
    point = checkpoints.sign(PRIVATE, origin, Head(seq, at, digest), at)
    text = checkpoints.whole_text(point)
    assert checkpoints.read_text(text) == point
    assert checkpoints.read_text(text.replace("\n", "\r\n")) == point
    assert checkpoints.is_genuine(PUBLIC, point)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rostra ledger checkpoint 1\n",
        "x" * 10_000,
        checkpoints.whole_text(point_at(chain_of([(1, 1, b"a" * 32)])[0])).replace(
            "seq: 1", "seq: 01"
        ),
        checkpoints.whole_text(point_at(chain_of([(1, 1, b"a" * 32)])[0])).replace("1970", "1971"),
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    assert checkpoints.read_text(text) is None


def test_so_much_is_wrong_that_the_rest_is_left_out() -> None:
    entries = [Entry(9, 0, 1, b"", b"", b"") for _ in range(600)]
    assert len(verify(entries, ORIGIN)) == 1000
