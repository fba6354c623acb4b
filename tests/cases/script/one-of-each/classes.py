"""Defines classes, imports one, creates nothing."""

from metapython import Process, machine, window


class Second(Process):
    def run(self, dt):
        print(machine.tick, self.instance_name, window.title)


class First(Second):
    pass


class Helper:
    pass
