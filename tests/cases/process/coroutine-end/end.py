"""Coroutines that wait for what never comes."""

from metapython import Instruction, Process, machine, next_tick, sleep


class Waiting(Process):
    async def run(self):
        try:
            await self.wait()
            print("never")
        finally:
            print(machine.tick, self.instance_name, "is closed")

    async def wait(self):
        raise NotImplementedError


class ForTime(Waiting):
    async def wait(self):
        await sleep(1e9)


class ForMessage(Waiting):
    async def wait(self):
        await self.message()


class ForAnswer(Waiting):
    async def wait(self):
        await Instruction("ForTime", "pause").execute(delay=1e6)


class ForEnd(Waiting):
    async def wait(self):
        await machine["ForTime"]


class Itself(Waiting):
    async def wait(self):
        try:
            await self
        except RuntimeError as error:
            print(error)
        await sleep(1e9)


class Held(Waiting):
    async def wait(self):
        await next_tick()
        raise RuntimeError("as expected")


class Never(Waiting):
    """It is stepped once, and then paused for ever."""

    async def wait(self):
        self.pause()
        await next_tick()


for kind in (ForTime, ForMessage, ForAnswer, ForEnd, Itself, Held, Never):
    kind()
