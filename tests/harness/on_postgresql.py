"""Which tests of what stands above the slices run on PostgreSQL, and what watches that choice.

With ``--postgresql=part`` a quarter of the tests in the folders of `ABOVE` run there, always the
same ones: those whose name falls into it, and those marked ``postgresql``. All others run whole.
In `SERVED` a server is started for each module, so there it is a quarter of the modules.

What could go unseen is a statement that PostgreSQL never got. So a whole run notes the statements
that each database was asked, and fails when one that SQLite answered was never asked on PostgreSQL.
What a test marked ``invented`` asked does not count: it makes up more requests on one of them.
"""

import zlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import pytest
from tests.harness.every_endpoint import is_whole
from tests.harness.statements import statements

from rostra.store.query import Compiled, Query

ABOVE = ("tests/api/", "tests/clients/", "tests/web/")
SERVED = "tests/clients/"
PARTS = 4
_KEY = "statements_asked"
Statements = Sequence[tuple[str, Query[Any]]]

# What tests of this process have asked a database, by identity: equal texts may be two statements.
_asked: dict[int, Compiled] = {}


def left_out(name: str, database: str, *, marked: bool) -> bool:
    """Whether a run of a test on this database is not of the part.

    Args:
        name: the test's, with its file and its parameters.
        database: what it runs on.
        marked: whether it stands there that it always runs.
    """
    if database != "postgresql" or marked or not name.startswith(ABOVE):
        return False
    chosen = name.partition("::")[0] if name.startswith(SERVED) else name
    return zlib.crc32(chosen.encode()) % PARTS != 0


def database_of(item: pytest.Item) -> str:
    """What a test runs on; empty: on none, or on one that it chooses."""
    call = getattr(item, "callspec", None)
    given: Mapping[str, Any] = call.params if call else {}
    return str(given.get("database") or given.get("place") or "")


def watch() -> None:
    """Note every statement of this process from now on, as it is given its parameters."""
    bind = Compiled.bind

    def noting(self: Compiled, params: Mapping[str, Any]) -> tuple[Any, ...]:
        _asked[id(self)] = self
        return bind(self, params)

    Compiled.bind = noting  # type: ignore[method-assign] # to hear it: it does what it did


def asked(of: Statements) -> list[tuple[str, str]]:
    """Those of these statements that tests of this process have asked: database and name."""
    return [
        (database, name)
        for name, query in of
        for database, compiled in (("sqlite", query.sqlite), ("postgresql", query.postgresql))
        if compiled is not None and id(compiled) in _asked
    ]


def unasked(of: Statements, by_all: set[tuple[str, str]]) -> list[str]:
    """Those that SQLite was asked and PostgreSQL never, though they are for both.

    Two that are one to SQLite, as those with and without FOR UPDATE are, count as one.
    """
    same: dict[str, list[str]] = {}
    for name, query in of:
        if query.speaks("postgresql") and query.speaks("sqlite"):
            same.setdefault(query.compiled("sqlite").sql, []).append(name)
    return [
        names[0]
        for names in same.values()
        if any(("sqlite", name) in by_all for name in names)
        and not any(("postgresql", name) in by_all for name in names)
    ]


class EveryStatement:
    """The plugin: leaves tests out, and judges whole runs on both databases.

    Args:
        config: of the run.
        of: the statements to look for, by name; None: all of the network and of moderation.
    """

    def __init__(self, config: pytest.Config, of: Statements | None = None) -> None:
        self._config = config
        self._of = of
        self._by_all: set[tuple[str, str]] = set()
        self.unasked: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what is not of the part."""
        if self._config.getoption("--postgresql", "all") == "all":
            return
        out: list[pytest.Item] = []
        kept: list[pytest.Item] = []
        for item in items:
            marked = item.get_closest_marker("postgresql") is not None
            leave = left_out(item.nodeid, database_of(item), marked=marked)
            (out if leave else kept).append(item)
        self._config.hook.pytest_deselected(items=out)
        items[:] = kept

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Forget again what a test asked that makes its requests up."""
        before = dict(_asked)
        found = yield
        if item.get_closest_marker("invented") is not None:
            _asked.clear()
            _asked.update(before)
        return found

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker of pytest-xdist has asked."""
        self._by_all.update(map(tuple, getattr(node, "workeroutput", {}).get(_KEY, ())))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Hand on what was asked, or judge it."""
        of = list(statements()) if self._of is None else self._of
        output = getattr(self._config, "workeroutput", None)
        both = self._config.getoption("--database", "both") == "both"
        if output is not None:
            output[_KEY] = asked(of)
        elif both and is_whole(self._config) and exitstatus == pytest.ExitCode.OK:
            self.unasked = unasked(of, self._by_all.union(asked(of)))
            if self.unasked:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what is missing."""
        if self.unasked:
            title = "statements that no test asked PostgreSQL: mark one with `postgresql`"
            terminalreporter.section(title, red=True)
            for name in self.unasked:
                terminalreporter.line(name)
