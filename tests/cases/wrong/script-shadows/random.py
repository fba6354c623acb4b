"""A script called like one of Python's own."""

from metapython import Process


class Thing(Process):
    pass
