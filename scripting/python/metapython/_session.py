"""Console sessions: a namespace for each, in which lines are evaluated as Python's own console does."""

from __future__ import annotations

import builtins
import contextlib
import io
import sys
from typing import Any

import metapython
from metapython._exit import exit_status
from metapython._traceback import format_exception

FILE = "<console>"


class Namespace(dict[str, Any]):
    """What a session has defined; then every process, by its instance name."""

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name) or name not in metapython.machine:
            raise KeyError(name)
        return metapython.machine[name]


sessions: dict[int, Namespace] = {}


def namespace(session: int) -> Namespace:
    """The namespace of a session."""
    found = sessions.get(session)
    if found is None:
        found = sessions[session] = Namespace(
            {name: getattr(metapython, name) for name in metapython.__all__ if name != "input"}
        )
        found.update(__name__="__console__", __builtins__=builtins, metapython=metapython)
    return found


def evaluate(session: int, line: str) -> tuple[str, str | None]:
    """Evaluate a line; what it printed and showed, and its traceback if it failed.

    SystemExit ends the machine, with the exit status that Python itself would end with.
    """
    output = io.StringIO()
    shown = sys.displayhook
    sys.displayhook = sys.__displayhook__
    try:
        with contextlib.redirect_stdout(output):
            exec(compile(line.strip() + "\n", FILE, "single"), namespace(session))
    except SystemExit as exit:
        metapython.machine.stop(exit_status(exit))
    except BaseException as error:
        return output.getvalue(), format_exception(error, line)
    finally:
        sys.displayhook = shown
    return output.getvalue(), None
