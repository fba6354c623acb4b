"""A script that misspells an attribute."""

from metapython import Process


class Thing(Process):
    weight: float = 1.0


Thing(wieght=2.0)
