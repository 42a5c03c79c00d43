"""The past as files: authors and posts in shards of Parquet, for engines that score elsewhere.

A folder holds `authors-N.parquet` and `posts-N.parquet` for each shard, and `about.json`, which is
written last: a folder without it is not complete. Each author stands in one shard. The columns are
the fields of `Author` and `PastPost`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec

from rostra.kernel.lazy import extra
from rostra.safety.tryout.history import Period, Shard, Wanted, authored
from rostra.safety.tryout.model import Author, PastPost, Result
from rostra.safety.tryout.parallel import Spread, Stopped, in_processes, never
from rostra.safety.tryout.spec import Spec, Tried
from rostra.safety.tryout.sweep import Told, swept, untold
from rostra.store.reading import reading

FORMAT: Final = 2
ABOUT: Final = "about.json"
_BATCH: Final = 4_096
_TYPES: Final = {int: "int64", str: "string", bool: "bool_"}


class Unreadable(Exception):
    """A folder that holds no history, or not all of it; the words say what is wrong."""


class Piece(msgspec.Struct, frozen=True):
    """One shard that was written."""

    number: int
    posts: int


class About(msgspec.Struct, frozen=True):
    """What a folder holds."""

    format: int
    period: Period
    pieces: tuple[Piece, ...]


class Export(msgspec.Struct, frozen=True):
    """What is written, and where to."""

    url: str
    period: Period
    folder: str


def export(
    url: str,
    period: Period,
    shards: Sequence[Shard],
    folder: Path,
    *,
    processes: int,
    told: Told = untold,
    stopped: Stopped = never,
) -> About:
    """Write the history of a period into an empty folder.

    Raises:
        ExtraMissing: pyarrow is not installed.
        FileExistsError: the folder is not empty.
        Cancelled: `stopped` said so; what was written stays, without its `about.json`.
    """
    extra("pyarrow.parquet", "ray")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    work = partial(_write, Export(url, period, str(folder)))
    pieces = []
    numbered = list(enumerate(shards, 1))
    for _, piece in in_processes(work, numbered, processes=processes, stopped=stopped):
        pieces.append(piece)
        told(piece.posts)
    about = About(FORMAT, period, tuple(sorted(pieces, key=lambda piece: piece.number)))
    (folder / ABOUT).write_bytes(msgspec.json.encode(about))
    return about


def about(folder: Path) -> About:
    """What a folder says that it holds.

    Raises:
        Unreadable: it holds no history that this program can read.
    """
    try:
        found = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
    except FileNotFoundError:
        raise Unreadable(f"{folder} has no {ABOUT}: nothing was exported, or not all") from None
    except msgspec.MsgspecError as error:
        raise Unreadable(f"{folder / ABOUT}: {error}") from None
    if found.format != FORMAT:
        raise Unreadable(f"{folder} is of format {found.format}; this program reads {FORMAT}")
    return found


def try_files(
    spec: Spec,
    folder: Path,
    *,
    processes: int,
    spread: Spread = in_processes,
    told: Told = untold,
    stopped: Stopped = never,
) -> Result:
    """Score what a folder holds; see `sweep.swept`.

    Raises:
        ExtraMissing: pyarrow is not installed.
        Unreadable: it holds no history.
    """
    extra("pyarrow.parquet", "ray")
    work = partial(score_piece, spec, str(folder))
    return swept(
        spec,
        work,
        about(folder).pieces,
        processes=processes,
        spread=spread,
        told=told,
        stopped=stopped,
    )


def score_piece(spec: Spec, folder: str, piece: Piece) -> Result:
    """What the rules say of one shard; in a process of its own, on any machine that sees it."""
    scorer = _tried(spec).scorer()
    for author, posts in read_piece(Path(folder), piece.number):
        scorer.add(author, posts)
    return scorer.result()


@cache
def _tried(spec: Spec) -> Tried:
    return spec.read()


def _write(what: Export, numbered: tuple[int, Shard]) -> Piece:
    number, shard = numbered
    return asyncio.run(written(what, number, shard))


async def written(what: Export, number: int, shard: Shard) -> Piece:
    """Write one shard."""
    parquet, folder = extra("pyarrow.parquet", "ray"), Path(what.folder)
    authors: dict[int, Author] = {}
    posts = 0
    db = reading(what.url)
    try:
        with parquet.ParquetWriter(_posts_file(folder, number), _schema(PastPost)) as writer:
            async with db.read() as reader:
                async for author, page in authored(reader, what.period, shard, Wanted()):
                    authors[author.id] = author
                    posts += len(page)
                    writer.write_table(_table(PastPost, page))
        parquet.write_table(_table(Author, list(authors.values())), _authors_file(folder, number))
    finally:
        await db.close()
    return Piece(number, posts)


def read_piece(folder: Path, number: int) -> Iterator[tuple[Author, list[PastPost]]]:
    """The authors of one shard with their posts, as `history.authored` gives them."""
    parquet = extra("pyarrow.parquet", "ray")
    rows = parquet.read_table(_authors_file(folder, number)).to_pylist()
    authors = {author.id: author for author in msgspec.convert(rows, list[Author])}
    with parquet.ParquetFile(_posts_file(folder, number)) as file:
        for batch in file.iter_batches(_BATCH):
            posts = msgspec.convert(batch.to_pylist(), list[PastPost])
            for author_id, theirs in groupby(posts, key=lambda post: post.account_id):
                yield authors[author_id], list(theirs)


def _posts_file(folder: Path, number: int) -> str:
    return str(folder / f"posts-{number:05}.parquet")


def _authors_file(folder: Path, number: int) -> str:
    return str(folder / f"authors-{number:05}.parquet")


def _schema(kind: type[msgspec.Struct]) -> Any:
    arrow = extra("pyarrow", "ray")
    return arrow.schema(
        [
            (
                field.encode_name,
                getattr(arrow, _TYPES[field.type])()
                if field.type in _TYPES
                else arrow.list_(arrow.int64()),
            )
            for field in msgspec.structs.fields(kind)
        ]
    )


def _table(kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> Any:
    arrow = extra("pyarrow", "ray")
    columns = {name: [getattr(row, name) for row in rows] for name in kind.__struct_fields__}
    return arrow.Table.from_pydict(columns, schema=_schema(kind))
