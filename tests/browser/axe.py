"""axe-core, the accessibility checker, as a locked package of the registry brings it along."""

from importlib.resources import files


def script() -> str:
    """Return the checker's source, to be run in a page before `axe.run()`."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
