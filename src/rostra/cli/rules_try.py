"""`rostra rules try` and `export`: a rule is tried on what was posted, alone or beside another."""

import asyncio
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from cyclopts import Parameter

from rostra.cli.common import FAILED, Where, say, settings_of, stop
from rostra.cli.operators import day, run, written_time
from rostra.cli.progress import Progress
from rostra.cli.rule_files import source_of
from rostra.kernel.clock import DAY
from rostra.kernel.errors import NotFound
from rostra.kernel.ids import time_of
from rostra.kernel.lazy import ExtraMissing
from rostra.network.edge import Reader, Services
from rostra.safety.rules import access as rules_access
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.rule import Rule
from rostra.safety.rules.spans import span_of
from rostra.safety.rules.vocabulary import MOST_COST
from rostra.safety.tryout import parquet as parquet_files
from rostra.safety.tryout.begin import keep_done
from rostra.safety.tryout.history import Period, Shard, shards
from rostra.safety.tryout.model import Group, Result, Side
from rostra.safety.tryout.on_ray import on_ray
from rostra.safety.tryout.parallel import Spread, in_processes
from rostra.safety.tryout.parquet import Unreadable
from rostra.safety.tryout.spec import Spec, spec_of
from rostra.safety.tryout.sweep import Task, Told, try_out
from rostra.store.schema import current_revision

T = TypeVar("T")
_KEPT = re.compile(r"(?P<name>[^@/]+)@(?P<number>[1-9]\d{0,6})")
INTERRUPTED = 130  # as shells have it
_MOST_SAMPLES = 1_000

Since = Annotated[str, Parameter(help='How far back: "12h", "30d", "365d".')]
Limit = Annotated[int, Parameter(help="Posts to show, of each group.")]
Processes = Annotated[
    int, Parameter(help="How many work at a time; 0: as many as there are cores.")
]
Against = Annotated[
    str,
    Parameter(
        help="Another version, to see both beside each other: a file, or a kept one (`name@2`)."
    ),
]
Exported = Annotated[
    Path | None, Parameter(help="A folder that `rostra rules export` has written, to read instead.")
]
Cluster = Annotated[
    str, Parameter(help="Address of a Ray cluster; without it one is started on this machine.")
]


def try_rule(
    file: Annotated[Path, Parameter(help="A file with a rule.")],
    *,
    since: Since = "30d",
    against: Against = "",
    limit: Limit = 10,
    processes: Processes = 0,
    parquet: Exported = None,
    ray: Annotated[bool, Parameter(help="Spread the work by Ray, over what was exported.")] = False,
    cluster: Cluster = "",
    where: Where | None = None,
) -> None:
    """Say what a rule would have caught of the posts that are stored, and whether people agreed.

    Nothing is changed; but where a kept rule says just this, the try-out is kept with it, as one
    that it needs to go live. Ctrl-C ends it at any time.
    """
    if not 0 <= limit <= _MOST_SAMPLES:
        stop(f"--limit is 0 to {_MOST_SAMPLES}")
    if ray and parquet is None:
        stop("--ray reads what was exported: name the folder with --parquet")
    back = _back(since)
    names = [file.name]
    sources: tuple[str, ...] = (source_of(file),)
    if against:
        beside, source = _beside(where, against)
        names.append(beside)
        sources = (*sources, source)
    spec = _spec(where, sources, limit)
    rules = _read(spec, [str(file), against][: len(sources)])
    processes = processes or os.cpu_count() or 1
    if parquet is None:
        period, result = _of_database(spec, where, back, processes)
    else:
        spread = on_ray(cluster) if ray else in_processes
        period, result = _of_files(spec, parquet, processes, spread)
        result = msgspec.structs.replace(result, exported=True)
    for line in report(names, rules, period, result):
        say(line)
    if parquet is None or _here(where):
        _keep(where, sources, period, result)


