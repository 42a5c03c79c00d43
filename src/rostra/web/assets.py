"""The style sheet, scripts and pictures of the pages, read once at start.

All of them hang under one folder named after their common hash (`/static/<build>/…`), so that an
answer may be cached for good and modules may import each other by relative paths.
"""

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import msgspec

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
STYLE_ORDER = ("layers", "reset", "tokens", "base", "layout")
"""First files of the style sheet; the others follow by name. The layers decide what wins."""


class Asset(msgspec.Struct, frozen=True):
    """One static file."""

    body: bytes
    compressed: bytes
    """The body under gzip, or empty where that gains nothing."""
    media_type: str


class Assets:
    """All static files in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(name.encode() + b"\0" + files[name] + b"\0")
        self.build = digest.hexdigest()[:12]
        self._assets = {name: _asset(name, body) for name, body in files.items()}

    def url(self, name: str) -> str:
        """Return the address of a file.

        Raises:
            KeyError: no such file.
        """
        self._assets[name]
        return f"/static/{self.build}/{name}"

    def get(self, path: str) -> tuple[Asset, bool] | None:
        """Find a file by its path under `/static/`.

        Args:
            path: `<build>/<name>` or just `<name>`.

        Returns:
            The file, and whether its address names this build (then it never changes).
        """
        build, _, name = path.partition("/")
        if build == self.build and name in self._assets:
            return self._assets[name], True
        for candidate in (path, name):
            if candidate in self._assets:
                return self._assets[candidate], False
        return None

    def names(self) -> list[str]:
        """List all files."""
        return sorted(self._assets)


@cache
def load_assets() -> Assets:
    """The files shipped with the package, the style sheet put together; read once."""
    root = resources.files("rostra.web") / "static"
    files: dict[str, bytes] = {}
    for folder in ("js", "vendor", "img"):
        for entry in (root / folder).iterdir():
            if entry.name.rsplit(".", 1)[-1] in MEDIA_TYPES:
                files[f"{folder}/{entry.name}"] = entry.read_bytes()
    files["rostra.css"] = _style_sheet(root / "css")
    return Assets(files)


def _style_sheet(folder: Traversable) -> bytes:
    sheets = {entry.name.removesuffix(".css"): entry for entry in folder.iterdir()}

    def place(name: str) -> tuple[int, str]:
        return (STYLE_ORDER.index(name) if name in STYLE_ORDER else len(STYLE_ORDER), name)

    return b"\n".join(sheets[name].read_bytes() for name in sorted(sheets, key=place))


def _asset(name: str, body: bytes) -> Asset:
    media_type = MEDIA_TYPES[name.rsplit(".", 1)[-1]]
    compressed = b"" if media_type == "image/png" else gzip.compress(body, 9, mtime=0)
    return Asset(body, compressed if len(compressed) < len(body) else b"", media_type)
