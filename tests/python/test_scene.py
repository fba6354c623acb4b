"""Scenes at the console: saving the living world, and loading another in its place."""

import os
from pathlib import Path

import pytest
from program import ROOT, metapython

SCRIPT = '''"""All kinds of things that processes hold."""
from __future__ import annotations

import math
from typing import Any

from metapython import Process, Restart, Shape, Transform, Velocity, Vector2, component, window


@component
class Health:
    points: int = 100
    shelter: Vector2 = (0.0, 0.0)
    name: str = ""
    memory: object = None


class Ship(Process):
    """Holds all that a scene can say."""

    priority = 5
    restart = Restart(limit=2, within=4.0)
    transform: Transform = Transform(x=1)
    velocity: Velocity = Velocity(x=0.1, y=1e-300)
    shape: Shape = Shape.polygon([(0, 0), (1, 0.1), (1 / 3, 1)])
    health: Health = Health(memory=["deep", 1.5])
    cargo: tuple[str, ...] = ("tea",)
    trail: list[tuple[float, float]] = []
    seen: set[str] = set()
    sums: dict[str, float] = {}
    other: Process | None = None
    far: float = math.inf

    def __init__(self, name: str) -> None:
        self.title = name
        self.steps = 0

    def start(self) -> None:
        self.transform.x = 0.0
        self.create(Buoy)
        self.raw = b"\\x00\\xff\\""
        self.big = {(1, 2): 2**70, None: [(-0.0, "\\u00e9\\"\\n\\\\")], "tuple": frozenset([(1,), (2,)])}
        self.word = {"tuple": [1]}
        if self.title == "second":
            from metapython import machine
            self.other = machine["First"]
            self.fleet = [self, (machine["First"], 3)]

    def run(self, dt: float) -> None:
        self.steps += 1
        self.trail.append((self.transform.x, dt))
        self.seen.add(f"{self.steps % 7}")
        self.sums["x"] = self.sums.get("x", 0.0) + math.sin(self.transform.x + self.steps)
        self.health.points -= 1
        if self.steps == 3:
            del self[Shape]
            self.add(Buoy(instance_name=f"{self.title}Late"))
        if self.other is not None:
            self.health.shelter = (self.other.transform.x, 2.0)


class Buoy(Process):
    transform: Transform

    def run(self, dt: float) -> None:
        self.transform.y += self.parent.sums["x"] * dt


class Radio(Process):
    """Holds something that no scene can say, and is made anew."""

    volume: float = 1.0
    stations: tuple[str, ...] = ("one",)

    def start(self) -> None:
        self.handle = object()


class Log(Process):
    """Cannot be made anew."""

    def __init__(self, file: Any) -> None:
        self.file = iter(file)


class Clock(Process):
    hours: int = 0

    async def run(self) -> None:
        from metapython import sleep
        while True:
            await sleep(3600)


class Boat(Process):
    speed: float = 0.0
'''

SCENE = '''(
    version: 1,
    title: "Harbour",
    scripts: ["ships.py"],
    processes: [
        (class: "ships.Ship", name: "First", attributes: {"name": "first"}),
        (class: "ships.Ship", name: "Second", missed: "burst", attributes: {"name": "second"}),
    ],
)
'''

STATE = """[(it.instance_name, type(it).__qualname__, it.priority, it.interval, it.missed, str(it.restart), it.memory_size,
it.is_paused, it.parent and it.parent.instance_name, sorted((k, repr(v)) for k, v in vars(it).items()),
[repr(it[kind]) for kind in (Transform, Velocity, Shape, __import__("ships").Health) if kind in it]) for it in machine.processes]"""
"""All that a scene holds of a world, as a console line."""

STATE = " ".join(STATE.splitlines())


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A scene with its script."""
    (tmp_path / "ships.py").write_text(SCRIPT)
    scene = tmp_path / "harbour.ron"
    scene.write_text(SCENE)
    return scene


def console(scene: str | Path, *lines: str, status: int = 0, **options: str) -> list[str]:
    """What lines come to, in the folder of the scene, line by line."""
    text = "".join(f"{line}\n" for line in lines)
    folder = Path(scene).parent if Path(scene).is_absolute() else ROOT
    run = metapython("run", scene, "--headless", "--console", stdin=text, PWD=str(folder), **options)
    assert (run.stderr, run.returncode) == ("", status), run.stdout
    return run.stdout.splitlines()


def digest_after(*lines: str) -> list[str]:
    """Lines with the digest of the world before and after them."""
    return ["import metapython._native as n", "ps", *lines]


def test_a_saved_scene_goes_on(harbour: Path) -> None:
    """What was changed, saved and run again is at a later tick what the first run has come to."""
    saved = harbour.with_name("saved.ron")
    first = console(
        harbour,
        "await sleep(0.1)",
        "set First.velocity.y 0.7",
        "Second.cargo += ('salt',)",
        "interval Second 0.05",
        "priority First -3",
        f"save {saved}",
        STATE,
        "await sleep(0.5)",
        STATE,
    )
    assert first[1] == f"saved 6 processes in {saved}"
    assert "Late" in first[-2] and "salt" in first[-2]
    second = console(saved, STATE, "await sleep(0.5)", STATE)
    # The first line of the second run comes a tick later than the scene was saved.
    assert second[-1].count("Late") == first[-1].count("Late")
    steps = [line.partition("'steps', '")[2].partition("'")[0] for line in (first[-2], first[-1], second[0], second[-1])]
    assert int(steps[1]) - int(steps[0]) == int(steps[3]) - int(steps[2]) == 30


def test_loading_a_saved_scene_changes_nothing(harbour: Path) -> None:
    """Saved and loaded within one tick, the world is the same, and so is what comes of it."""
    saved = harbour.with_name("saved.ron")
    lines = ["await sleep(0.1)", STATE]
    plain = console(harbour, *lines, "await sleep(0.5)", STATE)
    through = console(harbour, *lines, f"save {saved}", f"load {saved}", STATE, "await sleep(0.5)", STATE)
    assert through[2:4] == [f"saved 6 processes in {saved}", f"loaded 6 processes from {saved}"]
    assert through[1] == through[4] == plain[1]
    assert through[6] == plain[3]
