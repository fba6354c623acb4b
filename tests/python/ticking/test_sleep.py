"""Sleeping: times that do not drift, and what is no time."""

from __future__ import annotations

import pytest
from metapython import machine, next_tick, sleep
from stage import Actor, Log, ticks


async def test_sleeps_do_not_drift() -> None:
    async def act(self: Actor) -> None:
        for _ in range(300):
            self.log.append(await sleep(0.07))

    begin = machine.time
    log = Log()
    await Actor(act=act, log=log)
    assert log[1:] == [pytest.approx(0.07, abs=1e-9)] * 299
    # The first step, 300 sleeps to the flick, and the tick in which this is told.
    assert 21 <= machine.time - begin < 21 + 4 / machine.hz


async def test_several_short_sleeps_fit_into_a_tick() -> None:
    async def act(self: Actor) -> None:
        while True:
            await sleep(0.25 / machine.hz)
            self.log.append(machine.tick)

    actor = Actor(act=act, log=Log(), priority=1)
    await ticks(11)
    counts = [actor.log.count(tick) for tick in sorted(set(actor.log))]
    assert counts[:9] == [4] * 9


async def test_no_sleep_at_all_is_a_tick() -> None:
    async def act(self: Actor) -> None:
        for _ in range(5):
            assert await sleep(0) == pytest.approx(1 / machine.hz)
            self.log.append(machine.tick)

    log = Log()
    begin = machine.tick
    await Actor(act=act, log=log)
    assert log == list(range(begin + 2, begin + 7))


@pytest.mark.parametrize("seconds", [-1, -1e-9, float("nan"), float("inf"), 1e10])
async def test_a_sleep_of_no_time_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="takes 0 to 1e9 seconds"):
        await sleep(seconds)
    with pytest.raises(TypeError):
        await sleep("soon")  # type: ignore[arg-type]


async def test_a_pause_while_sleeping_keeps_the_time() -> None:
    async def act(self: Actor) -> None:
        await sleep(0.5)
        self.log.append(machine.time)
        await sleep(0.5)
        self.log.append(machine.time)

    actor = Actor(act=act, log=Log(), priority=1)
    await next_tick()
    begin = machine.time
    actor.pause()
    await sleep(0.2)
    actor.resume()
    await sleep(0.5)
    assert actor.log == [pytest.approx(begin + 0.5, abs=1e-6)], "the pause ended before the sleep"
    actor.pause()
    await sleep(1)
    actor.resume()
    await ticks(1)
    assert len(actor.log) == 2, "the sleep ended before the pause"


async def test_an_interval_is_nothing_to_a_coroutine_that_sleeps() -> None:
    async def act(self: Actor) -> None:
        while True:
            await sleep(0.1)
            self.log.append(machine.time)

    actor = Actor(act=act, log=Log(), interval=7.0)
    await sleep(0.35)
    actor.interval = 0.001
    await sleep(0.3)
    assert len(actor.log) in (6, 7)
