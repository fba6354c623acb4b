"""A process that fails before it runs."""

from metapython import Process, machine


class Starter(Process):
    def start(self):
        print(machine.tick, "start")
        open("no such file")

    def run(self, dt):
        print(machine.tick, "run")
