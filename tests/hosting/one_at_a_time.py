"""A server that speaks S3, one request at a time: `python one_at_a_time.py PORT`.

moto looks whether a key is free and takes it in two steps, on a thread for each request: now and
then two who race are both told that they are first, which no provider of ours may do.
"""

import sys
import threading
from collections.abc import Iterable
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

_turn = threading.Lock()
_app = DomainDispatcherApplication(create_backend_app)


def one_at_a_time(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request, when all before it are answered."""
    with _turn:
        return list(_app(environ, start_response))


if __name__ == "__main__":
    run_simple(
        "127.0.0.1",
        int(sys.argv[1]),
        one_at_a_time,
        threaded=True,
        request_handler=MotoRequestHandler,
    )
