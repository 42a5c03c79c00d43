"""`rostra demo`: a small lively town, made once, then served."""

import os
import subprocess
import sys
from typing import Annotated

from cyclopts import Parameter

from rostra.cli import logs
from rostra.cli.common import Where, say, settings_of, stop
from rostra.cli.serve import prepare, run, with_listening
from rostra.cli.town.note import Made, read_note


def demo(
    *,
    bind: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="TCP port to listen on.")] = None,
    workers: Annotated[int | None, Parameter(help="Web processes; 0: by the cores.")] = None,
    where: Where | None = None,
) -> None:
    """Make a small lively town once (60 members, 2,000 posts of the last 30 days), then run it.

    Prints the address and how to sign in as a member and as the operator. Started again, it runs
    the town as it was left. It needs a data directory without members of its own.
    """
    settings = with_listening(settings_of(where), bind, port, workers)
    logs.configure(settings.log)
    prepare(settings, where)
    made = read_note(settings.data_dir)
    if made is None:
        say("demo: drawing sixty people and letting them talk, about half a minute")
        command = [sys.executable, "-m", "rostra.cli.town.make", *(where or Where()).arguments()]
        environ = {**os.environ, "ROSTRA_SITE__BASE_URL": settings.site.base_url}
        if subprocess.run(command, check=False, env=environ).returncode:  # noqa: S603 (our own program)
            stop("the town could not be made")
        made = read_note(settings.data_dir)
    if made is not None:
        say(greeting(made, settings.site.base_url))
    run(settings)


def greeting(made: Made, base_url: str) -> str:
    """Where the town is and who can sign in."""
    head = f"  {made.members} members, {made.posts:,} posts: {base_url}"
    told = [f"  {each.role:<9} {each.email:<28} {each.password}" for each in made.sign_ins]
    return "\n".join(["", head, "", *told, ""])
