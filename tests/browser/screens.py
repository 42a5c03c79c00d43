"""Takes pictures of every page: `scripts/screenshots [--living] [--samples] [name…]`.

The living pages are those of a made-up town on a server of its own (:mod:`scenes`); the samples
are drawn from made-up data, hostile and extreme, without a server. The pictures land in
`tests/screenshots/<size>-<theme>/<name>.png`, and the town stays in `tests/screenshots/town` for
the next time; nothing of it is kept in the repository.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import BrowserContext, FloatRect
from playwright.sync_api import Page as Tab
from tests.browser.scene import Scene
from tests.browser.scenes import SCENES, states
from tests.browser.stage import SIZES, THEMES, Reading, Stage, chromium
from tests.browser.town import Town, living

FOLDER = Path(__file__).parent.parent / "screenshots"
# Lazy pictures load only near the window; a picture of the whole page needs all of them.
LOAD_ALL = """() => Promise.all([...document.images].map(image => {
    image.loading = "eager";
    return image.decode().catch(() => null);
}))"""

MOST = 4000  # px

Some = TypeVar("Some", bound=Reading)


def each_living(
    town: Town,
    size: str,
    theme: str,
    reading_in: Callable[[BrowserContext], Some],
    look: Callable[[Scene, Some, list[str]], None],
    *,
    chosen: Sequence[Scene] = SCENES,
) -> None:
    """Show one page after the other, as the people of the town see it.

    Pages on which nothing is pressed share a tab.
    """
    for scene in chosen:
        town.signed_in(scene.who)  # while the gate is still open
    for scenes in states(town, tuple(chosen)):
        for who in dict.fromkeys(scene.who for scene in scenes):
            with town.context(size, theme, who) as context:
                shared = reading_in(context)
                for scene in scenes:
                    if scene.who == who:
                        reading = reading_in(context) if scene.act else shared
                        look(scene, reading, show(town, reading, scene))
                        if scene.act:
                            reading.tab.close()


def show(town: Town, reading: Reading, scene: Scene) -> list[str]:
    """Open a page and do what its scene says; what its console complained about."""
    tab, complaints = reading.open(town.base + scene.path.format(**town.facts))
    if scene.act:
        scene.act(town, tab)
    # A page that refuses says so with its status, which the console calls an error.
    return [said for said in complaints if "the server responded with a status" not in said]


def take(size: str, theme: str, name: str, tab: Tab) -> None:
    """Keep a picture of the page down to where a list begins to repeat itself."""
    folder = FOLDER / f"{size}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    tab.evaluate(LOAD_ALL)
    width, least = SIZES[size]
    height = max(least, min(MOST, tab.evaluate("document.documentElement.scrollHeight")))
    if size == "phone":
        # The bar at the bottom belongs at the bottom of the picture.
        tab.set_viewport_size({"width": width, "height": height})
    clip = FloatRect(x=0, y=0, width=width, height=height)
    tab.screenshot(path=folder / f"{name}.png", full_page=True, clip=clip)


def _tell(size: str, theme: str, name: str, complaints: list[str]) -> None:
    for complaint in complaints:
        print(f"{name} {size} {theme}: {complaint}", file=sys.stderr)  # noqa: T201 (a command line tool)


def _living(town: Town, size: str, theme: str, names: list[str]) -> None:
    def look(scene: Scene, reading: Reading, complaints: list[str]) -> None:
        take(size, theme, scene.name, reading.tab)
        _tell(size, theme, scene.name, complaints)

    chosen = [scene for scene in SCENES if not names or scene.name in names]
    each_living(town, size, theme, Reading, look, chosen=chosen)


def _samples(stage: Stage, size: str, theme: str, names: list[str]) -> None:
    with stage.context(size, theme) as context:
        for name in [name for name in stage.samples if not names or name in names]:
            tab, complaints = stage.open(context, name)
            take(size, theme, f"sample-{name}", tab)
            tab.close()
            _tell(size, theme, name, complaints)


def main(words: list[str]) -> None:
    """Photograph the named pages, or all."""
    parser = argparse.ArgumentParser(description="Take pictures of every page.")
    parser.add_argument("--living", action="store_true", help="only the pages of a running town")
    parser.add_argument("--samples", action="store_true", help="only the pages of made-up data")
    parser.add_argument("--size", choices=list(SIZES), action="append")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args(words)
    kinds = [(s, t) for s in given.size or SIZES for t in given.theme or THEMES]
    with chromium() as browser:
        if not given.samples:
            print("making the town, if it is not there yet", file=sys.stderr)  # noqa: T201 (a command line tool)
            with living(browser, FOLDER / "town") as town:
                for size, theme in kinds:
                    _run(size, theme, lambda s, t: _living(town, s, t, given.names))
        if not given.living:
            stage = Stage(browser)
            for size, theme in kinds:
                _run(size, theme, lambda s, t: _samples(stage, s, t, given.names))


def _run(size: str, theme: str, work: Callable[[str, str], None]) -> None:
    began = time.monotonic()
    work(size, theme)
    print(f"{FOLDER.name}/{size}-{theme} ({time.monotonic() - began:.0f} s)", file=sys.stderr)  # noqa: T201 (a command line tool)


if __name__ == "__main__":
    main(sys.argv[1:])
