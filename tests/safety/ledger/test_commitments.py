"""A commitment holds for one record and one salt, and for nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.safety.ledger.commitments import (
    canonical,
    commitment,
    is_below,
    merkle_proof,
    merkle_root,
    new_salt,
    opens,
)

LEAVES = st.lists(st.binary(max_size=8), max_size=40)
RECORDS = st.dictionaries(
    st.text(max_size=8),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=12)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=5,
)


@given(RECORDS)
def test_the_order_of_keys_does_not_count(record: dict[str, Any]) -> None:
    assert canonical(record) == canonical(dict(reversed(record.items())))


@given(RECORDS, RECORDS)
def test_two_records_have_two_spellings(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (canonical(one) == canonical(other)) == (repr(sorted_of(one)) == repr(sorted_of(other)))


def sorted_of(value: Any) -> Any:
    """Plain values, dicts as sorted lists; True and 1 stay apart."""
    if isinstance(value, dict):
        return ["{", *[(key, sorted_of(value[key])) for key in sorted(value)]]
    return [sorted_of(each) for each in value] if isinstance(value, list) else value


@given(RECORDS)
def test_it_opens_with_its_salt_alone(record: dict[str, Any]) -> None:
    salt = new_salt()
    committed = commitment(salt, record)
    assert opens(salt, record, committed)
    assert not opens(new_salt(), record, committed)
    assert not opens(salt, {**record, "added": 1}, committed)
    assert commitment(new_salt(), record) != committed


def test_numbers_are_whole() -> None:
    for record in ({"a": 0.5}, {"a": [1, {"b": 2.0}]}):
        with pytest.raises(TypeError):
            canonical(record)  # type: ignore[arg-type]  # the very mistake that is looked for


@given(LEAVES, st.data())
def test_each_leaf_is_shown_to_be_below_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    root = merkle_root(leaves)
    for index, leaf in enumerate(leaves):
        proof = merkle_proof(leaves, index)
        assert is_below(root, leaf, proof)
        assert not is_below(root, leaf + b"!", proof)
    if leaves:
        at = data.draw(st.integers(0, len(leaves) - 1))
        assert merkle_root(leaves[:at] + leaves[at + 1 :]) != root
        assert merkle_root([*leaves[:at], b"added!", *leaves[at:]]) != root


def test_roots_of_the_standard() -> None:
    # The test vectors that implementations of RFC 6962 share.
    leaves = [bytes.fromhex(leaf) for leaf in ("", "00", "10", "2021", "3031", "40414243")]
    assert merkle_root([]).hex().startswith("e3b0c44298fc1c14")
    assert merkle_root(leaves[:1]).hex().startswith("6e340b9cffb37a98")
    assert merkle_root(leaves[:2]).hex().startswith("fac54203e7cc696c")
    assert merkle_root(leaves[:3]).hex().startswith("aeb6bcfe274b70a1")
    assert merkle_root(leaves).hex().startswith("76e67dadbcdf1e10")
