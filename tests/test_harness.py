"""The harness itself: answers are held against the document, and a whole run misses no endpoint."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from rostra.api.routes import all_endpoints
from tests.harness import holding
from tests.harness.answers import check
from tests.harness.app import InProcess
from tests.harness.on_postgresql import ABOVE, left_out
from tests.harness.patience import PATIENCE_S

JSON = "application/json; charset=utf-8"
LIST = b'{"id":"1","title":"a","replies_policy":"list","exclusive":false}'


def refused(*answer: object) -> str:
    """What `check` says of an answer."""
    with pytest.raises(AssertionError) as caught:
        check(*answer)  # type: ignore[arg-type] # as a client would hand it on
    return str(caught.value)


def test_an_answer_as_promised_passes() -> None:
    check("GET", "/api/v1/lists/1", 200, JSON, LIST)
    check("GET", "/api/v1/lists/1", 404, JSON, b'{"error":"Record not found"}')
    check("HEAD", "/api/v1/lists/1", 200, JSON, b"")
    check("GET", "/not/of/the/api", 200, "text/html", b"<p>")


def test_an_answer_otherwise_is_told() -> None:
    about = ("GET", "/api/v1/lists/1")
    assert "/id: 1 is not of type" in refused(*about, 200, JSON, LIST.replace(b'"1"', b"1"))
    assert '"title" is a required' in refused(*about, 200, JSON, LIST.replace(b"title", b"name"))
    assert "'name' was unexpected" in refused(*about, 200, JSON, LIST[:-1] + b',"name":1}')
    assert "is text/html" in refused(*about, 200, "text/html", LIST)
    assert "status 201 is not" in refused(*about, 201, JSON, LIST)
    assert '"error" is a required' in refused(*about, 404, JSON, b"{}")


def test_an_endpoint_that_is_declared_empty_is_empty() -> None:
    check("GET", "/api/v1/instance/peers", 200, JSON, b"[]")
    assert "declared empty" in refused("GET", "/api/v1/instance/peers", 200, JSON, b'["a.example"]')


CONFTEST = """
    import pytest
    from rostra.api.routes import all_endpoints
    from rostra.store.query import query_text
    from tests.harness.every_endpoint import EveryEndpoint
    from tests.harness.on_postgresql import EveryStatement, watch

    STATEMENTS = [
        (name, query_text(sqlite=f"SELECT {at}", postgresql=f"SELECT {at}"))
        for at, name in enumerate(("of both", "of one", "of none", "of an invented request"))
    ]
    watch()

    @pytest.fixture
    def asked():
        named = dict(STATEMENTS)
        return lambda database, name: named[name].compiled(database).bind({})

    def pytest_configure(config):
        names = {"GET /api/v1/lists/{id}", "GET /api/v1/lists", "DELETE /api/v1/lists/{id}"}
        chosen = [each for each in all_endpoints() if each.name in names]
        config.pluginmanager.register(EveryEndpoint(config, chosen), "every-endpoint")
        config.pluginmanager.register(EveryStatement(config, STATEMENTS), "every-statement")
"""
TESTS = """
    import pytest
    from tests.harness.answers import check

    KIND = "application/json"

    def test_one(asked):
        check("GET", "/api/v1/lists/1", 200, KIND, %r)
        asked("sqlite", "of both")
        asked("postgresql", "of none")

    def test_two(asked):
        check("GET", "/api/v1/lists", 200, KIND, b"[]")
        asked("postgresql", "of both")
        asked("sqlite", "of one")

    @pytest.mark.invented
    def test_three(asked):
        asked("sqlite", "of an invented request")
"""


def run(
    folder: Path, *arguments: str, conftest: str = CONFTEST, tests: str = TESTS % LIST
) -> subprocess.CompletedProcess[str]:
    """A run of pytest of its own."""
    (folder / "conftest.py").write_text(textwrap.dedent(conftest))
    (folder / "test_all.py").write_text(textwrap.dedent(tests))
    marks = "[pytest]\ntestpaths = .\nmarkers =\n  invented\n  untraced\n"
    (folder / "pytest.ini").write_text(marks)
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize("workers", [["-n2"], []], ids=["workers", "alone"])
def test_a_whole_run_fails_when_an_endpoint_or_a_statement_is_missed(
    tmp_path: Path, workers: list[str]
) -> None:
    ran = run(tmp_path, *workers)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr
    told = ran.stdout.splitlines()
    assert "DELETE /api/v1/lists/{id}" in told
    assert "GET /api/v1/lists" in told  # only ever empty
    assert "GET /api/v1/lists/{id}" not in told
    assert "of one" in told
    assert not {"of both", "of none", "of an invented request"} & set(told)


def test_a_part_of_a_run_misses_nothing(tmp_path: Path) -> None:
    for arguments in (["test_all.py"], ["-k", "one"], ["-m", "not slow"]):
        ran = run(tmp_path, *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr


TRACING = """
    from tests.harness.tracing import Tracing

    def pytest_configure(config):
        config.pluginmanager.register(Tracing(config), "tracing")
