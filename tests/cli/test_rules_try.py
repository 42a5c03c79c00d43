"""`rostra rules try`, as a terminal runs it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.harness.neighbours import place_of
from tests.safety.moderating import decide, queue, report, ruling

from rostra.cli.rules import app
from rostra.safety.categories.model import Category
from rostra.safety.decisions.model import ActionKind
from rostra.safety.rules import access as rules_access
from rostra.safety.rules.model import Lack
from rostra.safety.rules.rule import read_rule
from rostra.safety.rules.vocabulary import Vocabulary
from rostra.safety.tryout import access as tryouts_access
from rostra.safety.tryout import parallel
from rostra.safety.tryout.history import Period, Shard
from rostra.safety.tryout.parallel import Cancelled
from rostra.safety.tryout.spec import Spec
from rostra.safety.tryout.sweep import Task, try_out

DAY = 86_400_000
LINKS = '''"""Links."""
when(length(post.links) > 0)
hold(category="spam", within="12h", message="It waits for a look.")
catches("https://shop.example/x")
spares("no link")
'''
SHOP = LINKS.replace("length(post.links) > 0", 'matches(post.domains, "^shop")')
HOSTILE = {
    "catastrophic": LINKS.replace("length(post.links) > 0", 'matches(post.text, "(a+)+$")'),
    "recursive": LINKS.replace("length(post.links) > 0", "(" * 5_000 + "1" + ")" * 5_000),
    "million": LINKS.replace(
        "length(post.links) > 0", f"post.text in [{','.join(['1'] * 1_000_000)}]"
    ),
}


class Commands:
    """Runs the commands on the test's own data directory."""

    def __init__(self, data_dir: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir, self.url, self.capsys = data_dir, url, capsys

    def __call__(self, *words: str) -> str:
        app([*words, "--data", str(self.data_dir)], result_action="return_value")
        return self.capsys.readouterr().out

    def refused(self, *words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            app([*words, "--data", str(self.data_dir)], result_action="return_value")
        assert ended.value.code == 1
        told = self.capsys.readouterr()
        return told.out + told.err

    def rule(self, name: str, source: str) -> str:
        """A file with this rule."""
        path = self.data_dir / name
        path.write_text(source)
        return str(path)

    def live(self) -> None:
        """Yesterday somebody posted, and two of the posts were decided about."""

        async def work() -> None:
            async with place_of(self.data_dir, self.url) as place:
                place.clock.set(int(time.time() * 1_000) - DAY)
                ann, bob = await place.members("ann", "bob")
                bad = await bob.post("buy https://shop.example/x")
                fine = await bob.post("read https://news.example/x")
                await ann.post("also https://news.example/y")
                await ann.post("nothing to see")
                for post, kind in ((bad, ActionKind.REMOVE), (fine, ActionKind.NONE)):
                    await report(ann, bob, post["id"])
                    (case,) = await queue(place)
                    await decide(place, [case.id], ruling(kind, category=Category.SPAM))
                    await place.app.work()

        asyncio.run(work())


@pytest.fixture
def rostra(data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Commands:
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return Commands(data_dir, database_url, capsys)


def test_two_versions_are_tried_in_processes(rostra: Commands) -> None:
    rostra.live()
    links, shop = rostra.rule("links.rule", LINKS), rostra.rule("shop.rule", SHOP)
    told = rostra("try", links, "--against", shop, "--since", "2d", "--processes", "2")
    assert "4 posts of 2 members since" in told
    assert "people decided about 2 of them and acted on 1" in told
    assert "links.rule catches 3 posts of 2 members, 75.00 % of all\n" in told
    assert "precision 0.500: of 2 caught and decided, people acted on 1\n" in told
    assert "shop.rule catches 1 posts of 1 members, 25.00 % of all\n" in told
    assert "precision 1.000: of 1 caught" in told
    assert told.count("recall 1.000: of 1 acted on for its harms, 1 caught") == 2
    assert "both catch 1 posts of 1 members\n" in told
    assert "links.rule alone catches 2 posts of 2 members\n" in told
    assert "shop.rule alone catches 0 posts" in told
    assert "buy https://shop.example/x\n" in told


def test_a_file_stands_beside_a_version_that_is_kept(rostra: Commands) -> None:
    rostra.live()
    links, shop = rostra.rule("links.rule", LINKS), rostra.rule("shop.rule", SHOP)
    rostra("add", "shop", shop, "--reason", "A shop")
    told = rostra("try", links, "--against", "shop@1", "--since", "2d", "--processes", "1")
    assert "shop@1 catches 1 posts of 1 members" in told
    assert "links.rule alone catches 2 posts" in told
    for missing in ("shop@2", "stall@1"):
        said = rostra.refused("try", links, "--against", missing, "--since", "2d")
        assert f"there is no {missing}" in said
    assert "nothing.rule" in rostra.refused("try", links, "--against", "nothing.rule")


def test_what_few_may_see_counts_and_is_not_shown(rostra: Commands) -> None:
    async def work() -> None:
        async with place_of(rostra.data_dir, rostra.url) as place:
            place.clock.set(int(time.time() * 1_000) - DAY)
            ann, bob = await place.members("ann", "bob")
            for visibility in ("private", "direct"):
                await ann.post("secret https://a.example/x", visibility=visibility)
            await bob.post("open https://b.example/x", visibility="unlisted")

    asyncio.run(work())
    told = rostra("try", rostra.rule("links.rule", LINKS), "--since", "2d", "--processes", "1")
    assert "links.rule catches 3 posts of 2 members" in told
    assert "open https://b.example/x\n" in told
    assert "secret" not in told
    assert told.count("  20") == 1, "one post is shown"


def test_where_nobody_posted_nothing_is_caught(rostra: Commands) -> None:
    told = rostra("try", rostra.rule("links.rule", LINKS), "--since", "1h", "--limit", "0")
    assert told.startswith("0 posts of 0 members")
    assert "precision not known" in told
    assert "--since is written" in rostra.refused("try", "links.rule", "--since", "1y")


def told_alike(told: str) -> list[str]:
    """What is said, without the time that it took."""
    return [line for line in told.splitlines() if "µs a post" not in line]


def test_what_is_exported_gives_the_same_numbers(rostra: Commands, tmp_path: Path) -> None:
    rostra.live()
    files = rostra.rule("links.rule", LINKS), "--against", rostra.rule("shop.rule", SHOP)
    folder = tmp_path / "history"
    assert "--ray reads" in rostra.refused("try", *files, "--ray")
    assert "has no about.json" in rostra.refused("try", *files, "--parquet", str(folder))
    rostra("export", str(folder), "--since", "2d", "--processes", "1")
    assert sorted(path.name for path in folder.iterdir()) == [
        "about.json",
        "authors-00001.parquet",
        "posts-00001.parquet",
    ]
    assert "is not empty" in rostra.refused("export", str(folder), "--since", "2d")
    stored = rostra("try", *files, "--since", "2d")
    assert "3 posts of 2 members" in stored
    assert told_alike(rostra("try", *files, "--parquet", str(folder))) == told_alike(stored)
    (folder / "about.json").write_text('{"format": 9, "period": {"since": 1, "until": 2}}')
    assert "about.json: Object missing" in rostra.refused("try", *files, "--parquet", str(folder))
    older = '{"format": 9, "period": {"since": 1, "until": 2}, "pieces": []}'
    (folder / "about.json").write_text(older)
    assert "of format 9" in rostra.refused("try", *files, "--parquet", str(folder))


def test_what_was_tried_on_an_export_is_kept_with_the_rule(
    rostra: Commands, tmp_path: Path
) -> None:
    rostra.live()
    links, folder = rostra.rule("links.rule", LINKS), tmp_path / "history"
    rostra("add", "links", links, "--reason", "Links")
    short = rostra("try", links, "--since", "23h", "--processes", "1")
    assert "of the rule links, though of less than a day" in short
    rostra("export", str(folder), "--since", "2d", "--processes", "1")
    told = rostra("try", links, "--parquet", str(folder), "--processes", "1")
    assert told.endswith("kept as a try-out of the rule links\n")

    async def work() -> None:
        async with place_of(rostra.data_dir, rostra.url) as place, place.db.read() as reader:
            (rule,) = await rules_access.every(reader)
            version = await rules_access.version(reader, rule.id, 1)
            assert await rules_access.lacks(reader, version) == (Lack.PRESENT,)
            kept = [each.found for each in await tryouts_access.latest(reader, rule.id)]
            assert [each and (each.seen, each.exported) for each in kept] == [(4, True), (0, False)]

    asyncio.run(work())


def test_files_are_read_where_there_is_no_place(rostra: Commands, tmp_path: Path) -> None:
    rostra.live()
    links, folder, bare = rostra.rule("links.rule", LINKS), tmp_path / "h", tmp_path / "bare"
    rostra("export", str(folder), "--since", "2d", "--processes", "1")
    told = Commands(bare, "", rostra.capsys)("try", links, "--parquet", str(folder))
    assert "posts of 2 members" in told
    assert not bare.exists()


def test_ray_gives_the_same_numbers(
    data_dir: Path, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is installed: it is larger than all else that tests need, and not among it."""
    pytest.importorskip("ray", reason="Ray is not installed: uv sync --extra ray")
    rostra = Commands(data_dir, sqlite_url, capsys)
    rostra.live()
    files = rostra.rule("links.rule", LINKS), "--against", rostra.rule("shop.rule", SHOP)
    folder = tmp_path / "history"
    rostra("export", str(folder), "--since", "2d", "--processes", "1")
    words = ["rules", "try", *files, "--parquet", str(folder), "--ray", "--processes", "1"]
    ran = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "rostra.cli.main", *words],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    stored = rostra("try", *files, "--since", "2d")
    assert "4 posts of 2 members" in stored
    assert told_alike(ran.stdout) == told_alike(stored)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_rules_are_refused_at_their_spot(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a file of their own, and beside a good one; as by `check`."""
    path, good = tmp_path / f"{name}.rule", tmp_path / "good.rule"
    path.write_text(HOSTILE[name])
    good.write_text(LINKS)
    said = []
    for words in (["check", path], ["try", path], ["try", good, "--against", path]):
        place = [] if words[0] == "check" else ["--data", tmp_path / "data"]
        with pytest.raises(SystemExit) as ended:
            app([str(each) for each in (*words, *place)], result_action="return_value")
        assert ended.value.code == 1
        said.append(capsys.readouterr().out.replace(f"{good}: ", ""))
    assert said[0] == said[1] == said[2]
    assert said[0].startswith(f"{path}:2:"), said[0][:200]


def test_a_try_out_is_given_up_at_once(sqlite_url: str) -> None:
    """What is running ends with its shard, and no process is left."""
    assert read_rule(LINKS, Vocabulary()).examples
    task = Task(sqlite_url, Spec((LINKS,), 1), Period(0, 1))
    with pytest.raises(Cancelled):
        try_out(task, [Shard((1,), 1)] * 100, processes=1, stopped=lambda: True)


def test_ctrl_c_is_not_lost_while_processes_begin() -> None:
    begun = []

    def begin() -> None:
        with parallel._deaf():  # noqa: SLF001 (there is no other way to meet the moment)
            signal.raise_signal(signal.SIGINT)
            begun.append("all of them")

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert begun


LONG = """
import sys
from rostra.cli.rules_try import tried
from rostra.safety.tryout.history import Period, Shard
from rostra.safety.tryout.sweep import Task
from rostra.safety.tryout.spec import Spec
tried(Task(sys.argv[1], Spec((sys.argv[2],), 1), Period(0, 1)), [Shard((1,), 1)] * 1_000_000, 1)
"""


@pytest.mark.untraced  # tracing a million shards takes two minutes
def test_ctrl_c_ends_it_with_a_word(database_url: str) -> None:
    """Of processes that would have work for an hour."""
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-c", LONG, database_url, LINKS],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stderr is not None
        assert program.stderr.readline().endswith("of 1,000,000 posts\n")
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: its children hear it too
        said = program.stderr.read()  # until the last of them has let go of it
    assert program.returncode == 130, said
    assert said.splitlines()[-1].startswith("stopped; nothing was changed"), said
    assert "Traceback" not in said
