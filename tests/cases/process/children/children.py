"""A family."""

from metapython import Process, machine


def names(processes):
    return [process.instance_name for process in processes]


class Parent(Process):
    def start(self):
        self.create(Child, instance_name="Heir")
        self.create("children.Child", instance_name="Leaver")
        self.add(machine["Orphan"])
        self.remove(machine["Leaver"])
        print(machine.tick, names(self.children), machine["Leaver"].parent)

    def run(self, dt):
        if machine.tick == 2:
            self.delete()
            print(machine.tick, "asked for deletion, still alive:", self.is_alive)


class Child(Process):
    def start(self):
        if self.instance_name != "Orphan":
            self.create(Grandchild)


class Grandchild(Process):
    pass


class Witness(Process):
    priority = -1

    def run(self, dt):
        print(machine.tick, names(machine.processes))


Child(instance_name="Orphan")
Parent()
Witness()
