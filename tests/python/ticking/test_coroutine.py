"""Processes whose `run` is a coroutine: what they can await, and how they end."""

from __future__ import annotations

import asyncio
import gc
import traceback
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from metapython import Instruction, Process, Restart, machine, next_tick, sleep


class Log(list[Any]):
    """What happened, in order."""


class Actor(Process):
    """Does what it is given."""

    act: Any = None
    log: Any = None

    async def run(self) -> Any:
        return await self.act(self)


class Hearer(Process):
    """Answers."""

    heard: int = 0

    def hear(self, number: int = 0, *, fails: bool = False) -> int:
        self.heard += 1
        if fails:
            raise ValueError(f"cannot hear {number}")
        return number + 1

    async def slowly(self) -> None: ...


async def ticks(count: int) -> None:
    for _ in range(count):
        await next_tick()


def alerts_of(process: Process) -> list[str]:
    name = process.instance_name
    return [alert.text for alert in machine.alerts if alert.source == name]


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
    with pytest.raises(ValueError, match="a process sleeps for 0 to 1e9 seconds"):
        await sleep(seconds)
    with pytest.raises(TypeError):
        await sleep("soon")  # type: ignore[arg-type]


async def test_a_message_is_awaited() -> None:
    async def act(self: Actor) -> None:
        while True:
            found = await self.message()
            self.log.append((machine.tick, found))

    actor = Actor(act=act, log=Log(), priority=1)
    await ticks(5)
    assert actor.log == []
    for text in (b"one", b"two", b""):
        actor.send_to(actor.instance_name, text)
    sent = machine.tick
    await next_tick()
    assert actor.log == [(sent + 1, b"one"), (sent + 1, b"two"), (sent + 1, b"")]


async def test_no_message_in_time_is_a_timeout() -> None:
    async def act(self: Actor) -> None:
        begin = machine.time
        for timeout in (0, 0.5):
            with pytest.raises(TimeoutError, match=f"no message came to Actor in {timeout} s"):
                await self.message(timeout)
        assert 0.5 <= machine.time - begin < 0.5 + 2 / machine.hz
        assert await self.message(100) == b"late"
        for timeout in (-1, float("nan"), float("inf")):
            with pytest.raises(ValueError, match=f"a timeout is 0 to 1e9 seconds, not {timeout}"):
                await self.message(timeout)
        assert await self.message(1e9) == b"last"

    actor = Actor(act=act)
    await sleep(1)
    actor.send_to("Actor", b"late")
    await ticks(3)
    actor.send_to("Actor", b"last")
    await actor
    assert alerts_of(actor) == []


async def test_only_ones_own_messages_are_awaited() -> None:
    other = Hearer()
    with pytest.raises(RuntimeError, match="its own mailbox, not another's"):
        await other.message()


async def test_an_instruction_answers() -> None:
    Hearer()
    before = machine.tick
    assert await Instruction("Hearer", "hear", 6) == 7
    assert machine.tick == before + 1, "it is called in the next tick, before the steps"
    execution = Instruction("Hearer", "hear", 1).execute(delay=0.5)
    assert not execution.done
    with pytest.raises(RuntimeError, match="is not called yet: `await` the answer"):
        execution.result()
    assert await execution == 2 == await execution == execution.result()
    with pytest.raises(ValueError, match="cannot hear 3") as caught:
        await Instruction("Hearer", "hear", 3, fails=True)
    frames = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert frames[-1] == "hear", "the traceback reaches to where it was raised"
    assert await Instruction("Hearer", "hear", 3) == 4, "the one who answered is not at fault"


async def test_an_instruction_that_cannot_be_carried_out_raises_at_whoever_awaits() -> None:
    hearer = Hearer()
    with pytest.raises(LookupError, match=r"no process `Haerer` to call hear\(\) of; did you mean `Hearer`"):
        await Instruction("Haerer", "hear")
    with pytest.raises(AttributeError, match="listen"):
        await Instruction("Hearer", "listen")
    with pytest.raises(TypeError, match="unexpected keyword argument 'loudly'"):
        await Instruction("Hearer", "hear", loudly=True)
    with pytest.raises(TypeError, match="slowly.. is an `async def`, which an instruction cannot wait for"):
        await Instruction("Hearer", "slowly")
    assert hearer.heard == 0


async def test_many_await_one_answer() -> None:
    hearer = Hearer()
    execution = Instruction("Hearer", "hear", 1).execute(delay=0.1)

    async def act(self: Actor) -> int:
        return await execution

    actors = [Actor(act=act) for _ in range(5)]
    assert [await actor for actor in actors] == [2] * 5
    assert hearer.heard == 1


async def test_one_instructs_itself() -> None:
    class Selfish(Hearer):
        async def run(self) -> int:
            return await Instruction(self.instance_name, "hear", 1)

    assert await Selfish() == 2


async def test_instructions_reach_those_that_are_paused_and_held_and_not_those_that_are_gone() -> None:
    hearer = Hearer()
    await next_tick()
    hearer.pause()
    assert await Instruction("Hearer", "hear") == 1

    class Broken(Hearer):
        def run(self, dt: float) -> None:
            raise RuntimeError("broken")

    Broken()
    await ticks(2)
    assert await Instruction("Broken", "hear") == 1
    execution = Instruction("Hearer", "hear").execute(delay=0.2)
    hearer.delete()
    with pytest.raises(LookupError, match="no process `Hearer`"):
        await execution


