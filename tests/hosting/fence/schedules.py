"""Schedules of misfortune, each made from its seed."""

import asyncio
from dataclasses import dataclass

from tests.hosting.fence.world import PLACES, Host, World

from rostra.hosting.fence.fence import Terms

LASTS_S = 240.0


@dataclass(frozen=True)
class Outcome:
    """What came of a schedule."""

    violations: tuple[str, ...]
    acks: int
    epochs: int  # by which somebody acknowledged
    orphans: int  # written, and never acknowledged


async def schedule(seed: int, terms: Terms) -> Outcome:
    """One network: `a` serves, then anything happens, while `b` and `c` take over now and then."""
    world = World(seed)
    chance = world.random
    hosts = [Host(world, name, terms) for name in "abc"]
    first = hosts[0]
    await first.take(over=False)
    for host in hosts:
        host.start()
    if chance.random() < 0.3:
        world.registers[chance.choice(PLACES)].lies = True
    # A frozen machine that is also set back has no clock left at all: one or the other.
    freezes = chance.random() < 0.5
    while world.now < LASTS_S:
        await asyncio.sleep(chance.expovariate(1 / 6.0))
        world.go(_happening(world, hosts, freezes=freezes))
    for host in hosts:
        host.running.set()  # what is dropped now ends by itself, also on a host that is stopped
    return Outcome(
        tuple(world.violations()),
        len(world.acks),
        len({ack.epoch for ack in world.acks}),
        world.orphans,
    )


async def _happening(world: World, hosts: list[Host], *, freezes: bool) -> None:
    chance = world.random
    host = chance.choice(hosts)
    register = world.registers[chance.choice(PLACES)]
    match chance.choice(("take", "take", "cut", "stop", "kill", "slow", "down", "clock", "give")):
        case "take":
            await host.take(over=chance.random() < 0.8)
        case "cut":
            lines = {(host.name, name) for name in PLACES if chance.random() < 0.7}
            world.cut |= lines
            await asyncio.sleep(chance.uniform(1, 60))
            world.cut -= lines
        case "stop" if host.running.is_set():
            await host.stop_for(chance.uniform(1, 60), machine=freezes and chance.random() < 0.5)
        case "kill":
            await _killed(world, host)
        case "slow":
            register.slow = chance.choice((10.0, 60.0, 300.0))
            await asyncio.sleep(chance.uniform(5, 60))
            register.slow = 1.0
        case "down":
            register.down = True
            await asyncio.sleep(chance.uniform(5, 60))
            register.down = False
        case "clock" if not freezes:
            host.clock.set_by += chance.uniform(-3600, 3600)
        case "give":
            host.state.wished = host.state.now is not None


async def _killed(world: World, host: Host) -> None:
    """It is gone, and comes back some time later; half of the time its machine was gone as well."""
    host.kill()
    await asyncio.sleep(world.random.uniform(0, 20))
    if not host.life:
        if world.random.random() < 0.5:
            host.state.run += "1"
            host.lease.end()
        host.start()