def export_history(
    folder: Annotated[Path, Parameter(help="An empty folder, or one that is made.")],
    *,
    since: Since = "30d",
    processes: Processes = 0,
    where: Where | None = None,
) -> None:
    """Write the history that rules are tried on into a folder, as shards of Parquet.

    It holds the words of every post of the period, those that few may see among them: keep it as
    you keep the database, and delete it when it has done its work.
    """
    period, parts = _posted(where, _back(since))
    url = settings_of(where).database_url

    def work(told: Told) -> int:
        count = processes or os.cpu_count() or 1
        made = parquet_files.export(url, period, parts, folder, processes=count, told=told)
        return sum(piece.posts for piece in made.pieces)

    with _in_words():
        _watched(sum(each.posts for each in parts), work, _itself)


def _beside(where: Where | None, against: str) -> tuple[str, str]:
    """The name and the source of what a rule stands beside; ends the program where it is none."""
    kept = _KEPT.fullmatch(against)
    path = Path(against)
    if not kept or path.exists():
        return path.name, source_of(path)
    found: list[str] = []

    async def work(services: Services) -> None:
        async with services.db.read() as reader:
            try:
                rule = await rules_access.named(reader, kept["name"])
                found.append(
                    (await rules_access.version(reader, rule.id, int(kept["number"]))).source
                )
            except NotFound:
                stop(f"--against: there is no {against}: neither a file nor a version that is kept")

    run(where, work)
    return against, found[0]


def _spec(where: Where | None, sources: tuple[str, ...], limit: int) -> Spec:
    """What is tried; with the signals and lists of the place where it needs any."""
    spec = Spec(sources, limit)
    try:
        spec.read()
    except Faulty:
        found: list[Spec] = []

        async def work(services: Services) -> None:
            async with services.db.read() as reader:
                found.append(await spec_of(services, reader, sources, limit))

        run(where, work)
        return found[0]
    return spec


def _read(spec: Spec, files: Sequence[str]) -> tuple[Rule, ...]:
    """The rules; ends the program where one is none, after all that is wrong with each."""
    try:
        return spec.read().rules
    except Faulty:
        for path, source in zip(files, spec.sources, strict=True):
            try:
                msgspec.structs.replace(spec, sources=(source,)).read()
            except Faulty as faulty:
                for fault in faulty.faults:
                    say(f"{path}:{fault}")
        raise SystemExit(FAILED) from None


def _here(where: Where | None) -> bool:
    """Whether there is a place on this machine; files may be read where there is none."""
    return asyncio.run(current_revision(settings_of(where).database_url)) is not None


def _keep(where: Where | None, sources: Sequence[str], period: Period, result: Result) -> None:
    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            names = await keep_done(services, tx, sources, period, result)
        short = period.until - period.since < DAY
        but = ", though of less than a day: it does not let it go live" if short else ""
        for name in names:
            say(f"kept as a try-out of the rule {name}{but}")

    run(where, work)


def _of_database(
    spec: Spec, where: Where | None, back: int, processes: int
) -> tuple[Period, Result]:
    period, parts = _posted(where, back)
    task = Task(settings_of(where).database_url, spec, period)
    return period, tried(task, parts, processes)


def tried(task: Task, parts: Sequence[Shard], processes: int) -> Result:
    """What comes of it, with progress on standard error; Ctrl-C ends the program."""

    def work(told: Told) -> Result:
        return try_out(task, parts, processes=processes, told=told)

    return _watched(sum(each.posts for each in parts), work, _seen)


def _of_files(spec: Spec, folder: Path, processes: int, spread: Spread) -> tuple[Period, Result]:
    with _in_words():
        about = parquet_files.about(folder)

        def work(told: Told) -> Result:
            return parquet_files.try_files(
                spec, folder, processes=processes, spread=spread, told=told
            )

        return about.period, _watched(sum(each.posts for each in about.pieces), work, _seen)


