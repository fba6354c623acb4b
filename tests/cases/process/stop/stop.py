"""Stops the machine, and is followed by another in the same tick."""

from metapython import Process, machine


class Stopper(Process):
    def run(self, dt):
        print(machine.tick, "Stopper")
        if machine.tick == 2:
            machine.stop(3)


class Other(Process):
    def run(self, dt):
        print(machine.tick, "Other")
