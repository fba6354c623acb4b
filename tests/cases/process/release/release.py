"""Objects that nobody but the engine knows: arguments, answers, exceptions."""

from metapython import Instruction, Process, machine


class Item:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print(self.name, "goes in tick", machine.tick, "beside", len(machine), "processes")
        if self.name == "seed":
            Grown()


class Torn(Item):
    def __del__(self):
        raise ValueError("torn")


class Failure(Exception):
    def __init__(self, item):
        self.item = item

    def __str__(self):
        return "as expected"


class Shop(Process):
    def take(self, item):
        print("taken in tick", machine.tick)

    def give(self):
        return Item("answer")


class Failing(Process):
    def run(self, dt):
        if machine.tick == 2:
            raise Failure(Item("exception"))
        print("Failing steps in tick", machine.tick)
        if machine.tick == 5:
            self.delete()


class Grown(Process):
    def run(self, dt):
        print("grown in tick", machine.tick)
        self.delete()


class Customer(Process):
    def start(self):
        Instruction("Shop", "take", Item("argument")).execute()
        Instruction("Shop", "take", item=Item("named argument")).execute()
        Instruction("Shop", "give").execute()
        Instruction("Nobody", "take", Item("refused")).execute()
        Instruction("Shop", "take", Item("seed")).execute(delay=4 / 60)
        Instruction("Shop", "take", Torn("torn")).execute()
        Instruction("Shop", "take", Item("never")).execute(delay=1000)

    def run(self, dt):
        if machine.tick == 3:
            machine["Failing"].resume()


class Last(Process):
    priority = -100

    def run(self, dt):
        print("the last step of tick", machine.tick)


Shop(), Failing(), Customer(), Last()
