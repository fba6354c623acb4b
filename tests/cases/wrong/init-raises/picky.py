"""A process that wants more than a scene gives."""

from metapython import Process


class Picky(Process):
    def __init__(self):
        self.size = self.measure()

    def measure(self):
        raise RuntimeError("nothing to measure")
