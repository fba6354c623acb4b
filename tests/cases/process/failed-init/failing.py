"""Processes that do not come to be."""

from metapython import Process, machine


class Failing(Process):
    def __init__(self):
        self.create(Child)
        raise ValueError("no")

    def run(self, dt):
        print("stepped")


class Child(Process):
    def run(self, dt):
        print("stepped")


class Wanting(Process):
    owner: str


class Witness(Process):
    def run(self, dt):
        print(machine.tick, list(machine), "Gone" in machine, len(machine))
        if machine.tick == 1:
            Again(instance_name="Gone")


class Again(Process):
    pass


Witness()
for attempt in (lambda: Failing(instance_name="Gone"), Failing, Wanting, lambda: Wanting(interval=-1, owner="x")):
    try:
        attempt()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
