"""What becomes of SystemExit, the exception of `exit()` and `sys.exit()`."""

from __future__ import annotations

import sys


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
