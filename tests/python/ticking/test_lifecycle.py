"""Processes that are paused, resumed, restarted, created and deleted while the machine turns."""

from __future__ import annotations

import gc
import re
import time
import weakref
from collections.abc import Callable

import pytest
from metapython import Process, ProcessDeleted, Restart, machine, next_tick
from stage import alerts_of, ticks


class Counter(Process):
    """Counts its steps."""

    steps: int = 0
    total: float = 0.0

    def run(self, dt: float) -> None:
        self.steps += 1
        self.total += dt


class Failing(Counter):
    """Fails in every step after the first few."""

    good: int = 2
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        self.good_left = self.good

    def run(self, dt: float) -> None:
        super().run(dt)
        self.good_left -= 1
        if self.good_left < 0:
            raise ValueError(f"step {self.steps}")


async def test_a_pause_is_no_time() -> None:
    counter = Counter(priority=1)
    await ticks(3)
    assert counter.steps == 3
    counter.pause()
    counter.pause()
    await ticks(10)
    assert counter.steps == 3 and counter.total == pytest.approx(3 / machine.hz)
    counter.resume()
    counter.resume()
    await ticks(2)
    assert counter.steps == 5 and counter.total == pytest.approx(5 / machine.hz)


async def test_a_process_can_pause_itself() -> None:
    class Shy(Counter):
        def run(self, dt: float) -> None:
            super().run(dt)
            self.pause()

    shy = Shy()
    await ticks(3)
    assert shy.steps == 1
    shy.resume()
    await ticks(3)
    assert shy.steps == 2


async def test_deletion_takes_the_children() -> None:
    parent = Counter(priority=1)
    child = parent.create(Counter, priority=1)
    grandchild = child.create(Counter)
    names = [it.instance_name for it in (parent, child, grandchild)]
    await ticks(2)
    parent.delete()
    parent.delete()
    assert parent.is_alive, "a deletion takes effect after the step that asked for it"
    await next_tick()
    assert not any(name in machine for name in names)
    assert not (parent.is_alive or child.is_alive or grandchild.is_alive)
    assert child.steps == 2 and child.instance_name == names[1], "the object outlives the process"


async def test_a_deleted_process_says_that_it_is_gone() -> None:
    counter = Counter()
    counter.delete()
    await next_tick()
    for act in (counter.read_messages, counter.pause, counter.resume, lambda: counter.interval):
        with pytest.raises(ProcessDeleted, match="the process Counter is deleted"):
            act()


async def test_a_restart_begins_anew_and_keeps_attributes() -> None:
    failing = Failing(restart=Restart(limit=2, within=10.0), priority=1)
    await ticks(20)
    # Two good steps and a bad one, three times: the first life and two restarts.
    assert (failing.starts, failing.steps) == (3, 9)
    texts = alerts_of(failing)
    assert [text.split(":")[0] for text in texts] == [
        "restarted (1 of 2 in 10.000 s)",
        "restarted (2 of 2 in 10.000 s)",
        "held",
    ]
    assert "ValueError: step 3" in texts[0] and "ValueError: step 9" in texts[2]
    failing.resume()
    await ticks(2)
    assert failing.steps == 10, "it goes on where it was, and fails again"


async def test_old_restarts_do_not_count() -> None:
    failing = Failing(good=0, restart=Restart(limit=1, within=0.01), priority=1)
    await ticks(10)
    assert failing.starts == 10 == failing.steps


def even(depth: int) -> None:
    odd(depth + 1)


def odd(depth: int) -> None:
    even(depth + 1)


def chained() -> None:
    error = ValueError("first")
    for number in range(900):
        following = ValueError(f"number {number}")
        following.__cause__ = error
        error = following
    raise error


def wordy() -> None:
    raise ValueError(f"begin {'x' * 1_000_000} end")


