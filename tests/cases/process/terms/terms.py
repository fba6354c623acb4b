"""Two that change their terms while they run."""

from metapython import Process, machine


class Early(Process):
    priority = 1

    def run(self, dt):
        print(machine.tick, self.instance_name)
        if machine.tick == 2:
            self.priority = -1
        if machine.tick == 4:
            self.interval = 4 / machine.hz
            Late.interval = 3 / machine.hz
            Late(instance_name="Later")


class Late(Process):
    def run(self, dt):
        print(machine.tick, self.instance_name)
        if machine.tick == 6:
            self.interval = 2 / machine.hz


Early()
Late()
