"""Takes pictures of every sample page: `python -m tests.browser.screens [name…]`.

They land in `tests/screenshots/<size>-<theme>/<name>.png` (not kept in the repository).
"""

import sys
from pathlib import Path

from tests.browser.stage import SIZES, THEMES, stage

# Lazy pictures load only near the window; a picture of the whole page needs all of them.
LOAD_ALL = """() => Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.decode().catch(() => null);
}))"""
FOLDER = Path(__file__).parent.parent / "screenshots"


def main(names: list[str]) -> None:
    """Photograph the named pages, or all."""
    with stage() as shown:
        for size in SIZES:
            for theme in THEMES:
                folder = FOLDER / f"{size}-{theme}"
                folder.mkdir(parents=True, exist_ok=True)
                with shown.context(size, theme) as context:
                    for name in names or shown.samples:
                        tab, complaints = shown.open(context, name)
                        tab.evaluate(LOAD_ALL)
                        tab.screenshot(path=folder / f"{name}.png", full_page=True)
                        tab.close()
                        for complaint in complaints:
                            print(f"{name} {size} {theme}: {complaint}", file=sys.stderr)  # noqa: T201 - a command line tool


if __name__ == "__main__":
    main(sys.argv[1:])
