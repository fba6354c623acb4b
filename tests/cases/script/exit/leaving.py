"""A script that has nothing to do."""

import sys

from metapython import Process


class Thing(Process):
    def start(self):
        print("never")


Thing()
print("leaving")
sys.exit()