"""
TRACED = """
    import asked, pytest

    @pytest.fixture
    def ready():
        asked.set_up_untraced()
        yield
        asked.left_untraced()

    def test_one():
        asked.before()

    @pytest.mark.untraced
    def test_two(ready):
        asked.untraced()

    def test_three():
        asked.after()

    @pytest.mark.untraced
    def test_four(ready):
        asked.untraced()
"""
ASKED = ("before", "set_up_untraced", "untraced", "left_untraced", "after")


@pytest.mark.parametrize("workers", [["-n1"], []], ids=["workers", "alone"])
def test_nothing_of_an_untraced_test_is_traced(tmp_path: Path, workers: list[str]) -> None:
    lines = "".join(f"def {name}():\n    return {at}\n" for at, name in enumerate(ASKED))
    (tmp_path / "asked.py").write_text(lines)
    measured = ["-p", "pytest_cov", "--cov=asked", "--cov-report=json:found.json"]
    ran = run(tmp_path, *workers, *measured, conftest=TRACING, tests=TRACED)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads((tmp_path / "found.json").read_text())["files"]["asked.py"]
    reached = {ASKED[line // 2 - 1] for line in found["executed_lines"] if line % 2 == 0}
    assert reached == {"before", "after"}


@pytest.mark.parametrize("folder", ABOVE)
def test_a_quarter_of_what_stands_above_the_store_runs_on_postgresql(folder: str) -> None:
    names = [f"{folder}test_{number}.py::test_x[postgresql]" for number in range(4_000)]
    left = [name for name in names if left_out(name, "postgresql", marked=False)]
    assert 2_900 < len(left) < 3_100
    assert not any(left_out(name, "sqlite", marked=False) for name in names)
    assert not any(left_out(name, "postgresql", marked=True) for name in names)


def test_a_server_is_started_on_postgresql_for_whole_modules() -> None:
    for number in range(40):
        names = [f"tests/clients/test_{number}.py::test_{each}[postgresql]" for each in "abcdefgh"]
        assert len({left_out(name, "postgresql", marked=False) for name in names}) == 1


@pytest.mark.parametrize("folder", ["store", "network", "safety", "law", "hosting", "hostile"])
def test_what_stands_below_runs_whole_on_both(folder: str) -> None:
    names = [f"tests/{folder}/test_x.py::test_{number}[postgresql]" for number in range(400)]
    assert not any(left_out(name, "postgresql", marked=False) for name in names)


def test_every_endpoint_says_what_it_answers() -> None:
    plain = [each.name for each in all_endpoints() if each.answer is None]
    assert plain == [
        "GET /api/v1/donation_campaigns",
        "GET /api/rostra/v1/safety/evidence/{id}/files/{place}",
        "GET /health",
    ]


ASKS_TWICE = """
async def twice(db):
    async with db.read():
        async with db.write():
            pass

async def slowly(db):
    async def nothing(reader):
        return None

    async with db.read():
        await db.slowly(nothing)

async def after(db):
    async with db.read():
        pass
    async with db.write():
        pass
"""


async def test_a_program_that_holds_a_connection_may_not_ask_for_another(
    rostra: InProcess,
) -> None:
    program: dict[str, Any] = {}
    exec(compile(ASKS_TWICE, f"{holding.PROGRAM}/asks_twice.py", "exec"), program)  # noqa: S102 (ours)
    for name in ("twice", "slowly"):
        with pytest.raises(holding.HeldTwice, match=r"asks_twice\.py:\d+ holds one"):
            await program[name](rostra.db)
    await program["after"](rostra.db)
    async with rostra.db.read() as reader:  # a test's own does not count
        await program["after"](rostra.db)
        assert reader.dialect == rostra.db.dialect
    holding.forget()


WATCHED = """
import sys
from tests.harness.patience import Watch
with Watch() as watch:
    print("begun", flush=True)
    sys.stdin.readline()
print(watch.seconds)
"""


def test_a_watch_stands_still_with_the_machine() -> None:
    for stopped in (False, True):
        with subprocess.Popen(  # noqa: S603 (code of this file)
            [sys.executable, "-c", WATCHED],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONPATH": "."},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            assert program.stdout.readline() == "begun\n"
            began = time.monotonic()
            if stopped:
                program.send_signal(signal.SIGSTOP)
            time.sleep(1.0)
            program.send_signal(signal.SIGCONT)
            print(file=program.stdin, flush=True)
            told = float(program.stdout.readline())
        took = time.monotonic() - began
        assert told < took - 0.9 * stopped
        assert stopped or told > 0