@pytest.mark.parametrize(
    ("fail", "summary", "end"),
    [
        (lambda: even(0), "RecursionError: maximum", "maximum recursion depth exceeded"),
        (chained, "ValueError: number 899\nValueError: first\n", "ValueError: number 899"),
        (wordy, "ValueError: begin xxx", "xxx end"),
    ],
)
async def test_of_a_fault_with_more_text_than_anybody_reads_both_ends_are_told(
    fail: Callable[[], None], summary: str, end: str
) -> None:
    class Wordy(Process):
        def run(self, dt: float) -> None:
            fail()

    process = Wordy()
    await ticks(2)
    fault = process.fault
    assert fault is not None and len(fault) < 20_000
    assert fault.startswith(summary) and fault.endswith(end)
    assert re.search(r"\n\.\.\. \(\d+ characters are left out\) \.\.\.\n", fault)
    assert f"held: {fault}" in alerts_of(process)


async def test_what_a_step_creates_waits_for_the_next_tick() -> None:
    class Mother(Process):
        child: Counter | None = None

        def run(self, dt: float) -> None:
            if self.child is None:
                self.child = Counter(priority=100)

    mother = Mother(priority=1)
    await next_tick()
    child = mother.child
    assert child is not None and child.steps == 0
    await next_tick()
    assert child.steps == 1 and child.total == pytest.approx(1 / machine.hz)


async def test_a_process_deletes_itself_a_sibling_and_its_parent() -> None:
    class Killer(Counter):
        victim: Process | None = None

        def run(self, dt: float) -> None:
            super().run(dt)
            if self.victim is not None:
                self.victim.delete()
                self.steps += 100  # The step that asks goes on to its end.

    parent = Counter(priority=5)
    itself, of_sibling = Killer(priority=9), Killer(priority=8)
    of_parent = parent.create(Killer, priority=7)
    sibling = Counter(priority=6)
    itself.victim, of_sibling.victim, of_parent.victim = itself, sibling, parent
    bystander = Counter(priority=4)
    await ticks(3)
    assert (itself.steps, of_sibling.steps, of_parent.steps) == (101, 303, 101)
    assert sibling.steps == 0 and parent.steps == 0, "both were due later in the tick of their deletion"
    assert bystander.steps == 3
    assert [it.is_alive for it in (itself, sibling, parent, of_parent)] == [False] * 4


async def test_a_name_is_free_again_after_the_deletion() -> None:
    first = Counter(instance_name="Phoenix")
    with pytest.raises(ValueError, match="Phoenix"):
        Counter(instance_name="Phoenix")
    first.delete()
    with pytest.raises(ValueError, match="Phoenix"):
        Counter(instance_name="Phoenix")
    await next_tick()
    second = Counter(instance_name="Phoenix", priority=1)
    await next_tick()
    assert machine["Phoenix"] is second and second.steps == 1 and first.steps == 0


async def test_a_deleted_process_is_freed() -> None:
    counter = Counter()
    reference = weakref.ref(counter)
    await next_tick()
    counter.delete()
    del counter
    await next_tick()
    gc.collect()
    assert reference() is None


async def test_terms_change_from_one_tick_to_the_next() -> None:
    first, second = Counter(priority=1), Counter(priority=1)
    first.interval = 2 / machine.hz
    await ticks(4)
    assert (first.steps, second.steps) == (2, 4)
    first.interval = 0.5 / machine.hz
    before = first.steps
    await ticks(4)
    assert first.steps - before in (7, 8)


async def test_ten_thousand_come_and_go_in_a_tick() -> None:
    """Twice as many take about twice as long: never the square."""

    def come_and_go(count: int) -> float:
        begin = time.perf_counter()
        for process in [Counter() for _ in range(count)]:
            process.delete()
        return time.perf_counter() - begin

    before = len(machine)
    seconds = come_and_go(10_000)
    begin = time.perf_counter()
    await next_tick()
    seconds += time.perf_counter() - begin
    assert len(machine) == before
    survivors = [Counter() for _ in range(10_000)]
    await ticks(2)
    assert all(it.steps >= 1 for it in survivors)
    assert seconds < 20, "a square would be minutes"
    assert machine["Counter"] is survivors[0], "names begin anew"
