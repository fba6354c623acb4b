"""Prints before, and after, a line is evaluated at the first tick."""

from metapython import Process

print("imported")


class Late(Process):
    def run(self, dt):
        print("stepped")
