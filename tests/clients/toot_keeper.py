"""Runs `toot` for its users: a process for each command, forked from one that has imported it.

To start Python and import toot costs half a second of processor, ten times what a command then
does. Requests come as lines of JSON on standard input; each is answered with a line that holds the
exit status of the command.
"""

import json
import os
import signal
import sys
import traceback
from typing import Any

from toot.cli import cli  # type: ignore[import-untyped] # toot has no types

_LONGEST_S = 300  # what hangs ends, and the test says where


def main() -> None:
    """Run command after command until there is nobody left to ask."""
    asked, answered = os.dup(0), os.dup(1)
    with os.fdopen(asked) as requests:
        for line in requests:
            child = os.fork()
            if not child:
                os._exit(_run(json.loads(line)))
            _, status = os.waitpid(child, 0)
            os.write(answered, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _run(request: dict[str, Any]) -> int:
    """Be the command that is asked for: with its environment, its input and its output."""
    signal.alarm(_LONGEST_S)
    os.environ.clear()
    os.environ.update(request["environ"])
    for descriptor, path in enumerate([request["input"], request["output"], request["errors"]]):
        opened = os.open(path, os.O_RDWR)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["toot", *request["arguments"]]
    sys.stdin = os.fdopen(0, closefd=False)
    status: object = 1
    try:
        cli()
        status = 0
    except SystemExit as left:
        status = left.code
        if isinstance(status, str):
            sys.stderr.write(f"{status}\n")
            status = 1
    except BaseException:  # noqa: BLE001 (what Python prints of an error that nobody caught)
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return int(str(status or 0))


if __name__ == "__main__":
    main()
