"""Messages and instructions: bounded, in order, none lost."""

from __future__ import annotations

import random
import re
import sys
from typing import Any

import numpy as np
import pytest
from metapython import Instruction, MailboxFull, Process, machine, next_tick, sleep


class Box(Process):
    """Has a mailbox."""

    calls: Any = None

    def note(self, what: Any) -> Any:
        self.calls.append((machine.tick, what))
        return what

    def fail(self, what: str) -> None:
        raise ValueError(what)


class Small(Box):
    memory_size = 10


async def test_the_size_of_a_mailbox_is_a_setting() -> None:
    small, large, usual = Small(), Small(memory_size=1000), Box()
    assert (small.memory_size, large.memory_size, usual.memory_size) == (10, 1000, 65536)
    small.send_to(small.instance_name, bytes(10))
    with pytest.raises(MailboxFull, match="Small is full: it holds 10 of 10 bytes and 1 more do not fit"):
        large.send_to(small.instance_name, b"x")
    large.send_to(large.instance_name, bytes(1000))
    small.memory_size = 12
    large.send_to(small.instance_name, b"xy")
    small.memory_size = 5
    with pytest.raises(MailboxFull, match="it holds 12 of 5 bytes"):
        small.send_to(small.instance_name, b"")
    await next_tick()
    assert small.read_messages() == [bytes(10), b"xy"], "what waits stays, even if it is more"
    with pytest.raises(MailboxFull, match="holds 0 of 5 bytes and 6 more"):
        small.send_to(small.instance_name, b"123456")
    small.send_to(small.instance_name, b"12345")
    for size in (-1, 2**31):
        with pytest.raises(ValueError, match="memory_size"):
            small.memory_size = size


async def test_a_full_mailbox_is_the_sender_s_affair() -> None:
    class Sender(Process):
        sent: int = 0

        def run(self, dt: float) -> None:
            self.send_to("Small", b"abc")
            self.sent += 1

    small, sender = Small(), Sender()
    await sleep(1)
    assert sender.fault is not None and "MailboxFull" in sender.fault
    assert small.fault is None
    assert small.read_messages() == [b"abc"] * 3 and sender.sent == 3
    sender.resume()
    await next_tick()
    await next_tick()
    assert sender.fault is None, "there is room again"


async def test_what_can_change_is_copied() -> None:
    box = Box()
    array, buffer = np.arange(6, dtype=np.uint8).reshape(2, 3), bytearray(b"before")
    noncontiguous = memoryview(b"abcdef")[::2]

    class Bytes(bytes):
        """Has more than bytes."""

    for message in (array, buffer, memoryview(buffer), array[:, ::2], noncontiguous, Bytes(b"sub")):
        box.send_to("Box", message)
    array[:] = 9
    buffer[:] = b"after!"
    await next_tick()
    found = box.read_messages()
    assert found == [bytes(range(6)), b"before", b"before", bytes([0, 2, 3, 5]), b"ace", b"sub"]
    assert {type(message) for message in found} == {bytes}


async def test_bytes_themselves_are_not_copied() -> None:
    box = Box(memory_size=1 << 20)
    message = bytes(1 << 19)
    box.send_to("Box", message)
    await next_tick()
    assert box.read_messages()[0] is message


