"""Standard streams for a program whose terminal is the console's: what is printed appears above the prompt."""

from __future__ import annotations

import atexit
import io
import sys

from metapython import _native


MAX_BEGUN = 10_000
"""How much of a line waits for its end, in characters: more than any screen has in a row."""


class Stream(io.TextIOBase):
    """Prints by the line; what has no end yet waits for it, until it is flushed or too much."""

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
        if len(rest) > MAX_BEGUN:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Print what waits for its end: the rest of it begins a line of its own."""
        if self._begun:
            _native.print_above(self._begun)
            self._begun = ""


def install() -> None:
    """Have everything that Python prints appear above the prompt."""
    stream = sys.stdout = sys.stderr = Stream()
    atexit.register(stream.flush)
