from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.http.brackets import MAX_DEPTH, MAX_NAMES, nest
from rostra.http.failures import BadRequest
from rostra.http.request import parse_form


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("media_ids[]", "1"), ("media_ids[]", "2")], {"media_ids": ["1", "2"]}),
        (
            [("poll[options][]", "a"), ("poll[options][]", "b"), ("poll[multiple]", "1")],
            {"poll": {"options": ["a", "b"], "multiple": "1"}},
        ),
        ([("f[0][name]", "x"), ("f[0][value]", "y")], {"f": {"0": {"name": "x", "value": "y"}}}),
        (
            [("k[][keyword]", "a"), ("k[][whole]", "1"), ("k[][keyword]", "b")],
            {"k": [{"keyword": "a", "whole": "1"}, {"keyword": "b"}]},
        ),
        ([("k[][a][b]", "1"), ("k[][a][b]", "2")], {"k": [{"a": {"b": "1"}}, {"a": {"b": "2"}}]}),
        ([("k[][a][]", "1"), ("k[][a][]", "2")], {"k": [{"a": ["1", "2"]}]}),
        ([("id[][]", "1"), ("id[][]", "2")], {"id": ["1", "2"]}),
        ([("k[][a][][]", "1"), ("k[][a][]", "2")], {"k": [{"a": ["1", "2"]}]}),
        ([("source[privacy]", "p")], {"source": {"privacy": "p"}}),
        ([("a]b", "1"), ("[x]", "2"), ("a[b", "3"), ("a[b]]", "4")],
         {"a]b": "1", "[x]": "2", "a[b": "3", "a[b]]": "4"}),
    ],
)  # fmt: skip
def test_nests(pairs: list[tuple[str, Any]], tree: dict[str, Any]) -> None:
    assert nest(pairs) == tree


@pytest.mark.parametrize(
    "pairs",
    [
        [("a", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a", "2")],
        [("a[]", "1"), ("a[b]", "2")],
        [("a[b]", "1"), ("a[]", "2")],
        [("a[]", "1"), ("a[][b]", "2")],
        [("x[a]", "1"), ("x[a][b]", "2")],
        [("x[a][b]", "1"), ("x[a]", "2")],
        [("a" + "[b]" * 50, "1")],
        [("a[" + "b" * 300 + "]", "1")],
        [(f"n{at}", "1") for at in range(MAX_NAMES + 1)],
    ],
)
def test_refuses(pairs: list[tuple[str, Any]]) -> None:
    with pytest.raises(BadRequest):
        nest(pairs)


NAME = st.from_regex(r"[a-c](\[[a-c0-1]?\]){0,4}", fullmatch=True)


@given(st.lists(st.tuples(NAME, st.sampled_from(["1", "2"])), max_size=12))
def test_any_names_nest_or_are_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        tree = nest(pairs)
    except BadRequest:
        return
    assert set(tree) == {name[0] for name, _ in pairs}


LEAF = st.text("xyz", min_size=1, max_size=3)
TREES = st.recursive(
    LEAF,
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    max_leaves=6,
)


def flat(tree: Any, name: str) -> list[tuple[str, str]]:
    if isinstance(tree, str):
        return [(name, tree)]
    return [pair for key, each in tree.items() for pair in flat(each, f"{name}[{key}]")]


@given(st.dictionaries(st.sampled_from("abc"), TREES, max_size=3))
def test_what_was_flattened_comes_back(tree: dict[str, Any]) -> None:
    pairs = [pair for key, each in tree.items() for pair in flat(each, key)]
    if any(name.count("[") >= MAX_DEPTH for name, _ in pairs):
        with pytest.raises(BadRequest):
            nest(pairs)
    else:
        assert nest(pairs) == tree


@given(st.binary(max_size=200))
def test_any_query_is_read_or_refused(raw: bytes) -> None:
    try:
        tree = parse_form(raw, 1000)
    except BadRequest:
        return
    str(tree).encode()  # no lone surrogates
    assert "\0" not in str(tree)


def test_the_short_way_and_the_long_way_agree() -> None:
    assert parse_form(b"limit=20&max_id=5&x=", 99) == {"limit": "20", "max_id": "5", "x": ""}
    assert parse_form(b"limit=20&max_id=5&x=%20", 99) == {"limit": "20", "max_id": "5", "x": " "}
    with pytest.raises(BadRequest):
        parse_form(b"a=" + b"1" * 100, 99)
    with pytest.raises(BadRequest):
        parse_form(b"&".join([b"a"] * 1001), 9999)
