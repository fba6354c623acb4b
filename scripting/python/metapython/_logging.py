"""The `logging` of Python's library as alerts: errors as `error`, then warnings `v`, `vv` and so on."""

from __future__ import annotations

import logging
import sys
import threading

from metapython import _native
from metapython._alerts import Level

LEVELS: tuple[tuple[int, Level], ...] = (
    (logging.ERROR, "error"),
    (logging.WARNING, "v"),
    (logging.INFO, "vv"),
    (logging.DEBUG, "vvv"),
    (1, "vvvv"),
)
"""The lowest level of `logging` that an alert of each level stands for, the quietest first."""


class AlertHandler(logging.Handler):
    """Raises an alert for each record, in the name of its logger; on any thread."""

    def __init__(self) -> None:
        super().__init__()
        self.formatting = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        level: Level = next((name for least, name in LEVELS if record.levelno >= least), "vvvv")
        try:
            text = self.text(record)
            if not _native.log_alert(record.name, text, level):
                # The machine is not there any more, or not yet.
                print(f"{record.name}: {text}", file=sys.stderr)
        except RecursionError:
            raise
        except Exception:
            self.handleError(record)

    def text(self, record: logging.LogRecord) -> str:
        """What a record says. What an argument logs while it is written is not written in turn."""
        if getattr(self.formatting, "busy", False):
            return str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__
        self.formatting.busy = True
        try:
            return self.format(record)
        finally:
            self.formatting.busy = False


followed = logging.WARNING
"""The level of the root logger as it was set here or by Python."""


def install() -> None:
    """Have all that is logged raise alerts from now on; a second time is no error."""
    root = logging.getLogger()
    if not any(isinstance(handler, AlertHandler) for handler in root.handlers):
        root.addHandler(AlertHandler())


def follow(verbosity: Level) -> None:
    """Let the root logger pass what the machine's verbosity shows, unless somebody else has set it."""
    global followed
    root = logging.getLogger()
    if root.level == followed:
        followed = next(least for least, name in LEVELS if name == verbosity)
        root.setLevel(followed)
