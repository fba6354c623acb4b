"""A thing."""

from metapython import Process


class Thing(Process):
    pass
