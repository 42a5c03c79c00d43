"""Statements: compiled once per dialect, bound by name."""

import subprocess
import sys

import apsw
import pytest
from sqlalchemy import BigInteger, bindparam, literal_column, select

from rostra.store.query import const, in_ids, in_texts, query, query_text
from rostra.store.tables.posts import posts, tags

ONE = query(select(posts.c.id).where(posts.c.id == bindparam("post", type_=BigInteger())), int)


def test_a_statement_is_compiled_once_for_each_dialect() -> None:
    assert ONE.compiled("sqlite") is ONE.compiled("sqlite")
    assert ONE.compiled("postgresql") is ONE.compiled("postgresql")
    assert ONE.compiled("sqlite").sql.count("?1") == 1
    assert "$1::BIGINT" in ONE.compiled("postgresql").sql


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(TypeError, match="'post'"):
        ONE.compiled("sqlite").bind({"somebody": 1})


def test_lists_are_one_parameter_of_any_length() -> None:
    several = query(select(posts.c.id).where(in_ids(posts.c.id, "ids")), int)
    assert several.compiled("sqlite").bind({"ids": [1, 2]}) == ("[1,2]",)
    assert several.compiled("postgresql").bind({"ids": [1, 2]}) == ([1, 2],)
    assert several.compiled("sqlite").sql.endswith("IN (SELECT value FROM json_each(?1))")
    assert "ANY ($1::BIGINT[])" in several.compiled("postgresql").sql
    texts = query(select(tags.c.id).where(in_texts(tags.c.name, "names")), int)
    assert texts.compiled("sqlite").bind({"names": ['a"b']}) == ('["a\\"b"]',)


def test_a_constant_stands_in_the_statement() -> None:
    constant = query(select(posts.c.id).where(posts.c.visibility == const(0)), int)
    assert "visibility = 0" in constant.compiled("sqlite").sql
    assert constant.compiled("sqlite").names == ()


def test_parameters_are_bound_by_their_number_wherever_they_stand() -> None:
    # SQLAlchemy compiles the columns first, and the first that stands in the text is `second`.
    page = select(bindparam("second", type_=BigInteger()).label("number")).cte("page")
    first = bindparam("first", type_=BigInteger())
    both = query(select(first, page.c.number, first, literal_column("'a :2'"))).compiled("sqlite")
    assert both.names == ("first", "second")
    rows = apsw.Connection(":memory:").execute(both.sql, both.bind({"first": 1, "second": 2}))
    assert rows.fetchall() == [(1, 2, 1, "a :2")]


def test_text_by_hand_numbers_its_parameters() -> None:
    both = query_text(
        sqlite="SELECT :a, :b, :a", postgresql="SELECT CAST(:a AS text), :b, CAST(:a AS text)"
    )
    assert both.compiled("sqlite").sql == "SELECT ?, ?, ?"
    assert both.compiled("sqlite").bind({"a": 1, "b": 2}) == (1, 2, 1)
    assert both.compiled("postgresql").sql == "SELECT CAST($1 AS text), $2, CAST($1 AS text)"
    assert both.compiled("postgresql").bind({"a": 1, "b": 2}) == (1, 2)


def test_a_process_may_speak_to_one_database_alone() -> None:
    told = """
from sqlalchemy import Column, Integer, MetaData, Table, select
from rostra.store.query import Query, insert_or_ignore, query, query_for, query_text
table = Table("places", MetaData(), Column("id", Integer, primary_key=True))
Query.speak("postgresql")
for each in (query(select(table)), query_text(sqlite="SELECT 1", postgresql="SELECT 2")):
    assert each.postgresql is not None
assert query_for("sqlite", "SELECT :a", int).sqlite is None
assert "$1" in insert_or_ignore(table).compiled("postgresql").sql
try:
    query(select(table)).compiled("sqlite")
except RuntimeError as error:
    print(error)
"""
    done = subprocess.run(  # noqa: S603 (code of this file)
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert done.stdout == "statements of this process are not compiled for sqlite\n"
