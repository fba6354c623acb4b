"""What a component's field costs: `self.transform.x += self.velocity.x * dt`, beside nested slots."""

from time import perf_counter_ns

from metapython import Process, Transform, Velocity, machine
from report import report

LINES = 10_000
ROUNDS = 100
DT = 1 / 64


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x: float) -> None:
        self.x = x
        self.y = 0.0


class Plain:
    __slots__ = ("transform", "velocity")

    def __init__(self) -> None:
        self.transform = Vector(0.0)
        self.velocity = Vector(1.0)

    def work(self, dt: float) -> None:
        for _ in range(LINES):
            self.transform.x += self.velocity.x * dt


class Mover(Process):
    transform: Transform = Transform()
    velocity: Velocity = Velocity(x=1)

    def work(self, dt: float) -> None:
        for _ in range(LINES):
            self.transform.x += self.velocity.x * dt

    def run(self, dt: float) -> None:
        plain = Plain()
        ours: list[float] = []
        peers: list[float] = []
        for _ in range(ROUNDS):
            start = perf_counter_ns()
            self.work(DT)
            ours.append((perf_counter_ns() - start) / LINES)
            start = perf_counter_ns()
            plain.work(DT)
            peers.append((perf_counter_ns() - start) / LINES)
        # Sums of powers of two: exact.
        assert self.transform.x == plain.transform.x == ROUNDS * LINES * DT
        report("fields", "ns a line", {"ratio": 3}, {"ours": ours, "nested slots": peers})
        machine.stop()


Mover()
