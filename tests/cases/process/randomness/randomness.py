"""Draws of every kind that Python has by itself."""

import random

from metapython import Process, machine


class Gambler(Process):
    drawn: float = 0.0

    def run(self, dt):
        self.drawn = random.random()
        names = ["one", "two", "three", "four"]
        random.shuffle(names)
        print(machine.tick, machine.seed, f"{self.drawn:.6f}", names, random.choice(list({"a", "b", "c"})))
