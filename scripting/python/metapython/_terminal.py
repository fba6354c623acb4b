"""Standard streams for a program whose terminal is the console's: what is printed appears above the prompt."""

from __future__ import annotations

import io
import sys

from metapython import _native


class Stream(io.TextIOBase):
    """Prints by the line; what has no end yet waits for it."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self._begun = ""

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        lines, line_break, rest = (self._begun + text).rpartition("\n")
        if line_break:
            _native.print_above(lines)
        self._begun = rest
        return len(text)

    def finish(self) -> None:
        """Print what waits for its end."""
        if self._begun:
            _native.print_above(self._begun)
            self._begun = ""


def install() -> None:
    """Have everything that Python prints appear above the prompt."""
    sys.stdout = sys.stderr = Stream()
