"""One process raises in its second step, the other counts."""

from metapython import Process, machine


class Bad(Process):
    steps: int = 0

    def run(self, dt):
        self.steps += 1
        print(machine.tick, "Bad steps")
        if self.steps == 2:
            self.divide(1, 0)

    def divide(self, a, b):
        return a / b


class Good(Process):
    def run(self, dt):
        print(machine.tick, "Good steps; Bad is held:", machine["Bad"].fault is not None)
