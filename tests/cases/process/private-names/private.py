"""A process whose attributes have the names that a framework might have taken."""

from metapython import Process


class Own(Process):
    def start(self):
        self._attributes = self._spawn = self._interval = 1


Own()
