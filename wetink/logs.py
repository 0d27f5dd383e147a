"""Logs as JSON lines on standard error: a code, ids and numbers; never what a client wrote.

Place in the pipeline: beside every process; the supervisor keeps the lines.
Trust level: callers pass ids and codes only. Of an exception the type and the places in the code are written, not
its message, for a library's message may quote what it was given.
Residual risk: messages of libraries (Kafka, web server) pass as they are; they see ids only.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

Value = str | int | float | bool | None
_QUIET = ("faust", "mode", "aiokafka", "kafka", "asyncio", "alembic", "uvicorn.access")
"""Libraries whose lines count from WARNING on."""


class Log:
    """Writes lines of one part of the program.

    `code` is a short word in snake case that tells what happened; `ids` are ids, codes and numbers.
    """

    def __init__(self, part: str) -> None:
        self._logger = logging.getLogger(part)

    def info(self, code: str, **ids: Value) -> None:
        """Something worth knowing happened."""
        self._logger.info(code, extra={"ids": ids})

    def warning(self, code: str, *, error: BaseException | None = None, **ids: Value) -> None:
        """Something failed that will be tried again or that somebody may want to look at."""
        self._logger.warning(code, extra={"ids": ids, "error": error})

    def error(self, code: str, *, error: BaseException | None = None, **ids: Value) -> None:
        """Something failed that somebody should look at."""
        self._logger.error(code, extra={"ids": ids, "error": error})


def places(trace: TracebackType | None) -> list[str]:
    """Where in the code an exception passed: `file:line function`, outermost first, without any value."""
    frames = traceback.extract_tb(trace)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, process, part, code, ids, and of an error its type and places."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line without its end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "part": record.name,
            "code": record.getMessage(),
        }
        line.update(getattr(record, "ids", {}))
        error = getattr(record, "error", None) or (record.exc_info[1] if record.exc_info else None)
        if error is not None:
            line["error"] = type(error).__name__
            line["places"] = places(error.__traceback__)
        return json.dumps(line, default=str)


def configure(process: str) -> None:
    """Send all logs of this process to standard error as JSON lines; called by each `__main__` first."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
