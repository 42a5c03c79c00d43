"""The server as its users start it, once for each module and database."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from mastodon import Mastodon
from tests.clients.masto_driver import NodeMissing, install
from tests.clients.place import Place, command
from tests.clients.toot_driver import Toot, signed_in
from tests.conftest import DATABASES
from tests.harness.postgres import Cluster
from tests.harness.served import Served
from tests.pictures import photo


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for the place on each of the chosen databases."""
    if "place" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        databases = DATABASES if chosen == "both" else (chosen,)
        metafunc.parametrize("place", databases, indirect=True, scope="module")


@pytest.fixture(scope="module")
def environ() -> dict[str, str]:
    """What the environment of the place says beside the usual; a module may say more."""
    return {}


@pytest.fixture(scope="module")
def place(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    environ: dict[str, str],
) -> Iterator[Place]:
    """A served place on a database of its own; the password grant is on, as old scripts need it."""
    data = tmp_path_factory.mktemp("clients") / "data"
    data.mkdir(mode=0o700)
    environ = {"ROSTRA_LIMITS__SCALE": "100", **environ}
    name = f"{request.module.__name__.rpartition('.')[2]}_{os.getpid()}"
    cluster: Cluster | None = None
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgres")
        environ["ROSTRA_DATABASE__URL"] = cluster.create(name)
    else:
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, data / "rostra.sqlite3")
    # Before the server starts: a running one looks at its settings only now and then.
    command(data, environ, "admin", "settings", "set", "password_grant", "true")
    with Served(data, "--workers", "2", **environ) as served:
        served.ready()
        yield Place(served, environ)
        assert served.stop() == 0
    assert "Traceback" not in served.output.read_text()
    if cluster is not None:
        cluster.drop(name)


@pytest.fixture(scope="module")
def node() -> str:
    """The path of node, with masto installed beside the driver."""
    try:
        return install()
    except NodeMissing as missing:
        pytest.fail(str(missing))


@pytest.fixture(scope="module")
def ada(place: Place) -> Mastodon:
    """Somebody who uses Mastodon.py."""
    return place.joined("ada")


@pytest.fixture(scope="module")
def bob(place: Place) -> Mastodon:
    """Somebody else who does."""
    return place.joined("bob")


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A picture as PNG."""
    return bytes(photo().pngsave_buffer())


@pytest.fixture(scope="module")
def eve(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    """Somebody who uses toot."""
    return signed_in(place, tmp_path_factory.mktemp("eve"), "eve")


@pytest.fixture(scope="module")
def fay(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    """Somebody else who does."""
    return signed_in(place, tmp_path_factory.mktemp("fay"), "fay")
