"""Statements: SQLAlchemy Core describes them, the drivers execute them.

A :class:`Query` is made once, at import. It is compiled once per dialect into the text and the
order of parameters of a prepared statement; executing it then touches no SQLAlchemy code.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast, overload

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ColumnElement,
    Executable,
    Table,
    Text,
    any_,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")
Row = TypeVar("Row")
Dialect = Literal["sqlite", "postgresql"]

_DIALECTS: dict[Dialect, Any] = {
    "sqlite": SQLiteDialect(paramstyle="numeric"),
    "postgresql": PGDialect_asyncpg(),  # type: ignore[no-untyped-call] # untyped in SQLAlchemy
}
_encode = msgspec.json.Encoder().encode
# A parameter as SQLAlchemy numbers it, or a text constant.
_NUMBERED = re.compile(r":(\d+)|'[^']*'")


class Compiled(msgspec.Struct, frozen=True):
    """A statement as one driver takes it: its text and how its parameters are laid out."""

    sql: str
    names: tuple[str, ...]
    fixed: dict[str, Any]
    lists: frozenset[str]

    def bind(self, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """The positional arguments for these named parameters.

        Raises:
            TypeError: a parameter of the statement was not given.
        """
        try:
            if not self.fixed and not self.lists:
                return tuple([params[name] for name in self.names])
            merged = {**self.fixed, **params}
            for name in self.lists:
                merged[name] = _encode(merged[name]).decode()
            return tuple([merged[name] for name in self.names])
        except KeyError as missing:
            raise TypeError(f"parameter {missing} of the statement was not given") from None


class Query(Generic[Row]):
    """One prepared statement and what its rows become."""

    __slots__ = ("_statement", "_texts", "into", "postgresql", "sqlite")
    _at_once: ClassVar[Dialect | None] = None

    def __init__(
        self,
        statement: Executable | None,
        into: Callable[..., Row],
        texts: Mapping[Dialect, str] | None = None,
    ) -> None:
        self._statement = statement
        self.into = into
        self._texts = texts
        self.sqlite: Compiled | None = None
        self.postgresql: Compiled | None = None
        if self._at_once is not None and (statement is not None or texts is not None):
            if self.speaks(self._at_once):
                self.compiled(self._at_once)
            self._statement = None

    @classmethod
    def speak(cls, dialect: Dialect) -> None:
        """Compile for this database alone, and every statement as soon as it is made.

        Said before the modules with statements are imported. What a statement is described by
        (a hundred objects each) is let go at once, so that the next one takes its place: all
        of them together are 9 MB.
        """
        cls._at_once = dialect

    @classmethod
    def spoken(cls) -> tuple[Dialect, ...]:
        """The databases that statements of this process are made for."""
        return ("sqlite", "postgresql") if cls._at_once is None else (cls._at_once,)

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for this dialect, compiled when first asked for."""
        known = self.sqlite if dialect == "sqlite" else self.postgresql
        if known is None:
            known = self._compile(dialect)
            setattr(self, dialect, known)
        return known

    def speaks(self, dialect: Dialect) -> bool:
        """Whether it can be asked there: what was written for one database alone says no."""
        return self._texts is None or dialect in self._texts

    def _compile(self, dialect: Dialect) -> Compiled:
        if self._texts is not None:
            return _from_text(self._texts[dialect], dialect)
        if self._statement is None:
            raise RuntimeError(f"statements of this process are not compiled for {dialect}")
        return _from_core(self._statement, dialect)


@overload
def query(statement: Executable) -> Query[tuple[Any, ...]]: ...
@overload
def query(statement: Executable, into: Callable[..., Row]) -> Query[Row]: ...
def query(statement: Executable, into: Callable[..., Any] | None = None) -> Query[Any]:
    """A prepared statement; each row's columns are passed to ``into`` in order (none: tuples)."""
    return Query(statement, into or as_tuple)


@overload
def query_text(*, sqlite: str, postgresql: str) -> Query[tuple[Any, ...]]: ...
@overload
def query_text(*, sqlite: str, postgresql: str, into: Callable[..., Row]) -> Query[Row]: ...
def query_text(
    *, sqlite: str, postgresql: str, into: Callable[..., Any] | None = None
) -> Query[Any]:
    """A statement written by hand for each dialect, with ``:name`` parameters.

    For what Core cannot say (full-text search). A name may stand more than once. On PostgreSQL
    cast what it cannot infer (``CAST(:text AS text)``); a literal colon is not supported.
    """
    return Query(None, into or as_tuple, {"sqlite": sqlite, "postgresql": postgresql})


def query_rows(text: str, *columns: str) -> Query[tuple[Any, ...]]:
    """A statement over the parameter ``rows``, a JSON list of lists of integers.

    ``{rows}`` in its text stands for all of them, behind FROM, and ``{name}`` for the column of
    that name.
    """
    return query_text(
        sqlite=text.format(
            rows="json_each(:rows) AS given",
            **{name: f"(given.value ->> {at})" for at, name in enumerate(columns)},
        ),
        postgresql=text.format(
            rows="jsonb_array_elements(CAST(:rows AS jsonb)) AS given(value)",
            **{name: f"CAST(given.value ->> {at} AS bigint)" for at, name in enumerate(columns)},
        ),
    )


def rows_of(rows: Iterable[Sequence[int]]) -> str:
    """Rows as a statement of :func:`query_rows` takes them."""
    return _encode([[int(each) for each in row] for row in rows]).decode()


