"""Prints without the end of a line, to both streams, up to the very end."""

import atexit
import sys

from metapython import Process


class Printer(Process):
    def run(self, dt):
        print("on", end=" ")
        print("error stream", file=sys.stderr)


atexit.register(print, "the way out")
