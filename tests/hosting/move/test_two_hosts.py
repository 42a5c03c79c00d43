"""A network moves from one running server to another, with members who write all the time."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from tests.harness.knot import ZONE
from tests.harness.patience import wait_for
from tests.hosting.certificates.test_obtain import Host, afloat
from tests.hosting.move.hosts import Hosts, Load, tokens

from rostra.hosting.ark.media.later import left_in
from rostra.hosting.ark.media.send import waiting
from rostra.hosting.certificates.keep import Folder

pytestmark = pytest.mark.slow
PAUSE_S = 10.0  # where a server starts as fast as usual
LEASE_S = 20
START_S = 180.0
LAG_S = 10.0  # the log is sent every second; on a busy machine it takes longer
TOKEN = f"kill-nine-0-{'x' * 30}"


def test_a_planned_move_loses_nothing_and_pauses_for_seconds(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    new = hosts.started()
    with hosts.serve() as old:
        load = Load([old.port, hosts.new_port])
        wait_for(lambda: len(load.acks) > 100 and len(load.pictures) > 1)
        try:
            told = hosts.rostra(*hosts.moving())
            wait_for(lambda: len(load.at(hosts.new_port)) > 100)
            wait_for(lambda: not left_in(hosts.new).count)  # the server brings them
            load.end()
            status, body = old.ask(
                "POST", "/api/v1/statuses", f"kill-nine-0-{'x' * 30}", "status=x"
            )
        finally:
            load.ended = True
            new.kill()
    sys.stdout.write(f"{told}writes paused: {load.pause_s():.1f} s; {len(load.acks)} written\n")
    assert status == 503
    assert b"has moved to new" in body
    assert 503 in load.refused
    assert load.pause_s() < PAUSE_S * hosts.slowness
    whole(hosts, hosts.new, load)


def test_the_names_and_a_certificate_come_along(tmp_path: Path) -> None:
    with afloat(tmp_path) as at:
        given = Host(tmp_path, at.knot, at.pebble.directory, ROSTRA_DNS__NAMES=ZONE).given
        named = {
            name: value
            for name, value in given.items()
            if name.startswith(("ROSTRA_DNS", "ROSTRA_CERTIFICATE"))
        }
        hosts = Hosts(tmp_path, **named)
        new = hosts.started()
        with hosts.serve():
            try:
                told = hosts.rostra(*hosts.moving("--certificate", "--address", "192.0.2.7"))
            finally:
                new.kill()
        sys.stdout.write(told)
        assert told.index("/certificate/current is valid until") < told.index("is asked to hand ov")
        assert told.index("open: this host writes now") < told.rindex(
            f"dns: {at.knot.at} shows it\n"
        )
        assert at.knot.shows(ZONE, "A") == {"192.0.2.7"}
        assert Folder(hosts.new / "certificate").newest() is not None
        # What was done is not done again; what was left is.
        told = hosts.rostra(*hosts.moving("--certificate", "--address", "192.0.2.7"))
        assert "the network is here already\n" in told
        assert f"dns: {ZONE} lead there already\n" in told
        at.knot.stop()
        told = hosts.rostra(*hosts.moving("--address", "192.0.2.8"), fails=True)
        assert "the network is here, and writes, but not all is done" in told


def test_a_host_that_died_is_taken_over_from_by_force(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path, ROSTRA_HOSTING__LEASE_S=str(LEASE_S), ROSTRA_HOSTING__WAIT_S="25")
    new = hosts.started()
    with hosts.serve() as old:
        load = Load([old.port, hosts.new_port])
        wait_for(lambda: len(load.acks) > 100 and len(load.pictures) > 1)
        pictures = list(load.pictures)
        wait_for(lambda: waiting(hosts.old).count == 0)
        gone = []
        asked = [text for _, _, text in load.acks[:5]]
        for text in asked:
            number = int(text[1])
            status, _ = old.ask("DELETE", f"/api/v1/statuses/{load.ids[text]}", tokens()[number])
            gone += [text] if status == 200 else []  # else nobody was told that it lasts
        died = time.monotonic()  # what is acknowledged from now on is as if it were then
        old.kill()
        try:
            told = hosts.rostra(*hosts.moving("--forced"))
            wait_for(lambda: len(load.at(hosts.new_port)) > 20)
            wait_for(lambda: not left_in(hosts.new).count)
            load.end()
        finally:
            load.ended = True
            new.kill()
    took = load.at(hosts.new_port)[0][0] - died
    there = texts(hosts.new)
    assert without_file(hosts.new, pictures) == []
    # Whether a deletion was done that nobody was told of, is not known.
    acked = [(at, text) for at, _, text in load.at(old.port) if text not in asked]
    lost = [died - at for at, text in acked if text not in there]
    sys.stdout.write(
        f"{told}first write after {took:.1f} s; of {len(acked)} acknowledged {len(lost)} are lost,"
        f" the oldest {max(lost, default=0.0):.1f} s before the end\n"
    )
    assert gone
    assert took < LEASE_S * 5 / 4 + START_S * hosts.slowness
    assert max(lost, default=0.0) < LAG_S * hosts.slowness
    assert [text for text in gone if text in there] == []
    assert [text for _, _, text in load.at(hosts.new_port) if text not in there] == []
    assert "lost, if anything" in told


def texts(data: Path) -> Counter[str]:
    """What is there, and how often."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        return Counter(str(text) for (text,) in database.execute("SELECT text FROM post_texts"))


def whole(hosts: Hosts, data: Path, load: Load) -> None:
    """Every acknowledged post is there once, every picture with its file, and SQLite agrees."""
    hosts.rostra("ark", "fetch-media", "--data", str(data))
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        texts = Counter(text for (text,) in database.execute("SELECT text FROM post_texts"))
        assert [text for _, _, text in load.acks if texts[text] != 1] == []
        assert max(texts.values()) == 1
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert without_file(data, load.pictures) == []


def without_file(data: Path, pictures: Sequence[str]) -> list[str]:
    """The pictures that a database knows, or should, and whose files are not there."""
    with closing(apsw.Connection(str(data / "rostra.sqlite3"))) as database:
        keys = dict(database.execute("SELECT id, blob_key FROM media"))
    files = {each: data / "media" / keys.get(int(each), "none") for each in pictures}
    return [each for each, path in files.items() if not path.is_file()]
