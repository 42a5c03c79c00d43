"""Fixtures that every test may ask for: fresh databases and a data directory.

`database_url` runs a test once on SQLite and once on PostgreSQL, each time on a migrated database
without rows. `--database=sqlite` or `--database=postgresql` leaves one of them out.
"""

import asyncio
import gc
import itertools
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from rostra.api.routes import all_endpoints
from rostra.api.streaming import channels
from rostra.store.migrate import migrate_sqlite
from tests.harness.app import InProcess, running
from tests.harness.crowd import Town
from tests.harness.every_endpoint import EveryEndpoint
from tests.harness.holding import NobodyHoldsTwo
from tests.harness.loops import StrictLoops
from tests.harness.on_postgresql import EveryStatement, watch
from tests.harness.postgres import Cluster, PostgresMissing
from tests.harness.tracing import Tracing

# A busy machine is no fault of the code: what takes long is measured in bench/.
settings.register_profile("rostra", deadline=None)
settings.load_profile("rostra")

DATABASES = ("sqlite", "postgresql")
_DATABASE_FIXTURES = ("database_url", "empty_database_url")
_CLUSTER = pytest.StashKey[Cluster]()
_names = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of databases."""
    parser.addoption(
        "--database",
        choices=[*DATABASES, "both"],
        default="both",
        help="databases that tests of the store and of everything above it run on",
    )
    parser.addoption(
        "--postgresql",
        choices=["all", "part"],
        default="all",
        help="how much above the store runs on PostgreSQL too: tests/harness/on_postgresql.py",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Reserve the run's cluster, or take the one that the controlling process has reserved."""
    # A run starts some hundreds of programs of ours; without kept bytecode each compiles all of it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # A run in the background of a shell is deaf to Ctrl-C, and so are the programs that it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.disable()  # until all is collected: of what is made meanwhile nothing goes
    asyncio.set_event_loop_policy(StrictLoops())
    every = EveryEndpoint(config, all_endpoints(), channels.ROUTES)
    config.pluginmanager.register(every, "every-endpoint")
    watch()
    config.pluginmanager.register(NobodyHoldsTwo(), "nobody-holds-two")
    config.pluginmanager.register(EveryStatement(config), "every-statement")
    config.pluginmanager.register(Tracing(config), "tracing")
    given = getattr(config, "workerinput", None)
    config.stash[_CLUSTER] = Cluster(Path(given["cluster"])) if given else Cluster.reserve()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the run's cluster is."""
    node.workerinput["cluster"] = str(node.config.stash[_CLUSTER].folder)  # type: ignore[attr-defined] # xdist has no types


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the cluster; a worker leaves that to the controlling process."""
    if not hasattr(config, "workerinput"):
        config.stash[_CLUSTER].remove()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow tests, so that no process of a run waits for one that began last."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of every later collection of garbage.

    Measured at a fifth of the CPU of the tests.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that ask for a database on each of the chosen ones."""
    chosen = metafunc.config.getoption("--database")
    databases = [_database(name) for name in DATABASES if chosen in {"both", name}]
    for name in _DATABASE_FIXTURES:
        if name in metafunc.fixturenames:
            metafunc.parametrize("database", databases, scope="session")
            return


def _database(name: str) -> object:
    """A kind of database; the same lines are reached on each, so they are traced on one."""
    marks = [pytest.mark.untraced] if name == "postgresql" else []
    return pytest.param(name, marks=marks)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Cluster:
    """The run's PostgreSQL cluster, started when first asked for."""
    cluster = pytestconfig.stash[_CLUSTER]
    given = getattr(pytestconfig, "workerinput", None)
    try:
        cluster.start(owner=os.getppid() if given else os.getpid())
    except PostgresMissing as missing:
        pytest.exit(str(missing), returncode=1)
    return cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "rostra.sqlite3"
    migrate_sqlite(path)
    return path


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The data directory of one server; on SQLite the test's database lies in it."""
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def postgres_reused(postgres: Cluster) -> Iterator[str]:
    """The name of a migrated database that the tests of this process use one after another."""
    name = f"reused_{os.getpid()}"
    postgres.create(name)
    yield name
    postgres.drop(name)


@pytest.fixture
def postgres_url(postgres: Cluster, postgres_reused: str) -> str:
    """A migrated PostgreSQL database without rows, for what SQLite does not do."""
    postgres.clear(postgres_reused)
    return postgres.url(postgres_reused)


@pytest.fixture
def sqlite_url(sqlite_template: Path, data_dir: Path) -> str:
    """A migrated SQLite file of this test's own, for what PostgreSQL does not do."""
    path = data_dir / "rostra.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str) -> str:
    """A migrated database without rows; the test runs once for each kind."""
    name = "sqlite_url" if database == "sqlite" else "postgres_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def empty_database_url(
    request: pytest.FixtureRequest, database: str, data_dir: Path
) -> Iterator[str]:
    """A database of this test's own without any table; the test runs once for each kind."""
    if database == "sqlite":
        yield f"sqlite:///{data_dir / 'rostra.sqlite3'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = f"empty_{os.getpid()}_{next(_names)}"
    yield cluster.create(name, template="template1")
    cluster.drop(name)


@pytest.fixture
async def rostra(data_dir: Path, database_url: str) -> AsyncIterator[InProcess]:
    """A running application; the test runs once on each kind of database."""
    async with running(data_dir, database_url) as app:
        yield app


@pytest.fixture
def town(rostra: InProcess) -> Town:
    """People for it."""
    return Town(rostra)
