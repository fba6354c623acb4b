"""Who goes first."""

from metapython import Process, machine


class Runner(Process):
    def run(self, dt):
        print(machine.tick, self.instance_name, self.priority)
        if machine.tick == 2 and self.instance_name == "Low":
            self.priority = 9


Runner(instance_name="Low", priority=-5)
Runner()
Runner(instance_name="High", priority=5)
Runner()
