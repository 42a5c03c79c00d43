"""A move whose hosts are killed with -9 in each of its steps, while members write.

Real processes, which end at a point that is named (`halting`). What must hold, whatever is killed:
never do two hosts acknowledge, what was acknowledged is there once, and the same command, run
again, brings the move to its end. `ROSTRA_TEST_ROUNDS=2` has all of the points, and takes long.
"""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S, wait_for
from tests.harness.served import Served
from tests.hosting.move.hosts import Hosts, Load, tokens
from tests.hosting.move.test_two_hosts import LAG_S, texts, whole

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3_600)]
ALL = int(os.environ.get("ROSTRA_TEST_ROUNDS", "1")) > 1
PER_SECOND = 50.0 if ALL else 10.0
all_points = pytest.mark.skipif(not ALL, reason="minutes: ROSTRA_TEST_ROUNDS=2 has it")
# In the order in which a move comes to them. Each ends the command; the same is then run again.
NEW = (
    "read ark/v1/piece 3",  # half of the copy is here
    "before taking follow",  # all of it, which is not written down
    "after taking follow",
    "create move/v1 1",  # one of three places has what was asked for
    "before taking stop",
    "after taking stop",  # the old host was told to stop, but for the letter
    "before taking take",  # everything is here
    "after taking take",
    "before taking claim",  # the old host has given the fence up
    "after taking claim",
    "create fence 1",  # one of three places shows a claim whose key is lost
    "create fence 3",  # all do
    "after claim kept",
    "before claim opened",
    "after claim opened",
    "before taking last",
    "after taking last",
    "before taking finish",
    "after taking finish",
    "before taking open",
    "after taking open",
    "before taking done",  # the gates are open, and the server waits
    "after taking done",
)
OLD = (
    "before giving heard",
    "after giving heard",
    "before giving pausing",
    "after giving pausing",
    "before giving closed",  # writes are stopped, which is not written down
    "after giving closed",
    "before giving drained",
    "after giving drained",
    "after giving giving",  # it was told to give the fence up, and nobody does
    "after claim wished",
    "before claim given",
    "after claim given",  # it is given up, and no place knows
    "create fence 1",
    "before claim dropped",
    "after claim dropped",  # all places know, and nobody has said so
    "after giving given",
)
BY_FORCE = (
    "before taking claim",
    "create fence 1",
    "create fence 3",
    "after claim kept",
    "after claim opened",
    "after taking last",
    "after taking finish",
    "read ark/v1/journal 1",
    "before taking open",
    "before taking done",
)
# Where the old host dies for good, so that a person takes the network over, or gives the move up.
DIES = (
    "after giving heard",
    "after giving pausing",
    "after giving closed",
    "after giving drained",
    "after giving giving",
    "after claim given",
    "after claim dropped",
)


class Moved:
    """Two hosts, members who write, and what must hold in the end."""

    def __init__(self, hosts: Hosts, halt: str) -> None:
        self.hosts = hosts
        self.old = hosts.serve(halt=halt)
        self.new = hosts.started()
        self.load = Load([self.old.port, hosts.new_port], PER_SECOND)
        wait_for(lambda: len(self.load.acks) > 20)

    def again(self, halt: str = "") -> Served:
        """The old host is started again."""
        self.old = self.hosts.serve(self.old.port, halt)
        return self.old

    def ends(self) -> None:
        """Members write at the new host, and nowhere else since."""
        wait_for(lambda: len(self.load.at(self.hosts.new_port)) > 20)
        self.load.end()
        assert self.load.pause_s() > 0

    def is_read_only(self) -> None:
        """The old host takes nothing."""
        status, body = self.old.ask("POST", "/api/v1/statuses", tokens()[0], "status=beside")
        assert status == 503, body

    def stop(self) -> None:
        """Leave nothing behind."""
        self.load.ended = True
        self.new.kill()
        if self.old.process.poll() is None:
            self.old.kill()


@contextlib.contextmanager
def moved(hosts: Hosts, halt: str = "") -> Iterator[Moved]:
    """Two hosts and members, until the block ends; the old host is killed at `halt`."""
    both = Moved(hosts, halt)
    try:
        yield both
    finally:
        both.stop()


