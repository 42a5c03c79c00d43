"""`python -m rostra.cli.page` prints `docs/commands.md`: every command with its options."""

import sys

from rostra.cli.main import app

_ABOUT = """\
# Commands

`rostra` is one program. In a checkout it is `.venv/bin/rostra` (or `uv run rostra`). Settings come
from the data directory's `rostra.toml` and the environment, see [settings](settings.md); `--help`
behind any command says what stands here.

This page is printed by `python -m rostra.cli.page`.
"""


def page() -> str:
    """The page, made from the commands themselves."""
    parts = [_ABOUT]
    for name in app:
        if not name.startswith("-"):
            command = app[name]
            text = command.generate_docs(heading_level=2, usage_name=f"rostra {name}")
            # Commands of commands are named after how this module was started.
            text = text.replace(f" -m {__spec__.name}", "") if __spec__ else text
            parts.append(text.replace(f"## {name}\n", f"## `rostra {name}`\n", 1))
    lines = "\n".join(part.strip() + "\n" for part in parts).split("\n")
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    sys.stdout.write(page())
