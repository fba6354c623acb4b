"""Processes whose `run` is a coroutine: Python in all its forms, faults, restarts, limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from metapython import Process, Restart, machine, next_tick, sleep
from stage import Actor, Hearer, Log, alerts_of, ticks


async def test_helpers_context_managers_and_iterators_are_python() -> None:
    log = Log()

    @asynccontextmanager
    async def held(name: str) -> AsyncIterator[str]:
        await sleep(0.1)
        log.append(f"+{name}")
        try:
            yield name
        finally:
            await next_tick()
            log.append(f"-{name}")

    async def countdown(count: int) -> AsyncIterator[int]:
        for left in range(count, 0, -1):
            await next_tick()
            yield left

    async def deeper(depth: int) -> int:
        return depth + (await deeper(depth - 1) if depth else round(await next_tick()))

    async with held("a") as name:
        log.extend([name] + [left async for left in countdown(3)])
    assert log == ["+a", "a", 3, 2, 1, "-a"]
    assert await deeper(100) == 5050


async def test_an_exception_holds_a_coroutine_and_a_resume_begins_it_anew() -> None:
    async def act(self: Actor) -> None:
        self.log.append("begun")
        await next_tick()
        if len(self.log) < 3:
            raise ValueError("no")

    actor = Actor(act=act, log=Log(), priority=1)
    await ticks(5)
    assert actor.log == ["begun"] and actor.is_alive
    assert actor.fault is not None and "ValueError: no" in actor.fault
    actor.resume()
    await ticks(5)
    assert actor.log == ["begun"] * 2
    actor.resume()
    await actor
    assert actor.log == ["begun"] * 3


async def test_a_coroutine_is_restarted() -> None:
    async def act(self: Actor) -> int:
        self.log.append(machine.tick)
        try:
            await sleep(0.1)
            if len(self.log) < 3:
                raise ValueError("again")
        finally:
            self.log.append("over")
        return len(self.log)

    actor = Actor(act=act, log=Log(), restart=Restart(limit=3, within=10.0))
    before = len(machine.alerts)
    assert await actor == 4
    assert actor.log.count("over") == 2
    texts = [alert.text for alert in machine.alerts[before:]]
    assert len(texts) == 1 and texts[0].startswith("restarted (1 of 3 in 10.000 s): ValueError: again")


async def test_leaving_ends_the_process_alone() -> None:
    async def act(self: Actor) -> None:
        await next_tick()
        raise SystemExit(3)

    actor = Actor(act=act, instance_name="Leaver")
    await actor
    assert not actor.is_alive and alerts_of(actor) == []


@pytest.mark.parametrize("what", ["future", "asyncio.sleep", "number", "nothing"])
async def test_what_cannot_be_awaited_is_told_apart(what: str) -> None:
    class Strange:
        def __await__(self) -> Any:
            yield {"future": object(), "number": 5, "nothing": ()}[what]

    awaitable: Any = asyncio.sleep(1) if what == "asyncio.sleep" else Strange()
    error = (RuntimeError, "no running event loop") if what == "asyncio.sleep" else (TypeError, "a process can await sleep")
    with pytest.raises(error[0], match=error[1]):
        await awaitable
    await next_tick()


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf"), 1e10])
async def test_a_time_that_is_none_is_not_awaited(seconds: float) -> None:
    class Strange:
        def __init__(self, request: object) -> None:
            self.request = request

        def __await__(self) -> Any:
            yield self.request

    begin = machine.tick
    for request in (seconds, (seconds,)):
        with pytest.raises(ValueError, match=f"what a process awaits takes 0 to 1e9 seconds, not {seconds}"):
            await Strange(request)
    assert machine.tick == begin


async def test_outside_of_a_process_nothing_is_awaited() -> None:
    class Sync(Process):
        error: Any = None

        def run(self, dt: float) -> None:
            try:
                self.message().__await__().send(None)
            except RuntimeError as error:
                self.error = error

    sync = Sync()
    await ticks(2)
    assert "only the coroutine of a process" in str(sync.error)


async def test_one_that_awaits_without_ever_waiting_is_stopped() -> None:
    async def act(self: Actor) -> None:
        try:
            while True:
                with pytest.raises(TimeoutError):
                    await self.message(0)
        finally:
            self.log.append(machine.tick)

    neighbour = Hearer()
    actor = Actor(act=act, log=Log(), priority=1)
    begin = machine.tick
    usual = machine.step_limit
    machine.step_limit = 0.05
    await ticks(3)
    machine.step_limit = usual
    assert actor.log == [begin + 1]
    assert actor.fault is not None
    assert "ran for more than 0.05 s" in alerts_of(actor)[-1]
    assert neighbour.fault is None
    actor.delete()
    await ticks(2)
    assert actor.log == [begin + 1], "it is over already"


async def test_a_decorated_coroutine_still_is_one() -> None:
    def traced(function: Any) -> Any:
        async def wrapper(self: Actor) -> Any:
            self.log.append("in")
            try:
                return await function(self)
            finally:
                self.log.append("out")

        return wrapper

    class Traced(Actor):
        @traced
        async def run(self) -> int:
            await sleep(0.1)
            return 7

    log = Log()
    assert await Traced(log=log) == 7
    assert log == ["in", "out"]
