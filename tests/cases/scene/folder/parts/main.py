"""Needs a helper beside it."""

from helper import greet
from metapython import Process


class Main(Process):
    def start(self):
        greet(self.instance_name)
