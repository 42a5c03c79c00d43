"""How long a rule takes that is tried on the past.

    python -m bench.tryout [--posts 1000000] [--members 10000] [--processes 2] [--work .bench]

Makes a place (kept for the next time), has people decide about one of 500 posts, and runs
`rostra rules try` on its last 30 days as an operator would: from the start of the program to its
last line. Beside each rule stands the same rows merely read, once, by one process with the bare
driver: *of bare* is the processor time of that, divided by what the try-out took.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from bench.seed import seed
from rostra.kernel.ids import floor_at
from rostra.safety.categories.model import Category
from rostra.settings import load
from rostra.store.query import insert
from rostra.store.sqlite import connect
from rostra.store.tables.safety import decision_subjects, decisions

AIM_S = 60
_DECISION = insert(decisions, ("id", "kind", "actions", "category", "actor_id", "created_at"))
_SUBJECT = insert(
    decision_subjects, ("decision_id", "subject_kind", "subject_id", "account_id", "state")
)
_BARE = """SELECT posts.*, text, spoiler_text, language FROM posts JOIN post_texts ON post_id = id
    WHERE id >= ? AND reblog_of_id = 0"""
_END = """
case(category="spam")
catches("#a #b https://a.example/ cheap", {known})
spares("hello", {known})
"""
_FEW = 'posts_by(author, "1h") == 3'
_ALL = """
    posts_by(author, "10m") == 9, replies_by(author, "1d") == 9, media_by(author, "7d") == 9,
    reports_on(author, "30d") == 9, decisions_on(author, "30d") == 9,
    author.followers == 1, author.posts == 9, author.age_days == 1"""
RULES = {
    "a few things": """when(posts_by(author, "1h") >= 2, length(post.tags) > 1)"""
    + _END.format(known=_FEW),
    "all that there is": """when(
    posts_by(author, "10m") + replies_by(author, "1d") + media_by(author, "7d")
    + reports_on(author, "30d") + decisions_on(author, "30d") > 1,
    author.followers < 500, author.posts > 2, author.age_days < 90,
    length(post.links) > 0 or length(post.tags) > 1,
    not matches(post.text, "hello|never.*again"))"""
    + _END.format(known=_ALL),
}


class Took(NamedTuple):
    """Seconds."""

    wall: float
    cpu: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--work", type=Path, default=Path(".bench"))
    given = parser.parse_args()
    data = given.work / f"tryout-{given.posts}"
    if not (data / "tokens.json").exists():
        asyncio.run(seed(data, given.members, given.posts))
        decide(data)
    bare = read(data)
    print(f"{given.posts:,} stored posts; read once by the bare driver: {bare.cpu:.1f} s")
    print("| rule | s | posts/s | CPU s | of bare |\n| --- | ---: | ---: | ---: | ---: |")
    for name, source in RULES.items():
        path = given.work / "tried.rule"
        path.write_text(source)
        took, seen, told = tried(data, path, given.processes)
        print(
            f"| {name} | {took.wall:.1f} | {seen / took.wall:,.0f} | {took.cpu:.1f} "
            f"| {bare.cpu / took.cpu:.2f} |"
        )
        print("\n".join(f"    {line}" for line in told.splitlines()[:7]), flush=True)
        if given.posts >= 1_000_000 and took.wall > AIM_S:
            print(f"    more than the {AIM_S} s that are aimed at")


def tried(data: Path, rule: Path, processes: int) -> tuple[Took, int, str]:
    """Run the program; what it took, how many posts it saw, what it said."""
    words = ["rules", "try", str(rule), "--since", "30d", "--limit", "0", "--data", str(data)]
    command = [sys.executable, "-m", "rostra.cli.main", *words, "--processes", str(processes)]
    before, begun = _children(), time.monotonic()
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    wall = time.monotonic() - begun
    return Took(wall, _children() - before), int(told.split()[0].replace(",", "")), told


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(data: Path) -> Took:
    """The same rows, read and let go."""
    connection = connect(load(data=data).database_url.removeprefix("sqlite:///"), read_only=True)
    begun, before = time.monotonic(), time.process_time()
    since = floor_at(int(time.time() * 1_000) - 30 * 86_400_000)
    for _ in connection.execute(_BARE, (since,)):
        pass
    took = Took(time.monotonic() - begun, time.process_time() - before)
    connection.close()
    return took


def decide(data: Path) -> None:
    """Somebody acts on one of 1,000 posts with two hashtags, and lets others be."""
    path = load(data=data).database_url.removeprefix("sqlite:///")
    connection = connect(path)
    found = connection.execute(
        "SELECT id, account_id, html LIKE '%#%#%' FROM posts JOIN post_texts ON post_id = id"
        " WHERE id / 7 % 500 = 0 ORDER BY id"
    ).fetchall()
    rows = [
        (int(str(post_id)), int(str(author_id)), bool(acted)) for post_id, author_id, acted in found
    ]
    made = [
        {
            "id": post_id + (60_000 << 20),
            "kind": 0,
            "actions": '[{"kind":6}]' if acted else "[]",
            "category": int(Category.SPAM),
            "actor_id": 1,
            "created_at": (post_id >> 20) + 60_000,
        }
        for post_id, _, acted in rows
    ]
    about = [
        {
            "decision_id": post_id + (60_000 << 20),
            "subject_kind": 1,
            "subject_id": post_id,
            "account_id": account_id,
            "state": 1,
        }
        for post_id, account_id, _ in rows
    ]
    for statement, values in ((_DECISION, made), (_SUBJECT, about)):
        compiled = statement.compiled("sqlite")
        with connection:
            connection.executemany(compiled.sql, [compiled.bind(row) for row in values])
    connection.close()


if __name__ == "__main__":
    main()
