"""The page of all settings: `docs/settings.md`."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from msgspec import NODEFAULT, Meta

from rostra.settings.sources import Key, Section, keys_of, sections_of, sorts_of

ABOUT = """\
No setting is needed to start. Where several sources give the same one, the last of these holds:

1. the default,
2. the file `rostra.toml` in the data directory (or the one named by `--config` or `ROSTRA_CONFIG`),
3. the environment,
4. the command line (`--data`).

`base_url` under `[site]` in the file is `ROSTRA_SITE_BASE_URL` (or `ROSTRA_SITE__BASE_URL`) in the
environment; lists are separated by commas there. A secret may stand in a file of its own: put
`_file` behind its name (`password_file`, `ROSTRA_MAIL_PASSWORD_FILE`) and give the path. An unknown
key or a bad value stops the start, with the key and its source in the message.

This page is printed by `python -m rostra.settings`.
"""
NAMED = " There may be several, each with a name of its own, of a to z and 0 to 9."


def page(settings: type[Section]) -> str:
    """The documentation of every setting as Markdown."""
    lines = ["# Settings", "", ABOUT]
    lines += _table("Without a section", "", keys_of(settings))
    for name, kind in sections_of(settings):
        about = " ".join((kind.__doc__ or "").split())
        lines += _table(f"`[{name}]`", about, keys_of(kind, name))
    for name, kind in sorts_of(settings).items():
        about = " ".join((kind.__doc__ or "").split()) + NAMED
        lines += _table(f"`[{name}.NAME]`", about, keys_of(kind, f"{name}.NAME"))
    return "\n".join(lines).rstrip() + "\n"


def _table(title: str, about: str, keys: Iterator[Key]) -> Iterator[str]:
    yield from (f"## {title}", "")
    if about:
        yield from (about, "")
    yield "| setting | default | meaning |"
    yield "| --- | --- | --- |"
    for key in keys:
        secret = f" A secret: `{key.name}_file` names a file with it." if key.secret else ""
        yield (
            f"| `{key.name}`<br>`{key.variable}` | {_shown(key.default)} "
            f"| {key.description}{_bounds(key.type)}{secret} |"
        )
    yield ""


def _shown(default: Any) -> str:
    if default is NODEFAULT:
        return "must be set"
    if default in ("", ()):
        return "empty"
    if isinstance(default, tuple):
        return ", ".join(f"`{part}`" for part in default)
    return f"`{default}`"


def _bounds(annotation: Any) -> str:
    bare, *metas = get_args(annotation)
    if get_origin(bare) is Literal:
        return f" One of {', '.join(f'`{choice}`' for choice in get_args(bare))}."
    meta = next(part for part in metas if isinstance(part, Meta))
    words = {"ge": "at least", "gt": "more than", "le": "at most"}
    bounds = [
        f"{word} {getattr(meta, name)}"
        for name, word in words.items()
        if getattr(meta, name) is not None
    ]
    return f" {' and '.join(bounds).capitalize()}." if bounds else ""