def query_for(dialect: Dialect, text: str, into: Callable[..., Row]) -> Query[Row]:
    """A statement that only this database is ever asked; otherwise as :func:`query_text`."""
    return Query(None, into, {dialect: text})


def as_tuple(*columns: Any) -> tuple[Any, ...]:
    """A row as it is. Drivers that give tuples anyway recognise it, and leave it out."""
    return columns


def _from_core(statement: Executable, dialect: Dialect) -> Compiled:
    compiled = cast("SQLCompiler", statement.compile(dialect=_DIALECTS[dialect]))  # type: ignore[attr-defined] # Executable has compile at run time
    binds = compiled.binds
    fixed = {n: b.value for n, b in binds.items() if not b.required and b.callable is None}
    lists = {n for n, b in binds.items() if isinstance(b.type, ARRAY)}
    sql = compiled.string
    if dialect == "sqlite":
        # So that each is bound once. To SQLite `:2` is a name, and the first in the text number 1.
        sql = _NUMBERED.sub(lambda found: f"?{found[1]}" if found[1] else found[0], sql)
    return Compiled(
        sql=sql,
        names=tuple(compiled.positiontup or ()),
        fixed=fixed,
        lists=frozenset(lists) if dialect == "sqlite" else frozenset(),
    )


def _from_text(sql: str, dialect: Dialect) -> Compiled:
    names: list[str] = []
    out: list[str] = []
    pieces = sql.split(":")
    out.append(pieces[0])
    for piece in pieces[1:]:
        length = next((i for i, c in enumerate(piece) if not (c.isalnum() or c == "_")), len(piece))
        name, rest = piece[:length], piece[length:]
        if dialect == "sqlite":
            names.append(name)
            out.append("?" + rest)
        else:
            if name not in names:
                names.append(name)
            out.append(f"${names.index(name) + 1}{rest}")
    return Compiled("".join(out), tuple(names), {}, frozenset())


class _InList(ColumnElement[bool]):
    """``column IN (a list parameter)``, as one prepared statement for lists of any length."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str, kind: Any) -> None:
        self.column = column
        self.param = bindparam(name, type_=ARRAY(kind), required=True)

    def self_group(self, against: Any = None) -> ColumnElement[bool]:
        """Itself: where booleans are not native Core would append ``= 1``, and no index be used."""
        del against
        return self


@compiles(_InList, "sqlite")
def _in_list_sqlite(element: _InList, compiler: SQLCompiler, **kw: Any) -> str:
    column, param = compiler.process(element.column, **kw), compiler.process(element.param, **kw)
    return f"{column} IN (SELECT value FROM json_each({param}))"  # noqa: S608 (both are compiled by SQLAlchemy)


@compiles(_InList, "postgresql")
def _in_list_postgresql(element: _InList, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.column == any_(element.param), **kw)


def in_ids(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """``column`` is one of the integers in the list parameter ``name``."""
    return _InList(column, name, BigInteger())


def in_texts(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """``column`` is one of the texts in the list parameter ``name``."""
    return _InList(column, name, Text())


def number(name: str) -> Any:
    """The integer parameter ``name``."""
    return bindparam(name, type_=BigInteger())


def const(value: int) -> ColumnElement[int]:
    """An integer written into the statement, where a planner must see it."""
    return literal_column(str(int(value)), BigInteger())


def insert_or_ignore(table: Table, columns: Sequence[str] = ()) -> Query[tuple[Any, ...]]:
    """Insert a row of named parameters (default: every column); a row that exists stays."""
    names = columns or [c.name for c in table.columns]
    values = {n: bindparam(n, type_=table.c[n].type) for n in names}
    return query_in(lambda words: words.insert(table).values(values).on_conflict_do_nothing())


def upsert(
    table: Table, keys: Sequence[str], columns: Sequence[str] = ()
) -> Query[tuple[Any, ...]]:
    """Insert a row of named parameters (default: every column), or update the one with its keys."""
    names = columns or [c.name for c in table.columns]
    values = {n: bindparam(n, type_=table.c[n].type) for n in names}

    def make(words: Any) -> Executable:
        insert = words.insert(table).values(values)
        changed = {n: insert.excluded[n] for n in names if n not in keys}
        made: Executable = insert.on_conflict_do_update(index_elements=list(keys), set_=changed)
        return made

    return query_in(make)


def insert(table: Table, columns: Sequence[str] = ()) -> Query[tuple[Any, ...]]:
    """Insert a row of named parameters (default: every column)."""
    names = columns or [c.name for c in table.columns]
    return query(table.insert().values({n: bindparam(n, type_=table.c[n].type) for n in names}))


@overload
def query_in(make: Callable[[Any], Executable]) -> Query[tuple[Any, ...]]: ...
@overload
def query_in(make: Callable[[Any], Executable], into: Callable[..., Row]) -> Query[Row]: ...
def query_in(
    make: Callable[[Any], Executable], into: Callable[..., Any] | None = None
) -> Query[Any]:
    """One query that Core must be told in each dialect's own words (upserts, LATERAL).

    Args:
        make: the statement, given SQLAlchemy's module of the dialect (with its ``insert``).
        into: what rows become; none: tuples.
    """
    pair: Query[Any] = Query(None, into or as_tuple)
    for dialect in Query.spoken():
        statement = make(sqlite if dialect == "sqlite" else postgresql)
        setattr(pair, dialect, _from_core(statement, dialect))
    return pair
