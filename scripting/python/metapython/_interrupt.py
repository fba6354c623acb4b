"""Ctrl-C while a machine turns in an ordinary interpreter."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupt:
    """Keeps Ctrl-C out of the steps: the machine looks for it between two ticks.

    A second one is for the step that is not done yet, and raised there. A handler that is not
    Python's own, the user has set: it is left alone.
    """

    def __init__(self) -> None:
        self.came = False
        self.is_ours = False

    def begin(self) -> None:
        """Take the signal."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self.heed)
            self.is_ours = True

    def heed(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            signal.default_int_handler(number, frame)
        self.came = True

    def end(self) -> None:
        """Give it back."""
        if self.is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