async def test_the_dead_the_paused_and_the_held_have_mailboxes_or_none() -> None:
    class Broken(Box):
        def run(self, dt: float) -> None:
            raise RuntimeError("broken")

    paused, broken, gone = Box(), Broken(), Box(instance_name="Gone")
    paused.pause()
    gone.send_to("Gone", b"unread")
    await next_tick()
    await next_tick()
    for name in ("Box", "Broken"):
        gone.send_to(name, b"hello")
    gone.delete()
    await next_tick()
    assert paused.read_messages() == [b"hello"] == broken.read_messages()
    with pytest.raises(LookupError, match="no process `Gone` to send to"):
        paused.send_to("Gone", b"")
    assert Box(instance_name="Gone").read_messages() == [], "a name is inherited, its mail is not"


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_is_lost_and_the_order_of_each_sender_is_kept(seed: int) -> None:
    """Random senders, receivers, sizes and reads, beside lists."""
    rng = random.Random(seed)
    sizes = [rng.choice((1, 10, 100, 5_000)) for _ in range(4)]
    boxes = [Box(memory_size=size) for size in sizes]
    senders = [Box() for _ in range(5)]
    waiting: list[list[bytes]] = [[] for _ in boxes]  # Readable now.
    coming: list[list[bytes]] = [[] for _ in boxes]  # Sent in this tick.
    sent = refused = 0
    for _ in range(150):
        for _ in range(rng.randrange(12)):
            number = rng.randrange(len(boxes))
            if rng.random() < 0.25:
                assert boxes[number].read_messages() == waiting[number]
                waiting[number] = []
                continue
            name = str(rng.randrange(len(senders)))
            text = f"{name}:{sent}:".encode() * rng.randrange(0, 4)
            used = sum(max(len(it), 1) for it in waiting[number] + coming[number])
            try:
                senders[int(name)].send_to(boxes[number].instance_name, text)
            except MailboxFull as error:
                assert used + max(len(text), 1) > sizes[number], error
                assert f"holds {used} of {sizes[number]} bytes and {len(text)} more" in str(error)
                refused += 1
            else:
                assert used + max(len(text), 1) <= sizes[number]
                coming[number].append(text)
                sent += 1
        await next_tick()
        for number, messages in enumerate(coming):
            waiting[number] += messages
            messages.clear()
    assert sent > 100 < refused
    assert [box.read_messages() for box in boxes] == waiting


async def test_instructions_go_by_priority_then_time_then_order() -> None:
    box = Box(calls=[])
    begin = machine.tick
    for what, delay, priority in [("c", 0, 0), ("a", 0, 5), ("d", 0, 0), ("z", 3, 99), ("b", 0, 1)]:
        Instruction("Box", "note", what).execute(delay=delay / machine.hz, priority=priority)
    early = Instruction("Box", "note", "later").execute(delay=2.5 / machine.hz)
    for _ in range(5):
        await next_tick()
    now = [(begin + 1, what) for what in "abcd"]
    assert box.calls == [*now, (begin + 3, "z"), (begin + 3, "later")]
    assert early.done and early.result() == "later"


async def test_one_instruction_is_executed_many_times() -> None:
    box = Box(calls=[])
    instruction = Instruction("Box", "note", 1)
    executions = [instruction.execute(priority=-number) for number in range(3)]
    assert [await it for it in executions] == [1, 1, 1] and len(box.calls) == 3


async def test_an_instruction_nobody_awaits_alerts_when_it_fails() -> None:
    Box()
    begin = len(machine.alerts)
    executions = [
        Instruction("Box", "fail", "sadly").execute(),
        Instruction("Bxo", "fail").execute(),
    ]
    await next_tick()
    texts = [alert.text for alert in machine.alerts[begin:]]
    assert texts[0].startswith("instruction Box.fail failed: ValueError: sadly")
    assert texts[1:] == ["there is no process `Bxo` to call fail() of; did you mean `Box`?"]
    with pytest.raises(ValueError, match="^sadly$"):
        executions[0].result()
    with pytest.raises(LookupError, match="did you mean `Box`"):
        await executions[1]
    begin = len(machine.alerts)
    with pytest.raises(ValueError, match="^quietly$"):
        await Instruction("Box", "fail", "quietly")
    assert machine.alerts[begin:] == [], "whoever awaits it is told, and nobody else"


async def test_an_instruction_that_leaves_ends_its_process() -> None:
    class Leaver(Process):
        def leave(self) -> None:
            sys.exit()

    leaver = Leaver()
    with pytest.raises(RuntimeError, match="the process `Leaver` ended instead of answering"):
        await Instruction("Leaver", "leave")
    await next_tick()
    assert not leaver.is_alive


@pytest.mark.parametrize("delay", [-1, float("nan"), float("inf"), 1e10])
async def test_a_delay_that_is_no_time_is_refused(delay: float) -> None:
    with pytest.raises(ValueError, match=re.escape("execute(delay) takes 0 to 1e9 seconds, not ")):
        Instruction("Box", "note").execute(delay=delay)
