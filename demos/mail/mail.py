"""A village where letters are messages, doorbells are instructions, and news are alerts.

A letter is raw bytes: who it is for, who it is from, and what it says, each after a line end.
"""

from __future__ import annotations

import math
import random

from metapython import Instruction, Label, MailboxFull, Process, Shape, Transform, machine, next_tick, sleep

STREET, DOORS, COUNTER = 252.0, 214.0, 350.0
"""How far down the street runs, the houses have their doors, and the office its counter, px."""

NOBODY = "Santa"
"""Children write to him, and the post does not know where he lives."""

WORDS = ("Hello!", "Come to tea", "Happy birthday", "It rains here", "Lend me a ladder", "I miss you", "Thank you")


def letter(to: str, sender: str, text: str) -> bytes:
    return f"{to}\n{sender}\n{text}".encode()


def opened(message: bytes) -> list[str]:
    """Who a letter is for, who it is from, and what it says."""
    return message.decode().split("\n")


class Part(Process):
    """A shape that stays where it is put."""

    interval = 1e6
    transform: Transform
    shape: Shape

    def __init__(self, x: float, y: float, shape: Shape) -> None:
        self.transform.x, self.transform.y = x, y
        self.add(shape)


class Village(Process):
    """The street, the ways to the doors, and the trees."""

    interval = 1e6

    def start(self) -> None:
        way = "#cdb98f"
        self.create(Part, 320, STREET, Shape.rectangle(486, 16, color=way, layer=-9))
        self.create(Part, 320, (STREET + COUNTER) / 2, Shape.rectangle(30, COUNTER - STREET, color=way, layer=-9))
        for x in (84, 202, 320, 438, 556):
            self.create(Part, x, (STREET + DOORS) / 2, Shape.rectangle(14, STREET - DOORS, color=way, layer=-9))
        for x, y, size in ((60, 330, 26), (112, 372, 20), (176, 318, 16), (470, 322, 18), (528, 366, 26), (588, 318, 20)):
            self.create(Part, x, y + size, Shape.rectangle(size / 4, size, color="#6b4f3a", layer=-8))
            self.create(Part, x, y, Shape.circle(size, color="#2f6b4a", layer=-7))
            self.create(Part, x - size / 4, y - size / 4, Shape.circle(size / 2, color="#3d8159", layer=-7))


class Traveller(Process):
    """Something that moves to a place at its own speed."""

    transform: Transform
    speed: float = 150.0

    async def go(self, x: float, y: float) -> None:
        """Move to a place, straight; it takes the time that it takes."""
        while (away := math.hypot(x - self.transform.x, y - self.transform.y)) > 0.5:
            share = min(self.speed * await next_tick() / away, 1.0)
            self.transform.x += (x - self.transform.x) * share
            self.transform.y += (y - self.transform.y) * share


class Envelope(Traveller):
    """A letter on its way to the office."""

    shape: Shape = Shape.rectangle(20, 13, color="#fffdf2", layer=6)
    speed: float = 260.0

    def __init__(self, x: float) -> None:
        self.transform.x, self.transform.y = x, DOORS - 24
        self.flap = self.create(Part, x, DOORS - 24, Shape.polygon([(-9, -6), (9, -6), (0, 2)], color="#e4b7a0", layer=7))

    async def run(self) -> None:
        await self.go(320, COUNTER + 46)

    async def go(self, x: float, y: float) -> None:
        """Take the flap along."""
        self.create(Follower, self, self.flap)
        await super().go(x, y)


class Follower(Process):
    """Puts one thing where another is, each tick."""

    priority = -1

    def __init__(self, leader: Traveller, part: Process) -> None:
        self.leader, self.part = leader, part

    def run(self, dt: float) -> None:
        here, there = self.part[Transform], self.leader.transform
        here.x, here.y = there.x, there.y


class House(Process):
    """Writes letters, and is glad about those that come."""

    transform: Transform
    label: Label = Label(size=17, color="#fdf6e3", align="center", layer=3)
    x: float = 0.0
    color: str = "white"
    letters: int = 0

    def start(self) -> None:
        self.transform.x, self.transform.y = self.x, 68
        self.label.text = self.instance_name
        self.create(Part, self.x, DOORS - 42, Shape.rectangle(74, 84, color=self.color))
        roof = [(-46, 0), (46, 0), (0, -42)]
        self.create(Part, self.x, DOORS - 82, Shape.polygon(roof, color="#8c4a3c", layer=1))
        self.create(Part, self.x, DOORS - 17, Shape.rectangle(20, 34, color="#5b3a29", layer=1))
        self.create(Part, self.x + 6, DOORS - 16, Shape.circle(2, color="#ffd479", layer=2))
        panes = (self.create(Part, self.x + side * 21, DOORS - 54, Shape.rectangle(18, 18, layer=1)) for side in (-1, 1))
        self.panes = [pane[Shape] for pane in panes]
        self.light(False)

    async def run(self) -> None:
        while True:
            await sleep(random.uniform(2.0, 7.0))
            await self.post(self.written())

    def written(self) -> bytes:
        """A new letter: to a neighbour, or to whom no postman finds."""
        neighbours = [it.instance_name for it in machine.processes if isinstance(it, House) and it is not self]
        return letter(random.choice([*neighbours, NOBODY]), self.instance_name, random.choice(WORDS))

    async def post(self, message: bytes) -> None:
        """Bring a letter to the office: its mailbox has room for some, and then it says no."""
        await self.create(Envelope, self.x)
        while True:
            try:
                self.send_to("Office", message)
                return
            except MailboxFull:
                machine["Office"].refused += 1
                self.news("finds the office full, and tries again")
                await sleep(2.0)

    def ring(self) -> str:
        """What is said at the door: an instruction of the postman's, who awaits the answer.

        The letter lies in the mailbox by now.
        """
        for message in self.read_messages():
            _, sender, text = opened(message)
            self.letters += 1
            self.news(f"reads from {sender}: {text}")
        self.light(True)
        Instruction(self.instance_name, "light", False).execute(delay=1.5)
        return random.choice(("Thanks!", "At last!", "How nice!", "Oh, you!"))

    def light(self, is_on: bool) -> None:
        for pane in self.panes:
            pane.color = "#ffe9a8" if is_on else "#33505f"

    def news(self, text: str) -> None:
        name = self.instance_name
        self.alert(text, level="v", callback=lambda said: machine["Ticker"].show(f"{name} {said}"))


