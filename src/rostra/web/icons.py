"""The icons: symbols of one sheet (`templates/parts/icons.svg`) that every page carries once."""

import re
from functools import lru_cache
from importlib import resources

from markupsafe import Markup

_SHEET = (resources.files("rostra.web") / "templates" / "parts" / "icons.svg").read_text()
NAMES = frozenset(re.findall(r'<symbol id="i-([a-z-]+)"', _SHEET))


@lru_cache(maxsize=128)
def icon(name: str) -> Markup:
    """Return an icon of the sheet. It says nothing to a screen reader; the words beside it do.

    Raises:
        KeyError: no such icon.
    """
    if name not in NAMES:
        raise KeyError(name)
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>'
    ).format(name)


def sprite() -> Markup:
    """Return the hidden sheet, without its comment and the space between its lines."""
    sheet = re.sub(r"<!--.*?-->", "", _SHEET, flags=re.DOTALL)
    sheet = re.sub(r">\s+<", "><", sheet).strip().replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return Markup(sheet)  # noqa: S704 (the file is ours and constant)
