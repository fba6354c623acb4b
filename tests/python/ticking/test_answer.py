"""Awaiting what others say: messages and the answers of instructions."""

from __future__ import annotations

import traceback

import pytest
from metapython import Instruction, machine, next_tick, sleep
from stage import Actor, Hearer, Log, alerts_of, ticks


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
            with pytest.raises(ValueError, match=f"takes 0 to 1e9 seconds, not {timeout}"):
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
