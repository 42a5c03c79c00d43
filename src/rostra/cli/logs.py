"""Logs: one line an event on standard error, for people or machines, without what members write.

Our own code logs through structlog; what libraries log through `logging` from WARNING on comes out
in the same form.
"""

import logging
import sys
from typing import Any, TextIO

import structlog

from rostra.settings import Log

LEVELS = {name: getattr(logging, name.upper()) for name in ("debug", "info", "warning", "error")}
QUIET_GRANIAN: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}
"""What granian is told of logging: leave it to us."""


class Forward(logging.Handler):
    """Hands records of the standard library's logging on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log the record's message; never its arguments' objects."""
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage())


def configure(settings: Log, stream: TextIO | None = None) -> None:
    """Set up logging for this process and those it forks."""
    stream = stream or sys.stderr
    console = settings.format == "console" or (settings.format == "auto" and stream.isatty())
    last: Any = (
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
        if console
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.level]),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [Forward(logging.WARNING)]
    root.setLevel(logging.WARNING)
