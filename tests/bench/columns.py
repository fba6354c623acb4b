"""What a column costs: positions += velocities × dt of many entities, beside NumPy's own arrays."""

from time import perf_counter_ns

import numpy as np
from metapython import Process, Transform, Velocity, columns, machine
from report import report

COUNT = 100_000
ROUNDS = 200
DT = 1 / 64


class Mover(Process):
    """Sleeps: the columns are what moves it, and the machine, once a tick, by its velocity."""

    interval = 1e6
    transform: Transform = Transform()
    velocity: Velocity = Velocity(x=64, y=128)


class Bench(Process):
    def run(self, dt: float) -> None:
        if machine.tick < 3:
            return  # The movers have their first step.
        ours: list[float] = []
        peers: list[float] = []
        x, y = np.zeros(COUNT), np.zeros(COUNT)
        velocity_x, velocity_y = np.full(COUNT, 64.0), np.full(COUNT, 128.0)
        began = movers[-1].transform.x
        for _ in range(ROUNDS):
            start = perf_counter_ns()
            with columns(Transform, Velocity) as (transform, velocity):
                transform.x += velocity.x * DT
                transform.y += velocity.y * DT
            ours.append((perf_counter_ns() - start) / COUNT)
            start = perf_counter_ns()
            x += velocity_x * DT
            y += velocity_y * DT
            peers.append((perf_counter_ns() - start) / COUNT)
        moved = {mover.transform.x - began for mover in movers}
        assert moved == {float(ROUNDS)} == set(x.tolist()), f"moved by {sorted(moved)[:3]}"
        report("columns", "ns an entity", {"most": 3}, {"ours": ours, "NumPy alone": peers})
        machine.stop()


machine.step_limit = 60  # All of it is one step.
movers = [Mover() for _ in range(COUNT)]
Bench(priority=1)
