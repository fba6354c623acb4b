"""What the tests of this folder share: actors, and a way to let time pass."""

from __future__ import annotations

from typing import Any

from metapython import Process, machine, next_tick


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