class Office(Process):
    """Collects letters in a mailbox that is soon full, and sends postmen out with them."""

    memory_size = 160
    transform: Transform = Transform(x=320, y=COUNTER + 22)
    label: Label = Label(text="POST", size=24, color="#3b2a00", align="center", layer=3)
    delivered: int = 0
    returned: int = 0
    refused: int = 0

    def start(self) -> None:
        self.create(Part, 320, COUNTER + 28, Shape.rectangle(150, 62, color="#f4c542"))
        roof = [(-88, 0), (88, 0), (66, -22), (-66, -22)]
        self.create(Part, 320, COUNTER - 3, Shape.polygon(roof, color="#b5542f", layer=1))
        self.create(Part, 320, COUNTER + 48, Shape.rectangle(84, 8, color="#5b3a29", layer=1))

    async def run(self) -> None:
        while True:
            await sleep(2.0)
            letters = self.read_messages()
            if not letters:
                continue
            # Two postmen share the village; the next round begins when both are back.
            west = [it for it in letters if opened(it)[0] < "Cleo"]
            east = [it for it in letters if it not in west]
            postmen = [self.create(Postman, bag) for bag in (west, east) if bag]
            for postman in postmen:
                self.delivered += await postman


class Postman(Traveller):
    """Lives for one round: from door to door, and home again."""

    shape: Shape = Shape.circle(10, color="#2d6cdf", layer=5)

    def __init__(self, bag: list[bytes]) -> None:
        self.bag = bag
        self.transform.x, self.transform.y = 320, COUNTER - 16
        brim = [(-8, -6), (8, -6), (5, -14), (-5, -14)]
        cap = self.create(Part, 320, COUNTER - 16, Shape.polygon(brim, color="#f4c542", layer=6))
        self.create(Follower, self, cap)

    async def run(self) -> int:
        """How many letters were delivered."""
        delivered = 0
        await self.go(320, STREET)
        for message in sorted(self.bag, key=opened):
            to, sender, _ = opened(message)
            try:
                self.send_to(to, message)
            except LookupError as error:
                self.alert("{}", error, level="v", callback=machine["Ticker"].show)
                machine["Office"].returned += 1
                self.send_to(sender, letter(sender, "the post", f"{to} is unknown"))
                to = sender
            await self.go(machine[to].x, STREET)
            await self.go(machine[to].x, DOORS + 8)
            self.create(Bubble, machine[to].x, await Instruction(to, "ring"))
            delivered += 1
            await sleep(0.8)
            await self.go(machine[to].x, STREET)
        await self.go(320, STREET)
        await self.go(320, COUNTER - 16)
        return delivered


class Bubble(Process):
    """What somebody says at the door, for a moment."""

    transform: Transform
    label: Label = Label(size=15, color="#22313a", align="center", layer=9)

    def __init__(self, x: float, text: str) -> None:
        self.transform.x, self.transform.y = x, 30
        self.label.text = text
        self.create(Part, x, 30, Shape.rectangle(96, 24, color="#fdf6e3", layer=8))
        self.create(Part, x, 42, Shape.polygon([(-6, 0), (6, 0), (0, 8)], color="#fdf6e3", layer=8))

    async def run(self) -> None:
        await sleep(1.5)


class Ticker(Process):
    """The last piece of news, and the numbers of the day."""

    interval = 0.25
    priority = -5
    transform: Transform = Transform(x=320, y=440)
    label: Label = Label(text="Good morning!", size=17, color="#ffe9a8", align="center", layer=9)

    def start(self) -> None:
        self.numbers = self.create(Numbers)

    def show(self, text: str) -> None:
        self.label.text = text


class Numbers(Process):
    """How the post does."""

    interval = 0.25
    transform: Transform = Transform(x=320, y=464)
    label: Label = Label(size=14, color="#9fb8a8", align="center", layer=9)

    def run(self, dt: float) -> None:
        office = machine["Office"]
        self.label.text = f"delivered {office.delivered}    unknown {office.returned}    refused {office.refused}"
