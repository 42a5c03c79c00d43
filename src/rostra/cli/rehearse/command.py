"""`rostra rehearse`: how moderation would come through a bad week, by the real code."""

import asyncio
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from rostra.cli.common import say, stop
from rostra.cli.rehearse.measure import Outcome
from rostra.cli.rehearse.plan import EXAMPLES, Plan, Shifts, Way
from rostra.cli.rehearse.plots import drawings
from rostra.cli.rehearse.report import text
from rostra.cli.rehearse.run import rehearse
from rostra.cli.rehearse.world import make

_DAYS, _EXAMPLES, _MOST_POSTS = range(2, 61), range(10_001), 100

app = App(name="rehearse", help="Rehearse a week in which moderation must keep pace.")


Scale = Annotated[
    float, Parameter(help="Of 15 million members, a million new a day, 26,000 unread reports.")
]
Seed = Annotated[int, Parameter(help="The same seed gives the same week and the same result.")]
Rise = Annotated[
    float, Parameter(help="How many times as many reports there are from the fourth day on.")
]
Copies = Annotated[float, Parameter(help="Share of near copies in what has come on top, 0 to 1.")]
Hours = Annotated[
    Shifts,
    Parameter(help="The three one after the other around the clock, or all from 9 to 17."),
]
Ways = Annotated[tuple[Way, ...], Parameter(name="--way", help="Only these ways.")]


@app.command(name="parler-week")
def parler_week(
    *,
    scale: Scale = 0.01,
    days: Annotated[int, Parameter(help="How long it lasts.")] = 10,
    seed: Seed = 1,
    posts: Annotated[float, Parameter(help="Posts of a member a day, on average.")] = 0.4,
    rise: Rise = 10.0,
    copies: Copies = 0.9,
    examples: Annotated[int, Parameter(help="Posts that the host's letters name.")] = EXAMPLES,
    shifts: Hours = Shifts.ROUND,
    ways: Ways = tuple(Way),
    out: Annotated[
        Path | None, Parameter(help="Folder for the plots (SVG); without it none.")
    ] = None,
) -> None:
    """A network grows as Parler did, with floods and letters from its host; three people decide.

    First with a plain list of reports in the order of arrival, then with Rostra's queue, clusters
    and letters, then with the list until Rostra takes over what it has left, then with each post
    judged when it is written. Everything happens in
    temporary folders, through the verbs that the server uses, on a clock of its own. Takes half an
    hour or more; a fifth of the size (`--scale 0.002`) takes minutes. As many ways as there are
    cores are gone through at a time.
    """
    fits = 0 < scale <= 1 and 0 < posts <= _MOST_POSTS and rise >= 1 and 0 <= copies <= 1
    if not fits or days not in _DAYS or examples not in _EXAMPLES:
        stop(
            "scale: above 0, at most 1; days: 2 to 60; posts: at most 100; rise: 1 or more; "
            "copies: 0 to 1; examples: at most 10,000"
        )
    plan = Plan(
        seed=seed,
        scale=scale,
        days=days,
        posts=posts,
        rise=rise,
        copies=copies,
        examples=examples,
        shifts=shifts,
    )
    begun = time.monotonic()
    outcomes = _outcomes(plan, tuple(dict.fromkeys(ways)))
    say(text(plan, make(plan), outcomes))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name, drawing in drawings(outcomes).items():
            (out / name).write_text(drawing)
            say(f"{out / name}")
    say(f"Took {time.monotonic() - begun:.0f} s.")


def _outcomes(plan: Plan, ways: tuple[Way, ...]) -> dict[Way, Outcome]:
    """Each way in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=min(len(ways), os.cpu_count() or 1), mp_context=context
    ) as pool:
        return dict(zip(ways, pool.map(_gone_through, [plan] * len(ways), ways), strict=True))


def _gone_through(plan: Plan, way: Way) -> Outcome:
    return asyncio.run(rehearse(plan, way))
