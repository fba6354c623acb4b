"""Two that leave, one that stays."""

import sys

from metapython import Instruction, Process, machine


class Leaver(Process):
    def run(self, dt):
        if machine.tick == 2:
            sys.exit(5)


class Quitter(Process):
    def start(self):
        Instruction("Quitter", "leave").execute(delay=2 / 60)

    def leave(self):
        raise SystemExit


class Stayer(Process):
    priority = -1

    def run(self, dt):
        print(machine.tick, [process.instance_name for process in machine.processes])
