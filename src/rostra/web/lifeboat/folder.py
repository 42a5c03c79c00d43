"""The lifeboat as a folder of plain files, for any web host: the same pages, nothing that runs.

A file is written only where its content has changed, and what is not in the extract any more is
removed. Of members whose page is the same piece as before nothing is read.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from rostra.hosting.lifeboat.book import Book, NotThere
from rostra.web.lifeboat.answers import Answers, Asked

_STATE: Final = ".lifeboat.json"
_MEDIA: Final = "lifeboat/media"
_EVERY: Final = 1 << 40
_GOOD: Final = 200


class Kept(msgspec.Struct, frozen=True):
    """What was written of a member: the piece of their page, and the pictures on it."""

    piece: str
    media: tuple[str, ...]


class Written(msgspec.Struct):
    """What one round has done: files that were written, and files or folders removed."""

    files: int = 0
    removed: int = 0


class Folder:
    """A folder that is kept like the extract."""

    def __init__(self, root: Path, answers: Answers, book: Book) -> None:
        self._root = root
        self._answers = answers
        self._book = book
        self._done = Written()

    async def write(self) -> Written:
        """Bring the folder up to date.

        Raises:
            NotReadable: the extract can't be read now; what was there stays.
            OSError: a file can't be written.
        """
        self._done = Written()
        self._root.mkdir(parents=True, exist_ok=True)
        before = self._before()
        await self._page("/", "index.html")
        await self._page("/lifeboat/status.json", "lifeboat/status.json")
        await self._page("/robots.txt", "robots.txt")
        self._put("404.html", self._answers.missing().body)
        for name in self._answers.assets:
            await self._page(name, name.removeprefix("/"))
        now: dict[str, Kept] = {}
        if self._book.is_open:
            async for name, piece in self._book.names():
                known = before.get(name)
                now[name] = (
                    known if known and known.piece == piece else await self._member(name, piece)
                )
        self._tidy(before, now)
        self._put(_STATE, msgspec.json.encode(now))
        return self._done

    def _before(self) -> dict[str, Kept]:
        try:
            return msgspec.json.decode((self._root / _STATE).read_bytes(), type=dict[str, Kept])
        except (OSError, msgspec.MsgspecError):
            return {}

    async def _member(self, name: str, piece: str) -> Kept:
        page = await self._book.page(name)
        posts = await self._book.newest(page, most=_EVERY)
        own = f"@{page.person.name}"
        written = {await self._page(f"/{own}", f"{own}/index.html")}
        for at, post in enumerate(posts, 1):
            written.add(await self._page(f"/{own}/{post.id}", f"{own}/{post.id}/index.html"))
            if at % self._answers.page_size == 0 and at < len(posts):
                older = f"{own}/before/{post.id}"
                written.add(await self._page(f"/{older}", f"{older}/index.html"))
        self._only(self._root / own, written)
        media = page.pictures()
        for each in media:
            file = f"{_MEDIA}/{name}/{each}"
            if not (self._root / file).exists():
                await self._page(f"/{file}", file)
        return Kept(piece, tuple(sorted(media)))

    async def _page(self, path: str, file: str) -> Path:
        asked = Asked(method="GET", path=path, host=self._answers.host)
        answer = await self._answers.answer(asked)
        if answer.status != _GOOD:
            raise NotThere(path)
        return self._put(file, answer.body)

    def _put(self, file: str, content: bytes) -> Path:
        path = self._root / file
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.new")
            new.write_bytes(content)
            new.replace(path)
            self._done.files += 1
        return path

    def _only(self, folder: Path, wanted: Iterable[Path]) -> None:
        """Remove the posts of a member that are not there any more."""
        kept = {path.parent for path in wanted}
        for path in folder.glob("**/index.html"):
            if path.parent not in kept:
                path.unlink()
                self._done.removed += 1

    def _tidy(self, before: dict[str, Kept], now: dict[str, Kept]) -> None:
        """Remove members who are gone, and pictures that no page shows any more."""
        gone = {name for name in before if name not in now}
        for folder in self._root.glob("@*"):
            if folder.name[1:].lower() in gone:
                shutil.rmtree(folder)
                self._done.removed += 1
        shown = {f"{name}/{piece}" for name, kept in now.items() for piece in kept.media}
        media = self._root / _MEDIA
        for path in sorted(media.rglob("*"), reverse=True):  # what is in a folder comes before it
            if path.is_dir():
                if path.name not in now:
                    path.rmdir()
            elif path.relative_to(media).as_posix() not in shown:
                path.unlink()
                self._done.removed += 1
