from metapython import Process, machine


class Beginner(Process):
    def start(self):
        print("old start")

    def run(self, dt):
        print(machine.tick, "old run")


NEW = """
class Beginner(Process):
    def start(self):
        print("new start")
        undefined

    def run(self, dt):
        print("new run")
"""

Beginner()
machine.update(Beginner, NEW)
