"""A thing."""

from metapython import Process, Transform


class Thing(Process):
    transform: Transform
    weight: float = 1.0


class Plain:
    pass
