"""A script that runs one file of tests in the program, over as many ticks as they take.

pytest runs on a thread of its own. Each test, an `async def`, it hands over to the machine, where it
is the coroutine of a process; so a test can `await next_tick()`, and whatever else a process can. When
a test is over, all that it has left behind is deleted.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from metapython import Process, machine, next_tick

Function = Callable[..., Coroutine[Any, Any, None]]

TEST = "Test"
"""The instance name of the process that a test is."""

LONGEST = 5_000
"""How many ticks a test may take: it may wait for what never comes."""


class Task:
    """A test on its way from pytest's thread to the machine and back."""

    def __init__(self, function: Function, arguments: dict[str, Any]) -> None:
        self.function = function
        self.arguments = arguments
        self.outcome: BaseException | None = TimeoutError("the test was deleted before its end")
        self.done = threading.Event()


tasks: queue.SimpleQueue[Task | int] = queue.SimpleQueue()
"""The tests to run, and in the end pytest's status."""


class Test(Process):
    """A test."""

    async def run(self) -> None:
        task = current[0]
        try:
            await task.function(**task.arguments)
            task.outcome = None
        except GeneratorExit:
            raise
        except BaseException as error:
            task.outcome = error


class Host(Process):
    """Runs the tests one after another."""

    priority = -1000

    async def run(self) -> None:
        while not isinstance(task := await self.next_task(), int):
            current[:] = [task]
            test = Test(instance_name=TEST)
            end = machine.tick + LONGEST
            while test.is_alive and machine.tick < end:
                await next_tick()
            for process in machine.processes:
                if process is not self:
                    process.delete()
            await next_tick()
            task.done.set()
        machine.stop(task)

    async def next_task(self) -> Task | int:
        while True:
            with contextlib.suppress(queue.Empty):
                # Not for long: a step has a limit.
                return tasks.get(timeout=0.01)
            await next_tick()


current: list[Task] = []


class Ticking:
    """Has pytest hand the tests over."""

    @pytest.hookimpl
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        names = pyfuncitem._fixtureinfo.argnames
        task = Task(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names})
        tasks.put(task)
        task.done.wait()
        if task.outcome is not None:
            raise task.outcome
        return True


def run_pytest() -> None:
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:logging", "--import-mode=importlib"]
    try:
        status = int(pytest.main([*options, os.environ["TICKING_TEST"]], plugins=[Ticking()]))
    except BaseException:
        tasks.put(1)
        raise
    sys.stdout.flush()
    tasks.put(status)


Host()
threading.Thread(target=run_pytest, daemon=True).start()
