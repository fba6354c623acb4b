"""A process with an attribute that has no default."""

from metapython import Process


class Wanting(Process):
    target: str
