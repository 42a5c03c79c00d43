"""The page of the rules names tests that are there, and all of them."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "wire-rules.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
RULES = re.findall(r"^(\d+)\. \*\*", PAGE, re.MULTILINE)
_TEST = re.compile(r"^(?:async )?def (test_rule_\w+)\(", re.MULTILINE)


def named_in(path: Path) -> list[str]:
    """The tests in a file that are named after a rule."""
    return _TEST.findall(path.read_text())


def test_every_test_that_the_page_names_is_there() -> None:
    assert len(NAMED) > 40
    assert [(path, name) for path, name in NAMED if name not in named_in(ROOT / path)] == []


def test_every_test_of_a_rule_is_on_the_page() -> None:
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in named_in(path)
    }
    assert found == set(NAMED)


def test_every_rule_has_a_test_below_it() -> None:
    assert [str(number) for number in range(1, 14)] == RULES
    parts = re.split(r"^(\d+)\. \*\*", PAGE, flags=re.MULTILINE)[1:]
    for number, text in zip(parts[::2], parts[1::2], strict=True):
        assert set(re.findall(r"::test_rule_(\d+)_\w+`", text)) == {number}
