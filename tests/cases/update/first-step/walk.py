from metapython import Process, machine


class Walker(Process):
    way: int = 1
    steps: int = 0

    def run(self, dt):
        self.steps += self.way
        print(machine.tick, self.instance_name, self.steps)


class Writer(Process):
    priority = 1

    def run(self, dt):
        if machine.tick == 4:
            machine.update(Walker, NEW)


NEW = """
class Walker(Process):
    way: int = 100
    steps: int = 0

    def run(self, dt):
        if self.instance_name == "Last":
            self.stumble(dt)
        self.steps += self.way
        print(machine.tick, self.instance_name, self.steps, "with the new version")

    def stumble(self, dt):
        return 1 / (dt - dt)
"""

Walker(instance_name="First")
Walker(instance_name="Last")
Writer()
