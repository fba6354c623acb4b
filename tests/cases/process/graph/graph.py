"""Objects that know each other, and more."""

import math
import random
import threading

from metapython import Process


class Cell:
    def __init__(self):
        self.near = []
        self.around = set()


class Board(Process):
    def start(self):
        self.math, self.threading = math, threading
        self.cells = {(x, y): Cell() for x in range(6) for y in range(6)}
        for (x, y), cell in self.cells.items():
            places = [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            cell.near = [self.cells[place] for place in places if place in self.cells]
            cell.around = set(cell.near)
        self.list = None
        for number in range(100_000):
            self.list = (number, self.list)
        self.generator = random.Random()
        self.large = 10**5000

    def run(self, dt):
        self.generator.random()
        print(len(self.cells), self.list[0])
