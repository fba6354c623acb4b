"""The end of a coroutine: awaited by others, and what it does finally."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from metapython import Instruction, Process, machine, next_tick, sleep
from stage import Actor, Hearer, Log, alerts_of, ticks


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


async def test_who_awaits_its_own_end_is_told_so() -> None:
    told: list[str] = []

    async def act(self: Actor) -> None:
        with pytest.raises(RuntimeError) as caught:
            await self
        told.append(str(caught.value))

    await Actor(act=act)
    assert told == ["Actor cannot await its own end: it would wait for ever"]


async def test_a_circle_of_processes_that_await_each_other_is_refused_where_it_closes() -> None:
    """Only the one that closes it is told; it may go on, and then the others do."""
    log = Log()

    class Numbered(Process):
        number: int = 0

        async def run(self) -> None:
            try:
                await actors[(self.number + 1) % 3]
                log.append(self.number)
            except RuntimeError as error:
                log.append(str(error))

    actors = [Numbered(instance_name=name, number=number) for number, name in enumerate("ABC")]
    await ticks(5)
    told = "C cannot await the end of A, which awaits the end of B, which awaits the end of C"
    assert log == [f"{told}: all of them would wait for ever", 1, 0]


async def test_who_has_stopped_awaiting_an_end_is_in_no_circle() -> None:
    async def look(self: Actor) -> None:
        waiting: Any = machine["Second"].__await__()
        waiting.send(None)
        waiting.close()
        await ticks(3)

    async def wait(self: Actor) -> str:
        await machine["First"]
        return "waited"

    Actor(act=look, instance_name="First")
    assert await Actor(act=wait, instance_name="Second") == "waited"


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