async def test_the_answer_to_one_that_is_gone_is_no_trouble() -> None:
    Hearer()

    async def act(self: Actor) -> None:
        await Instruction("Hearer", "hear").execute(delay=0.1)

    actor = Actor(act=act)
    await ticks(2)
    actor.delete()
    await sleep(0.3)
    assert machine["Hearer"].heard == 1


async def test_the_end_of_a_process_is_awaited() -> None:
    async def act(self: Actor) -> str:
        await sleep(0.2)
        return "result"

    actor = Actor(act=act)
    assert await actor == "result" == await actor, "also when it has ended already"
    assert not actor.is_alive

    async def forever(self: Actor) -> None:
        while True:
            await next_tick()

    doomed = Actor(act=forever)
    Instruction(doomed.instance_name, "delete").execute(delay=0.1)
    assert await doomed is None, "nothing, if it was deleted"
    plain = Hearer()
    Instruction("Hearer", "delete").execute(delay=0.1)
    assert await plain is None, "or has no coroutine"


class Closing(Process):
    """Notes how it ends."""

    log: Any = None
    finish: Any = None
    is_restless: bool = False

    async def run(self) -> None:
        try:
            while True:
                await (next_tick() if self.is_restless else sleep(1000))
        except GeneratorExit:
            self.log.append("closed")
            raise
        finally:
            self.log.append("finally")
            if self.finish is not None:
                await self.finish(self)


async def test_deletion_runs_what_is_finally() -> None:
    logs = [Log() for _ in range(4)]
    sleeping, restless, paused, fresh = closing = [Closing(log=log, is_restless=n == 1) for n, log in enumerate(logs)]
    fresh.pause()
    await ticks(3)
    paused.pause()
    await next_tick()
    for process in closing:
        process.delete()
    assert logs == [[]] * 4
    await next_tick()
    assert logs[:3] == [["closed", "finally"]] * 3
    assert logs[3] == [], "what never began has nothing to end"
    assert [alerts_of(process) for process in closing] == [[]] * 4


async def finish_by_awaiting(self: Closing) -> None:
    await next_tick()


async def finish_by_raising(self: Closing) -> None:
    raise KeyError("lost")


async def finish_by_deleting(self: Closing) -> None:
    machine["Bystander"].delete()


async def finish_by_creating(self: Closing) -> None:
    Hearer(instance_name="Heir")


@pytest.mark.parametrize(
    ("finish", "alert"),
    [
        (finish_by_awaiting, "its end failed: RuntimeError: coroutine ignored GeneratorExit"),
        (finish_by_raising, "its end failed: KeyError: 'lost'"),
        (finish_by_deleting, None),
        (finish_by_creating, None),
    ],
)
async def test_whatever_is_done_finally_harms_nobody(finish: Callable[[Any], Any], alert: str | None) -> None:
    bystander, witness = Hearer(instance_name="Bystander"), Hearer()
    begin = len(machine.alerts)
    closing = Closing(log=Log(), finish=finish)
    await next_tick()
    await next_tick()
    closing.delete()
    await ticks(2)
    assert not closing.is_alive and witness.is_alive
    assert bystander.is_alive == (finish is not finish_by_deleting)
    assert ("Heir" in machine) == (finish is finish_by_creating)
    texts = [it.text for it in machine.alerts[begin:]]
    assert texts == [] if alert is None else len(texts) == 1 and texts[0].startswith(alert), texts


async def test_children_are_closed_before_their_parents() -> None:
    log = Log()

    async def act(self: Actor) -> None:
        try:
            await sleep(1000)
        finally:
            log.append(self.instance_name)

    parent = Actor(act=act, instance_name="Parent")
    child = Actor(act=act, instance_name="Child", parent=parent)
    Actor(act=act, instance_name="Grandchild", parent=child)
    await ticks(2)
    parent.delete()
    await next_tick()
    assert log == ["Grandchild", "Child", "Parent"]


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


async def test_the_coroutine_of_a_deleted_process_is_freed() -> None:
    class Treasure: ...

    async def act(self: Actor) -> None:
        treasure = Treasure()
        self.log.append(weakref.ref(treasure))
        await sleep(1000)
        del treasure

    log = Log()
    actor = Actor(act=act, log=log)
    await ticks(2)
    assert log[0]() is not None
    actor.delete()
    del actor
    await next_tick()
    gc.collect()
    assert log[0]() is None


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


async def test_closing_goes_on_when_one_of_many_fails() -> None:
    async def act(self: Actor) -> None:
        try:
            await sleep(1000)
        finally:
            self.log.append(self.instance_name)
            raise ValueError("in the end")

    log = Log()
    parent = Actor(act=act, log=log, instance_name="Top")
    for number in range(3):
        Actor(act=act, log=log, instance_name=f"Below{number}", parent=parent)
    await ticks(2)
    begin = len(machine.alerts)
    parent.delete()
    await next_tick()
    assert sorted(log) == ["Below0", "Below1", "Below2", "Top"] and log[-1] == "Top"
    assert len(machine.alerts) - begin == 4
