"""What a step costs: ten thousand processes due each tick, beside a bare loop over plain objects.

A tick is measured whole, from the first step of one to the first step of the next, so the share of
everything that the machine does in a tick is in it: finding who is due, accounting, the watchdog,
render and sound. Some ticks, then some loops: the first of each finds its memory out of the caches,
and is left out.
"""

import random
from time import perf_counter_ns

from metapython import Process, machine
from report import report

COUNT = 10_000
BLOCK = 10
BLOCKS = 40


class Counter(Process):
    """What is measured."""

    n: int = 0

    def run(self, dt: float) -> None:
        self.n += 1


class Plain:
    """The same without a machine."""

    def __init__(self, priority: int) -> None:
        self.n = 0
        self.priority = priority

    def run(self, dt: float) -> None:
        self.n += 1


def loop(objects: list[Plain], dt: float) -> int:
    """Nanoseconds of a bare loop."""
    start = perf_counter_ns()
    for one in objects:
        one.run(dt)
    return perf_counter_ns() - start


class First(Process):
    """Takes the time at which a tick's steps begin."""

    priority = 1_000_000
    began: int = 0

    def run(self, dt: float) -> None:
        now = perf_counter_ns()
        if machine.tick % BLOCK > 1:
            ours.append((now - self.began) / COUNT)
        self.began = now


class Last(Process):
    """Runs the peers when all others have been stepped, and tells of it at the end."""

    priority = -1_000_000

    def run(self, dt: float) -> None:
        if machine.tick % BLOCK:
            return
        for objects, samples in ((plain, loops), (ordered, ordered_loops)):
            times = [loop(objects, dt) / COUNT for _ in range(BLOCK)]
            samples += times[2:]
        if machine.tick == BLOCK * BLOCKS:
            wrong = [one.n for one in (*counters, *plain, *ordered) if one.n != machine.tick]
            assert not wrong, f"{len(wrong)} were stepped another number of times than {machine.tick}"
            samples = {"ours": ours, "bare loop": loops, "in our order": ordered_loops}
            report("steps", "ns a step", {"ratio": 1.5}, samples)
            machine.stop()


ours: list[float] = []
loops: list[float] = []
ordered_loops: list[float] = []
mixed = random.Random(1)
priorities = [mixed.randint(-100, 100) for _ in range(COUNT)]
counters = [Counter(priority=priority) for priority in priorities]
plain = [Plain(priority) for priority in priorities]
# Sorted as the steps are, so that their memory is met in no better order than ours.
ordered = sorted(map(Plain, priorities), key=lambda one: -one.priority)
First()
last = Last()
