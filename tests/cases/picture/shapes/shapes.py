"""Something to be seen."""

from metapython import Process, Transform


class Thing(Process):
    transform: Transform