def test_both_are_killed_where_it_matters_most(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    with moved(hosts, "after giving giving") as both:
        hosts.killed("before taking stop", *hosts.moving())
        hosts.killed("after taking take", *hosts.moving())
        command = hosts.begin(*hosts.moving(), halt="create fence 1")
        both.old.process.wait(PATIENCE_S)
        both.again()
        assert command.wait(PATIENCE_S) == -signal.SIGKILL, hosts.told()
        assert "writes again" not in hosts.told()
        hosts.killed("after taking last", *hosts.moving())
        hosts.rostra(*hosts.moving())
        both.ends()
        both.is_read_only()
    whole(hosts, hosts.new, both.load)


@all_points
def test_the_command_is_killed_in_each_step(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    with moved(hosts) as both:
        for point in NEW:
            hosts.killed(point, *hosts.moving())
        hosts.rostra(*hosts.moving())
        both.ends()
    whole(hosts, hosts.new, both.load)


@all_points
def test_the_old_host_is_killed_in_each_step(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    with moved(hosts) as both:
        both.old.kill()
        command = None
        for point in OLD:
            served = both.again(point)
            command = command or hosts.begin(*hosts.moving("--pause", "120"))
            served.process.wait(PATIENCE_S)
        both.again()
        assert command is not None
        assert command.wait(PATIENCE_S) == 0, hosts.told()
        assert "writes again" not in hosts.told()
        both.ends()
        both.is_read_only()
    whole(hosts, hosts.new, both.load)


@all_points
@pytest.mark.parametrize("point", DIES)
def test_the_old_host_dies_for_good_and_is_taken_over_from(tmp_path: Path, point: str) -> None:
    hosts = Hosts(tmp_path, ROSTRA_HOSTING__WAIT_S="25")
    with moved(hosts) as both:
        asked, gone = _deleted(both)
        both.old.kill()
        served = both.again(point)
        command = hosts.begin(*hosts.moving())
        served.process.wait(PATIENCE_S)
        died = time.monotonic()
        command.kill()
        command.wait()
        for halt in BY_FORCE:
            hosts.killed(halt, *hosts.moving("--forced"))
        hosts.rostra(*hosts.moving("--forced"))
        both.ends()
        both.again()
        both.is_read_only()
    there = texts(hosts.new)
    # Whether a deletion was done that nobody was told of, is not known.
    old = [ack for ack in both.load.at(both.old.port) if ack[2] not in asked]
    assert (
        max((died - at for at, _, text in old if text not in there), default=0.0)
        < LAG_S * hosts.slowness
    )
    assert [text for _, _, text in both.load.at(hosts.new_port) if text not in there] == []
    assert [text for text in gone if text in there] == []
    assert max(there.values()) == 1


@all_points
def test_an_old_host_that_lives_is_taken_over_from(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    with moved(hosts) as both:
        asked, gone = _deleted(both)
        for halt in BY_FORCE:
            hosts.killed(halt, *hosts.moving("--forced"))
        hosts.rostra(*hosts.moving("--forced"))
        both.ends()
        both.is_read_only()
    there = texts(hosts.new)
    ended = max(at for at, _, _ in both.load.at(both.old.port))
    lost = [at for at, _, text in both.load.acks if text not in [*asked, *there]]
    assert max((ended - at for at in lost), default=0.0) < LAG_S * hosts.slowness
    assert [text for _, _, text in both.load.at(hosts.new_port) if text not in there] == []
    assert [text for text in gone if text in there] == []
    assert max(there.values()) == 1


@all_points
def test_a_move_whose_old_host_was_killed_is_given_up(tmp_path: Path) -> None:
    hosts = Hosts(tmp_path)
    with moved(hosts) as both:
        both.old.kill()
        for point in DIES[:4]:
            served = both.again(point)
            command = hosts.begin(*hosts.moving())
            served.process.wait(PATIENCE_S)
            command.kill()
            command.wait()
            assert "has not answered" in hosts.rostra(*hosts.moving("--abort"))
            before = len(both.load.at(both.old.port))
            both.again()
            wait_for(lambda: len(both.load.at(both.old.port)) > before + 20)  # noqa: B023 (called now)
            assert "goes on as before" in hosts.rostra(*hosts.moving("--abort"))
            both.new.kill()
            shutil.rmtree(hosts.new)
            both.old.kill()
        both.again()
        both.load.end()
        both.old.kill()
    assert both.load.at(hosts.new_port) == []
    whole(hosts, hosts.old, both.load)


def _deleted(both: Moved) -> tuple[list[str], list[str]]:
    """The texts of posts that shall go, and those whose deletion was acknowledged.

    It is when it is elsewhere.
    """
    asked, gone = [text for _, _, text in both.load.acks[:3]], []
    for text in asked:
        path = f"/api/v1/statuses/{both.load.ids[text]}"
        status, _ = both.old.ask("DELETE", path, tokens()[int(text[1])])
        gone += [text] if status == 200 else []
    assert gone
    return asked, gone
