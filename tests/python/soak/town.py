"""A million ticks among processes that fail, overrun, come and go at random; what they do to others.

Prints what it found as one line of JSON, when they are over.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from metapython import Instruction, MailboxFull, Process, Restart, machine, next_tick, sleep

TICKS = int(os.environ["SOAK_TICKS"])

TICKS_A_STEP = 100
STEPS = TICKS // TICKS_A_STEP
"""How many steps the chaos takes: it is stepped once in so many ticks."""

OVERRUNS = 12
"""How many steps never end of themselves: each costs the step limit."""

CROWD = 40
"""How many troublemakers there are at most."""


class Innocent(Process):
    """Does the same for ever, and counts what is not as it should be."""

    priority = 5
    count: int = 0
    wrong: int = 0


class Metronome(Innocent):
    """Is stepped by its interval."""

    expected: float = 0.0

    def run(self, dt: float) -> None:
        self.count += 1
        # The first step comes in the tick after the creation.
        self.wrong += dt != self.expected and self.count > 1


class Sleeper(Innocent):
    """A coroutine that does nothing but sleep."""

    seconds: float = 0.0
    expected: float = 0.0

    async def run(self) -> None:
        while True:
            self.wrong += await sleep(self.seconds) != self.expected
            self.count += 1


class Writer(Innocent):
    """Sends numbers faster than they are sometimes read: then the mailbox has no room, and says so."""

    interval = 1 / 3
    refused: int = 0

    def run(self, dt: float) -> None:
        message = self.count.to_bytes(8, "big")
        try:
            self.send_to("Reader", message)
            self.count += 1
        except MailboxFull:
            self.refused += 1


class Reader(Innocent):
    """Reads the numbers, in order, and sometimes later."""

    memory_size = 32

    async def run(self) -> None:
        while True:
            self.wrong += int.from_bytes(await self.message(), "big") != self.count
            self.count += 1
            if self.count % 100 == 0:
                await sleep(2.0)


class Asker(Innocent):
    """Awaits an answer, or what is raised instead of it."""

    async def run(self) -> None:
        while True:
            try:
                answer = await Instruction("Answerer", "answer", self.count)
                self.wrong += answer != self.count or self.count % 50 == 0
            except ZeroDivisionError:
                self.wrong += self.count % 50 != 0
            self.count += 1
            await sleep(1.0)


class Answerer(Innocent):
    """Answers all but some questions."""

    interval = 1.0

    def answer(self, number: int) -> int:
        return number if number % 50 else number // 0


class Trouble(Process):
    """Something that ends badly."""

    life: int = 0

    def start(self) -> None:
        self.priority = random.randrange(0, 10)
        self.interval = random.choice((0.0, 0.1, 0.5))
        self.left = self.life = random.randrange(1, 30)

    def run(self, dt: float) -> None:
        self.left -= 1
        if self.left <= 0:
            self.end_badly()

    def end_badly(self) -> None:
        raise NotImplementedError


class Failing(Trouble):
    def end_badly(self) -> None:
        raise ValueError("as expected")


class Restarting(Failing):
    restart = Restart(limit=2, within=1e6)


class Leaving(Trouble):
    def end_badly(self) -> None:
        sys.exit(1)


class Murderous(Trouble):
    def end_badly(self) -> None:
        delete_one(self)


class Fertile(Trouble):
    def end_badly(self) -> None:
        child = self.create(Leaving)
        child.create(Murderous)
        self.delete()


class Spamming(Trouble):
    """Writes into its own mailbox until that is full."""

    memory_size = 4096

    def run(self, dt: float) -> None:
        self.send_to(self.instance_name, bytes(1000))


class Wandering(Trouble):
    """A coroutine that ends in all ways."""

    async def run(self) -> None:
        try:
            for _ in range(random.randrange(5)):
                await random.choice((sleep(0.03), sleep(0.5), next_tick(), self.patient()))
            if random.random() < 0.2:
                raise ValueError("as expected")
        finally:
            if random.random() < 0.1:
                Leaving()

    async def patient(self) -> None:
        try:
            await self.message(timeout=1000.0 if random.random() < 0.5 else 0.1)
        except TimeoutError:
            await Instruction("Answerer", "answer", 1).execute(delay=0.05)


class Endless(Trouble):
    def end_badly(self) -> None:
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass


KINDS = (Failing, Restarting, Leaving, Murderous, Fertile, Spamming, Wandering, Wandering, Wandering)


def troublemakers() -> list[Any]:
    return [process for process in machine.processes if isinstance(process, Trouble)]


def delete_one(besides: Process | None = None) -> None:
    others = [process for process in troublemakers() if process is not besides]
    if others:
        random.choice(others).delete()


class Chaos(Process):
    """Makes the trouble, and writes down how much memory it took."""

    priority = -1
    interval = TICKS_A_STEP / 60
    steps: int = 0
    created: int = 0
    endless: int = 0
    memory: Any = None

    def start(self) -> None:
        self.memory = {}
        Instruction(self.instance_name, "report").execute(delay=TICKS / 60)

    def run(self, dt: float) -> None:
        self.steps += 1
        self.stir()
        if self.steps % (STEPS // OVERRUNS) == STEPS // OVERRUNS // 2:
            Endless()
            self.endless += 1
        if self.steps % (STEPS // 10) == 0:
            gc.collect()
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            self.memory[self.steps * TICKS_A_STEP] = pages * os.sysconf("SC_PAGE_SIZE")

    def stir(self) -> None:
        crowd = troublemakers()
        if len(crowd) < CROWD:
            random.choice(KINDS)()
            self.created += 1
        else:
            for process in random.sample(crowd, CROWD // 2):
                process.delete()
        for process in crowd[: random.randrange(3)]:
            match random.randrange(4):
                case 0:
                    process.pause()
                case 1:
                    process.resume()
                case 2:
                    process.delete()
                case 3:
                    process.interval = random.choice((0.0, 0.005, 0.3, 1000.0, 2000.0))

    def report(self) -> None:
        innocent = [it for it in machine.processes if isinstance(it, Innocent)]
        steps = {it.instance_name: (it.count, it.wrong, it.fault) for it in innocent}
        refused = machine["Writer"].refused
        rest = {"created": self.created, "endless": self.endless, "refused": refused}
        print(json.dumps({"innocent": steps, "memory": list(self.memory.items()), **rest}))


FLICK = 705_600_000


def exact(seconds: float) -> float:
    """The time as the machine counts it."""
    return round(seconds * FLICK) / FLICK


random.seed(2015)
Metronome(instance_name="Every", expected=exact(1 / 60))
for name, seconds in (("Fast", 0.013), ("Odd", 0.123), ("Slow", 3.7)):
    Metronome(instance_name=name, interval=seconds, expected=exact(seconds))
Sleeper(seconds=0.37, expected=exact(0.37))
for innocent in (Writer, Reader, Asker, Answerer):
    innocent()
Chaos()
