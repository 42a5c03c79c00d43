"""Draws the pictures that must be PNG, from the page's own drawings.

`python -m tests.browser.draw` writes `og.png` (link previews), `touch.png` (home screens),
`avatar.png` and `header.png` (of accounts without their own) into
`src/rostra/web/static/img/`. Run it after the logo, the scene or the colours have changed.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.browser.stage import CHROMIUM, FLAGS

import rostra.web
from rostra.web.assets import load_assets

WEB = Path(rostra.web.__file__).parent
PARTS = WEB / "templates" / "parts"
MORE = """
html, body { height: 100%; } body { display: grid; place-items: center; background: #f5efe6; }
.og { width: 780px; max-width: none; } .touch { width: 128px; height: 128px; }
.whole { width: 100vw; height: 100vh; }
"""
WHOLE = '<svg class="whole"'
HEADER = """<svg class="whole" viewBox="0 0 1500 500" preserveAspectRatio="xMidYMid slice">
<rect width="1500" height="500" fill="#e3d3bf"/>
<path d="M0 380q380-150 760-30t740-60v210H0z" fill="#d3bfa6"/>
<path d="M0 440q420-110 800-20t700-50v130H0z" fill="#c0a88c"/></svg>"""


def _drawing(file: str, opening: str, name: str) -> str:
    text = (PARTS / file).read_text()
    start = text.index(opening)
    svg = text[start : text.index("</svg>", start) + len("</svg>")]
    return svg.replace('class="', f'class="{name} ', 1)


def main() -> None:
    """Draw them all."""
    found = load_assets().get("rostra.css")
    if found is None:
        raise FileNotFoundError("rostra.css")
    style = found[0].body.decode() + MORE
    pages = {
        "og": (1200, 630, _drawing("scene.html", '<svg class="scene"', "og")),
        "touch": (180, 180, _drawing("bits.html", '<svg class="logo"', "touch")),
        "avatar": (400, 400, (WEB / "static/img/avatar.svg").read_text().replace("<svg", WHOLE)),
        "header": (1500, 500, HEADER),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name, (width, height, drawing) in pages.items():
            body = f"<!doctype html><style>{style}</style><body>{drawing}"
            tab = browser.new_page(viewport={"width": width, "height": height})
            tab.set_content(body)
            tab.screenshot(path=WEB / "static" / "img" / f"{name}.png")
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
