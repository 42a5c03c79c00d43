"""Nothing that a client can do is forgotten: it is driven, or the page says why it is not."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import dropwhile
from pathlib import Path

from mastodon import Mastodon
from tests.harness.patience import PATIENCE_S

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "clients.md"
# In a process of its own: what toot draws with warns of itself to whoever looks at its modules.
LISTED = """
from toot.cli import cli

def show(group, *before):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            show(command, *before, name)
        else:
            print(*before, name)

show(cli)
"""
TOOT = "test_toot*.py", "test_code_flow.py", "toot_*.py"


def left_out(heading: str) -> list[str]:
    """The names in the table below a heading of the page."""
    part = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| .+ \|$", part, re.MULTILINE)


def trees(*patterns: str) -> Iterator[ast.AST]:
    """All that stands in these modules."""
    for pattern in patterns:
        for path in sorted(HERE.glob(pattern)):
            yield from ast.walk(ast.parse(path.read_text()))


def methods_called() -> set[str]:
    """Names of what is called of something, or handed on to be called."""
    found = set()
    for node in trees("*.py"):
        if isinstance(node, ast.Call):
            for each in (node.func, *node.args):
                if isinstance(each, ast.Attribute):
                    found.add(each.attr)
    return found


def methods() -> set[str]:
    """The public methods of Mastodon.py."""
    return {
        name
        for name in dir(Mastodon)
        if not name.startswith("_") and callable(getattr(Mastodon, name))
    }


def commands() -> list[str]:
    """Every command of toot, the hidden ones too."""
    done = subprocess.run(  # noqa: S603 (code of this file)
        [sys.executable, "-c", LISTED],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    return done.stdout.splitlines()


def commands_typed() -> set[str]:
    """Every run of words that stands first in a call or in a tuple, as commands do."""
    found = set()
    for node in trees(*TOOT):
        lists = {
            ast.Call: lambda each: [each.args],
            ast.Tuple: lambda each: [each.elts],
            ast.List: lambda each: [each.elts],
        }.get(type(node), lambda _each: [])(node)
        for items in lists:
            words = []
            for item in dropwhile(lambda each: isinstance(each, ast.Name), items):  # the program
                if not (isinstance(item, ast.Constant) and isinstance(item.value, str)):
                    break
                words.append(item.value)
                found.add(" ".join(words))
    return found


def test_every_method_of_mastodon_py_is_driven_or_on_the_page() -> None:
    names = left_out("Methods of Mastodon.py that are not driven")
    excused = {name for name in methods() if any(fnmatchcase(name, each) for each in names)}
    driven = methods() & methods_called()
    assert len(methods()) > 250
    assert sorted(methods() - driven - excused) == []
    assert sorted(driven & excused) == []
    idle = [each for each in names if not any(fnmatchcase(name, each) for name in methods())]
    assert idle == []


def test_every_command_of_toot_is_driven() -> None:
    known = set(commands())
    assert len(known) > 60
    assert sorted(known - commands_typed()) == []
    assert left_out("Commands of toot that are not driven") == []
