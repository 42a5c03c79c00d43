"""The harness itself: answers are held against the document, and a whole run misses no endpoint."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from rostra.api.routes import all_endpoints
from tests.harness.answers import check

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
    from rostra.api.routes import all_endpoints
    from tests.harness.every_endpoint import EveryEndpoint

    def pytest_configure(config):
        names = {"GET /api/v1/lists/{id}", "GET /api/v1/lists", "DELETE /api/v1/lists/{id}"}
        chosen = [each for each in all_endpoints() if each.name in names]
        config.pluginmanager.register(EveryEndpoint(config, chosen), "every-endpoint")
"""
TESTS = """
    from tests.harness.answers import check

    KIND = "application/json"

    def test_one():
        check("GET", "/api/v1/lists/1", 200, KIND, %r)

    def test_two():
        check("GET", "/api/v1/lists", 200, KIND, b"[]")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest of its own."""
    (folder / "conftest.py").write_text(textwrap.dedent(CONFTEST))
    (folder / "test_all.py").write_text(textwrap.dedent(TESTS % LIST))
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = .\n")
    return subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("workers", [["-n2"], []], ids=["workers", "alone"])
def test_a_whole_run_fails_when_an_endpoint_is_missed(tmp_path: Path, workers: list[str]) -> None:
    ran = run(tmp_path, *workers)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr
    told = ran.stdout.splitlines()
    assert "DELETE /api/v1/lists/{id}" in told
    assert "GET /api/v1/lists" in told  # only ever empty
    assert "GET /api/v1/lists/{id}" not in told


def test_a_part_of_a_run_misses_nothing(tmp_path: Path) -> None:
    for arguments in (["test_all.py"], ["-k", "one"], ["-m", "not slow"]):
        ran = run(tmp_path, *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_endpoint_says_what_it_answers() -> None:
    plain = [each.name for each in all_endpoints() if each.answer is None]
    assert plain == [
        "GET /api/v1/donation_campaigns",
        "GET /api/rostra/v1/safety/evidence/{id}/files/{place}",
        "GET /health",
    ]
