"""How a program ends: what becomes of SystemExit, and of what it has begun."""

from __future__ import annotations

import atexit
import sys
import threading
from time import monotonic

PATIENCE = 2.0
"""Seconds for which the end waits for threads: long enough for an answer that one was about to print."""


def exit_status(exit: SystemExit) -> int:
    """The exit status of a program that SystemExit ends, 0 to 255; a text that it carries is printed.

    As in Python: none is 0, a number is itself, anything else is printed on the standard error
    stream and 1.
    """
    if exit.code is None:
        return 0
    if isinstance(exit.code, int):
        return exit.code & 0xFF
    print(exit.code, file=sys.stderr)
    return 1


def finish() -> None:
    """End what the program has begun, as Python does: threads that are no daemons, then `atexit`.

    Python waits for such threads for ever. A machine that was told to end does so: who is not ready in
    two seconds is named, and left.
    """
    deadline = monotonic() + PATIENCE
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    waited_for = [thread for thread in others if not thread.daemon]
    for thread in waited_for:
        thread.join(max(0.0, deadline - monotonic()))
    names = ", ".join(thread.name for thread in waited_for if thread.is_alive())
    if names:
        remedy = "end them when the machine ends (`delete` of a process), or make them daemons"
        print(f"metapython: threads left behind after {PATIENCE:g} s: {names}; {remedy}", file=sys.stderr)
    atexit._run_exitfuncs()
