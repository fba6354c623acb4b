"""A script with a mistake."""

from metapython import Process


class Thing(Process):
    def run(self, dt):
        self.x = = 1
