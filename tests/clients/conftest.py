"""The server as its users start it, once for each module and database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.clients.place import Place
from tests.conftest import DATABASES
from tests.harness.postgres import Cluster
from tests.harness.served import Served


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for the place on each of the chosen databases."""
    if "place" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        databases = DATABASES if chosen == "both" else (chosen,)
        metafunc.parametrize("place", databases, indirect=True, scope="module")


@pytest.fixture(scope="module")
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A served place on a database of its own; the password grant is on, as old scripts need it."""
    data = tmp_path_factory.mktemp("clients") / "data"
    environ = {"ROSTRA_LIMITS__SCALE": "100"}
    name = f"{request.module.__name__.rpartition('.')[2]}_{os.getpid()}"
    cluster: Cluster | None = None
    if request.param == "postgresql":
        cluster = request.getfixturevalue("postgres")
        environ["ROSTRA_DATABASE__URL"] = cluster.create(name)
    _allow_password_grant(data, environ)
    with Served(data, "--workers", "2", **environ) as served:
        served.ready()
        yield Place(served)
        assert served.stop() == 0
    assert "Traceback" not in served.output.read_text()
    if cluster is not None:
        cluster.drop(name)


def _allow_password_grant(data: Path, environ: dict[str, str]) -> None:
    """Before the server starts: a running one looks at its settings only now and then."""
    for words in (["migrate"], ["admin", "settings", "set", "password_grant", "true"]):
        subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "rostra.cli.main", *words, "--data", str(data)],
            env=environ,
            check=True,
            capture_output=True,
            timeout=60,
        )
