"""`rostra ledger`, as a terminal runs it."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.harness.neighbours import place_of
from tests.safety.moderating import decide, queue, report, ruling

from rostra.cli.ledger import app
from rostra.kernel import ed25519
from rostra.safety.decisions.model import ActionKind
from rostra.safety.ledger import sign
from rostra.store.query import query
from rostra.store.tables.ledger import ledger


class Ledger:
    """Runs the commands on the test's own data directory."""

    def __init__(self, data_dir: Path, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir, self._url, self._capsys = data_dir, url, capsys

    def __call__(self, *words: str) -> str:
        app([*words, "--data", str(self.data_dir)], result_action="return_value")
        return self._capsys.readouterr().out

    def refused(self, *words: str) -> tuple[str, str]:
        """What it prints and says when it ends with status 1."""
        with pytest.raises(SystemExit) as ended:
            app([*words, "--data", str(self.data_dir)], result_action="return_value")
        assert ended.value.code == 1
        told = self._capsys.readouterr()
        return told.out, told.err

    def decided(self) -> None:
        """One more decision."""

        async def work() -> None:
            async with place_of(self.data_dir, self._url) as place:
                ann, bob = await place.members("ann", "bob")
                post = await bob.post("an insult")
                await report(ann, bob, post["id"])
                (case,) = await queue(place)
                await decide(place, [case.id], ruling(ActionKind.REMOVE))

        asyncio.run(work())

    def spoiled(self) -> None:
        """Somebody changes a line."""

        async def work() -> None:
            async with place_of(self.data_dir, self._url) as place, place.db.write() as tx:
                await tx.run(query(update(ledger).values(commitment=b"x" * 32)))

        asyncio.run(work())


@pytest.fixture
def rostra(data_dir: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> Ledger:
    if database_url.startswith("postgresql"):
        (data_dir / "rostra.toml").write_text(f'[database]\nurl = "{database_url}"\n')
    return Ledger(data_dir, database_url, capsys)


def test_before_the_first_decision(rostra: Ledger) -> None:
    assert "nothing is wrong" in rostra("verify")
    assert "no line yet" in rostra.refused("checkpoint")[1]


def test_it_is_checked_and_signed(rostra: Ledger, tmp_path: Path) -> None:
    rostra.decided()
    told = rostra("verify")
    assert "1 lines" in told
    assert "nothing is wrong" in told
    kept = tmp_path / "kept"
    kept.write_text(rostra("checkpoint"))
    assert "seq: 1" in kept.read_text()
    told = rostra("verify", "--kept", str(kept))
    assert "1 checkpoints, the newest covers line 1" in told
    key = rostra("key").split()[0]
    assert "nothing is wrong" in rostra("verify", "--key", key)


def test_it_says_what_is_wrong_and_where(rostra: Ledger) -> None:
    rostra.decided()
    rostra.spoiled()
    out, err = rostra.refused("verify")
    assert "line 1: changed: the line is not what was hashed" in out
    assert "things are wrong" in err


def test_another_key_has_signed_nothing_of_before(rostra: Ledger) -> None:
    rostra.decided()
    rostra("checkpoint")
    before = rostra("key").split()[0]
    with (rostra.data_dir / "rostra.toml").open("a") as settings:
        settings.write(f'\n[ledger]\nkey = "{ed25519.new_key().hex()}"\n')
    out, _ = rostra.refused("verify")
    assert "line 1: signature: nobody signed the checkpoint" in out
    assert "nothing is wrong" in rostra("verify", "--key", before)


def test_a_copy_beside_the_database_is_compared_too(rostra: Ledger) -> None:
    rostra.decided()
    text = rostra("checkpoint").replace("seq: 1", "seq: 7")
    (rostra.data_dir / sign.COPY).write_text(text)
    out, _ = rostra.refused("verify")
    assert "line 7: signature" in out


def test_what_is_no_key_and_no_checkpoint(rostra: Ledger, tmp_path: Path) -> None:
    assert "no public key" in rostra.refused("verify", "--key", "xyz")[1]
    other = tmp_path / "other"
    other.write_text("no checkpoint")
    assert "no checkpoint" in rostra.refused("verify", "--kept", str(other))[1]
    assert "can't be read" in rostra.refused("verify", "--kept", str(tmp_path / "none"))[1]
