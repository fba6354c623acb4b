"""What a public method's call costs that has no `decorator=`, beside a plain method's.

Both are net: what the loop takes by itself is subtracted.
"""

from collections.abc import Callable
from time import perf_counter_ns

from metapython import Process, machine
from report import report

CALLS = 20_000
ROUNDS = 100


class Plain:
    def work(self, by: int) -> int:
        return by


class Worker(Process):
    def work(self, by: int) -> int:
        return by


def double(function: Callable[..., int]) -> Callable[..., int]:
    return lambda *arguments: 2 * function(*arguments)


def call(one: Plain | Worker) -> float:
    """Nanoseconds of a call."""
    start = perf_counter_ns()
    for _ in range(CALLS):
        one.work(1)
    took = perf_counter_ns() - start
    start = perf_counter_ns()
    for _ in range(CALLS):
        pass
    return (took - (perf_counter_ns() - start)) / CALLS


class Bench(Process):
    def run(self, dt: float) -> None:
        plain = Plain()
        ours: list[float] = []
        peers: list[float] = []
        for _ in range(ROUNDS):
            ours.append(call(worker))
            peers.append(call(plain))
        assert worker.work(7) == plain.work(7) == 7
        doubled = worker.work(7, decorator=double)  # type: ignore[call-arg]
        assert doubled == 14, "the method is none that takes decorator="
        report("calls", "ns a call", {"ratio": 2.3}, {"ours": ours, "plain method": peers})
        machine.stop()


machine.step_limit = 60  # All of it is one step.
worker = Worker(interval=1e6)
Bench()
