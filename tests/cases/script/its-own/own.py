"""Creates two of one class, none of the other."""

from metapython import Process, machine


class Wanted(Process):
    def run(self, dt):
        print(machine.tick, self.instance_name)


class Unwanted(Wanted):
    pass


Wanted()
Wanted()
print("imported as", __name__, "at tick", machine.tick)
