"""The command `metapython` of an installed package: `python -m metapython`."""

from __future__ import annotations

import os
import signal
import sys

from metapython import _native


def main() -> None:
    """Carry out the command line, and end this process as the program ends its own."""
    if sys.flags.hash_randomization and not sys.flags.ignore_environment:
        # A run repeats itself only where the order of sets does, which is decided when Python starts.
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)
    # Ctrl-C is the machine's, and no exception in whichever step it comes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os._exit(_native.execute(["metapython", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