@contextmanager
def _in_words() -> Iterator[None]:
    """What can't be done ends the program with its reason."""
    try:
        yield
    except (ExtraMissing, Unreadable, OSError) as error:
        stop(str(error))


def _back(since: str) -> int:
    """So many milliseconds; ends the program where they are written in another way."""
    back = span_of(since)
    if back is None:
        stop('--since is written "12h" or "30d"')
    return back


def _posted(where: Where | None, back: int) -> tuple[Period, list[Shard]]:
    """Who has posted in the period that ends now."""
    found: list[tuple[Period, list[Shard]]] = []

    async def work(services: Services) -> None:
        now = services.clock.now()
        period = Period(now - back, now)

        async def read(reader: Reader) -> list[Shard]:
            return await shards(reader, period)

        found.append((period, await services.db.slowly(read)))

    run(where, work)
    return found[0]


def _seen(result: Result) -> int:
    return result.seen


def _itself(count: int) -> int:
    return count


def _watched(total: int, work: Callable[[Told], T], count: Callable[[T], int]) -> T:
    """Do it with progress on standard error; Ctrl-C ends the program with a word."""
    progress, begun = Progress(total), time.monotonic()
    done = 0

    def told(posts: int) -> None:
        nonlocal done
        done += posts
        progress.add(posts, f"{done:,} of {total:,} posts")

    try:
        result = work(told)
    except KeyboardInterrupt:
        progress.end("stopped; nothing was changed")
        raise SystemExit(INTERRUPTED) from None
    rate = count(result) / max(0.001, time.monotonic() - begun)
    progress.end(f"{count(result):,} posts, {rate:,.0f} a second")
    return result


def report(
    names: Sequence[str], rules: Sequence[Rule], period: Period, result: Result
) -> list[str]:
    """What came of it, in lines."""
    seen = f"{result.seen:,} posts of {result.members:,} members since {day(period.since)}"
    decided = f"people decided about {result.decided:,} of them and acted on {result.acted:,}"
    lines = [f"{seen}; {decided}"]
    if result.edited:
        lines.append(f"{result.edited:,} were edited since: tried in the words they have now")
    for name, rule, side in zip(names, rules, result.sides, strict=True):
        lines += ["", *_side(name, rule, side, result.seen)]
    if len(names) > 1:
        first, second = names
        for words, group in (
            ("both catch", result.both),
            (f"{first} alone catches", result.first_only),
            (f"{second} alone catches", result.second_only),
        ):
            lines += ["", f"{words} {_posts(group)}", *_samples(group)]
    else:
        lines += _samples(result.sides[0].caught)
    return lines


def _side(name: str, rule: Rule, side: Side, seen: int) -> list[str]:
    share = 100 * side.caught.posts / seen if seen else 0.0
    lines = [f"{name} catches {_posts(side.caught)}, {share:.2f} % of all"]
    if side.skipped:
        lacked = ", ".join(f"{what} ({count:,})" for what, count in side.missing.items())
        lines.append(f"  skips {side.skipped:,} posts; missing: {lacked}")
    known = side.right + side.wrong
    precision = "not known" if side.precision is None else f"{side.precision:.3f}"
    recall = "not known" if side.recall is None else f"{side.recall:.3f}"
    lines += [
        f"  precision {precision}: of {known:,} caught and decided, people acted on {side.right:,}",
        f"  recall {recall}: of {side.sought:,} acted on for its harms, {side.found:,} caught",
    ]
    if side.micros is not None:
        lines.append(
            f"  costs {side.micros:.1f} µs a post; {rule.cost} of {MOST_COST} units at most"
        )
    return lines


def _posts(group: Group) -> str:
    return f"{group.posts:,} posts of {group.members:,} members"


def _samples(group: Group) -> list[str]:
    ordered = sorted(group.samples, key=lambda each: each.post_id)
    return [
        f"  {each.post_id}  {written_time(time_of(each.post_id))}  {each.words}" for each in ordered
    ]
