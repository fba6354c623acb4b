"""A class with a priority that is none."""

from metapython import Process


class Thing(Process):
    priority = "high"
