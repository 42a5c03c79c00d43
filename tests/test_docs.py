"""The documents keep up with the program: settings, commands, links, and no word of one machine."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from scripts import api_coverage as coverage

from rostra import settings
from rostra.cli.main import COMMANDS
from rostra.cli.page import page
from rostra.network.instance.model import PlaceSettings
from rostra.settings import Settings
from rostra.settings.sources import Section, keys_of

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_PATH = re.compile(r"`((?:src|tests|scripts|docs|bench)/[\w./-]*)`")
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
# Absolute paths of the machine that a file was written on; documents name paths of the checkout.
_MACHINE_PATHS = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+|Users)/[\w.-]+")


def _anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    headings = _HEADING.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


def _dead_links(path: Path) -> list[str]:
    dead = []
    for link in _LINK.findall(_CODE.sub("", path.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = unquote(link).partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text())):
            dead.append(link)
    return dead


def _setting_names(section: type[Section], name: str = "") -> list[str]:
    own = [key.variable for key in keys_of(section, name)]
    for field in section.__struct_fields__:
        inner = type(getattr(section(), field))
        if issubclass(inner, Section):
            own += _setting_names(inner, field)
    return own


@pytest.mark.parametrize("name", _setting_names(Settings))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(), (
        f"run: uv run python -m {settings.__name__} > docs/settings.md"
    )


@pytest.mark.parametrize("name", PlaceSettings.__struct_fields__)
def test_every_setting_at_run_time_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "operating.md").read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"## `rostra {name}`" in (ROOT / "docs" / "commands.md").read_text()


def test_the_page_of_commands_is_current() -> None:
    assert (ROOT / "docs" / "commands.md").read_text() == page(), (
        "run: uv run python -m rostra.cli.page > docs/commands.md"
    )


def test_the_page_of_the_api_is_current() -> None:
    """It is made from the live endpoint table; without a plan for what is missing there is none."""
    assert (ROOT / "docs" / "api-coverage.md").read_text() == coverage.page(), (
        "run: uv run python scripts/api_coverage.py > docs/api-coverage.md"
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_is_dead(path: Path) -> None:
    assert _dead_links(path) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](page.md) [b](#one) [c](gone.md) [d](#two) `[e](code.md)`\n")
    assert _dead_links(page) == ["gone.md", "#two"]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_one_page_of_four_parts(path: Path) -> None:
    text = path.read_text()
    for heading in ("## Context", "## Decision", "## Measurements", "## Consequences"):
        assert heading in text
    assert len(text.splitlines()) <= 80


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.stem[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_architecture_lists_every_decision() -> None:
    architecture = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    assert [path.name for path in DECISIONS if path.name not in architecture] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_that_a_page_names_are_there(path: Path) -> None:
    named = _PATH.findall(path.read_text())
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/")))] == []


def test_architecture_names_every_law_test() -> None:
    architecture = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    laws = (ROOT / "tests" / "law").glob("test_*.py")
    assert [path.name for path in laws if path.name not in architecture] == []


def test_the_readme_names_both_commands_first() -> None:
    head = (ROOT / "README.md").read_text()[:800]
    assert "scripts/run" in head
    assert "scripts/test" in head


def _own_files() -> Iterator[Path]:
    """What the project consists of, whether git is there or not."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git")
    for folder in (".ci", "bench", "docs", "scripts", "src", "tests"):
        yield from (path for path in (ROOT / folder).rglob("*") if path.is_file())


def test_no_file_names_a_place_on_one_machine() -> None:
    found = []
    for path in _own_files():
        if path.suffix in {".md", ".py", ".toml", ".html", ".css", ".js", ""}:
            text = path.read_text(errors="ignore")
            found += [f"{path}: {match}" for match in _MACHINE_PATHS.findall(text)]
    assert found == []
