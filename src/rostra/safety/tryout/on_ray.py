"""Work is spread over a cluster by Ray, which brings its own processes and machines.

Its workers need this program, of the same version, and must see the folder that is scored.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from rostra.kernel.lazy import extra
from rostra.safety.tryout.parallel import (
    AHEAD,
    LOOK_EVERY_S,
    Cancelled,
    Item,
    Out,
    Spread,
    Stopped,
)


def on_ray(address: str = "") -> Spread:
    """Where Ray does the work.

    Args:
        address: of a cluster that runs; empty: one is started on this machine, and stopped again.
    """
    return partial(_spread, address)


def _spread(
    address: str,
    work: Callable[[Item], Out],
    items: Sequence[Item],
    *,
    processes: int,
    stopped: Stopped,
) -> Iterator[tuple[Item, Out]]:
    ray = _begun(address, processes)
    try:
        remote, shared = ray.remote(_call), ray.put(work)
        waiting: dict[Any, Item] = {}
        rest = iter(items)
        ahead = AHEAD * max(processes, int(ray.cluster_resources().get("CPU", 1)))
        for item, _ in zip(rest, range(ahead), strict=False):
            waiting[remote.remote(shared, item)] = item
        while waiting:
            if stopped():
                raise Cancelled
            done, _ = ray.wait(list(waiting), timeout=LOOK_EVERY_S)
            for each in done:
                item = waiting.pop(each)
                for following in rest:
                    waiting[remote.remote(shared, following)] = following
                    break
                yield item, ray.get(each)
    finally:
        ray.shutdown()


def _begun(address: str, processes: int) -> Any:
    # It would tell its makers of every use, and build environments of its own under `uv run`.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
    ray = extra("ray", "ray")
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    if address:
        ray.init(address=address, **quiet)
    else:
        # Whoever reaches it may run what they like: it listens on this machine alone.
        alone = {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
        ray.init(address="local", num_cpus=processes, **alone, **quiet)
    return ray


def _call(work: Callable[[Any], Any], item: Any) -> Any:
    return work(item)
