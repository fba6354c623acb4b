"""Twenty thousand birds that heed their neighbours, moved as columns of numbers."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from metapython import Label, Process, Shape, Sprite, Transform, Velocity, columns, input, machine, window

try:
    import numpy as np
except ImportError:
    raise ImportError("the demo boids needs NumPy: pip install numpy, where VIRTUAL_ENV leads") from None

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Vectors = tuple[Numbers, Numbers]
    """Something of all boids to the right, and downwards."""

HEADINGS = 64
"""How many directions there are in the picture of a boid, from the right on clockwise."""

CELL = 16
"""Side of a cell of the grid, px: boids heed who is in their cell and around it."""

NEAR = 9.0
"""Nobody likes to be nearer to another than this, px."""


class Boid(Process):
    """One of the flock. It takes no steps of its own: the flock moves the columns of all."""

    interval = 3600.0
    transform: Transform
    velocity: Velocity
    sprite: Sprite = Sprite(image="images/boid.png", columns=HEADINGS)


class Flock(Process):
    """Steers all boids: together, the same way, not too close; away from the falcon, and as the mouse has it."""

    priority = 10
    wanted: int = 20_000
    hatching: int = 250
    """How many hatch, or leave, in a tick."""
    cohesion: float = 1.0
    alignment: float = 1.0
    separation: float = 1.0
    speed: float = 130.0
    """How fast they like to be, px/s."""
    boids: list[Boid] = []

    def run(self, dt: float) -> None:
        self.hatch()
        with columns(Transform, Velocity, Sprite) as (place, velocity, sprite):
            # Whoever leaves comes in on the other side.
            place.x -= np.floor(place.x / window.width) * window.width
            place.y -= np.floor(place.y / window.height) * window.height
            at, way = (place.x, place.y), (velocity.x, velocity.y)
            for along, force in zip(way, self.forces(at, way)):
                along += force * dt
            speed = length(*way)
            factor = speed.clip(0.6 * self.speed, 1.7 * self.speed) / speed
            for along in way:
                along *= factor
            turn = np.arctan2(velocity.y, velocity.x) * (HEADINGS / math.tau)
            sprite.cell[:] = np.rint(turn).astype(np.int32) & HEADINGS - 1

    def hatch(self) -> None:
        """Become as many as are wanted, bit by bit, around the middle."""
        missing = self.wanted - len(self.boids)
        for _ in range(min(missing, self.hatching)):
            angle, distance = random.uniform(0, math.tau), random.uniform(20, 220)
            x, y = math.cos(angle), math.sin(angle)
            place = Transform(x=window.width / 2 + x * distance, y=window.height / 2 + y * distance)
            velocity = Velocity(x=-y * self.speed, y=x * self.speed)
            self.boids.append(self.create(Boid, transform=place, velocity=velocity))
        for _ in range(min(-missing, self.hatching)):
            self.boids.pop().delete()

    def forces(self, at: Vectors, way: Vectors) -> Iterator[Numbers]:
        """What changes the velocities of all, px/s²: first to the right, then downwards."""
        grid = Grid(at)
        crowd = grid.sums()
        # As strong in a small flock as in a large one.
        share = 20_000 / max(len(self.boids), 1)
        densest = slopes(blurred(blurred(crowd)) * (18 * self.cohesion * share))
        thickest = slopes(crowd * (16 * self.separation * share))
        others = [self.drive_off(at), *self.shove(at)]
        for axis in (0, 1):
            usual = grid.sums(way[axis]) / np.maximum(crowd, 1e-9)
            field = densest[axis] - thickest[axis] + 3.0 * self.alignment * usual
            force = grid.at(field) - 3.0 * self.alignment * way[axis]
            for other in others:
                force += other[axis]
            yield force

    def drive_off(self, at: Vectors) -> Vectors:
        """Keeps those apart that are nearest: each from a few that come after it in the order of cells."""
        cell = (at[1] / NEAR).astype(np.int32) * math.ceil(window.width / NEAR) + (at[0] / NEAR).astype(np.int32)
        # Numbers of 16 bits are sorted in a fifth of the time; two cells of one number are far apart.
        order = np.argsort(cell.astype(np.uint16), kind="stable")
        x, y = at[0][order], at[1][order]
        push_x, push_y = np.zeros_like(x), np.zeros_like(y)
        for step in (1, 2, 3):
            dx, dy = x[step:] - x[:-step], y[step:] - y[:-step]
            distance = length(dx, dy)
            strength = (NEAR / distance - 1).clip(0, 3) * (90 * self.separation)
            for push, way in (push_x, dx * strength), (push_y, dy * strength):
                push[step:] += way
                push[:-step] -= way
        force_x, force_y = np.empty_like(x), np.empty_like(y)
        force_x[order], force_y[order] = push_x, push_y
        return force_x, force_y

    def shove(self, at: Vectors) -> Iterator[Vectors]:
        """Drives all from the falcon; to the mouse, or from it, while a button is down."""
        falcon = machine["Falcon"]
        if falcon.shape.visible:
            yield away(at, (falcon.transform.x, falcon.transform.y), reach=110, strength=2600)
        call = input.button_is_down("left") - input.button_is_down("right")
        if call:
            yield away(at, (input.mouse_x, input.mouse_y), reach=280, strength=-1600 * call)


def length(x: Numbers, y: Numbers) -> Numbers:
    """How long vectors are; never 0, to divide by it."""
    return np.sqrt(x * x + y * y + 1e-6)


def away(at: Vectors, place: tuple[float, float], reach: float, strength: float) -> Vectors:
    """What drives from a place, the more the nearer to it."""
    dx, dy = at[0] - place[0], at[1] - place[1]
    distance = length(dx, dy)
    force = np.maximum(1 - distance / reach, 0) * (strength / distance)
    return dx * force, dy * force


class Grid:
    """Cells that cover the window, and where points lie in them. The edges of the window meet."""

    def __init__(self, at: Vectors) -> None:
        self.shape = rows, columns = math.ceil(window.height / CELL), math.ceil(window.width / CELL)
        x, y = at[0] / CELL, at[1] / CELL
        # Rounding may put a point on the very edge, which is no cell any more.
        column, row = (along.astype(np.intp).clip(max=most - 1) for along, most in ((x, columns), (y, rows)))
        self.cell = row * columns + column
        # Between the middles of which four cells a point lies, and where.
        left, top = np.floor(x - 0.5), np.floor(y - 0.5)
        self.right, self.down = x - 0.5 - left, y - 0.5 - top
        self.corner = (top.astype(np.intp) + 1) * (columns + 2) + left.astype(np.intp) + 1

    def sums(self, of: Numbers | None = None) -> Numbers:
        """The sum of something, or the number of points, in and around each cell."""
        sums = np.bincount(self.cell, of, minlength=self.shape[0] * self.shape[1])
        return blurred(sums.reshape(self.shape).astype(float))

    def at(self, field: Numbers) -> Numbers:
        """What a field has where the points are."""
        cells, row = np.pad(field, 1, mode="wrap").ravel(), self.shape[1] + 2
        a, b, c, d = (cells[offset:].take(self.corner) for offset in (0, 1, row, row + 1))
        top, bottom = a + (b - a) * self.right, c + (d - c) * self.right
        return top + (bottom - top) * self.down


def blurred(field: Numbers) -> Numbers:
    """Each cell mixed with those around it."""
    for axis in (0, 1):
        field = (np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4
    return field


def slopes(field: Numbers) -> Vectors:
    """How a field grows to the right, and downwards."""
    to_right, downwards = ((np.roll(field, -1, axis) - np.roll(field, 1, axis)) / 2 for axis in (1, 0))
    return to_right, downwards


class Falcon(Process):
    """Flies its rounds through the flock."""

    transform: Transform = Transform(x=640, y=-40)
    shape: Shape = Shape.polygon([(18, 0), (-10, -11), (-4, 0), (-10, 11)], color="#fff4dc", layer=5)

    def run(self, dt: float) -> None:
        time = machine.time * 0.3
        x = window.width * (0.5 + 0.44 * math.sin(2 * time + 0.4))
        y = window.height * (0.5 + 0.42 * math.sin(3 * time - 1.2))
        self.transform.rotation = math.atan2(y - self.transform.y, x - self.transform.x)
        self.transform.x, self.transform.y = x, y


WEIGHTS = {"cohesion": ("Q", "A"), "alignment": ("W", "S"), "separation": ("E", "D")}
"""What can be made stronger and weaker, and by which keys."""


class Panel(Process):
    """Says how many there are, and how long a frame takes; takes the keys."""

    transform: Transform = Transform(x=26, y=88)
    label: Label = Label("", size=13, color="#b9c6de", align="left", layer=20)
    frame_secs: float = 1 / 60
    seen_at: float | None = None

    def start(self) -> None:
        self.board = self.create(Board)

    def run(self, dt: float) -> None:
        flock = machine["Flock"]
        flock.wanted += 1000 * (input.was_pressed("Up") - input.was_pressed("Down"))
        flock.wanted = min(max(flock.wanted, 1000), 60_000)
        for weight, (more, less) in WEIGHTS.items():
            change = dt * (input.is_down(more) - input.is_down(less))
            if change:
                setattr(flock, weight, min(max(getattr(flock, weight) + change, 0.0), 3.0))
        for key, looks in ("F", machine["Falcon"].shape), ("H", self.label):
            if input.was_pressed(key):
                looks.visible = not looks.visible
        self.board.shape.visible = self.label.visible
        if input.was_pressed("Escape"):
            machine.stop()
        # How long it takes differs from run to run: it is for somebody who looks.
        if input.is_focused:
            now = perf_counter()
            self.frame_secs += 0.05 * (now - (self.seen_at or now) - self.frame_secs)
            self.seen_at = now
        if machine.tick % 15 == 1:
            self.label.text = "\n".join(self.lines(flock))

    def lines(self, flock: Flock) -> Iterator[str]:
        yield f"{len(flock.boids):>6,} boids         Up Down"
        for weight, keys in WEIGHTS.items():
            yield f"{getattr(flock, weight):6.1f} {weight:<14}{' '.join(keys)}"
        yield "       falcon        F"
        yield "       this panel    H"
        yield "mouse: left calls, right scares"
        if self.seen_at is not None:
            yield f"{1000 * self.frame_secs:6.1f} ms a frame, {1000 * flock.accounting.mean:.1f} to steer"


class Board(Process):
    """What the panel stands on."""

    interval = 3600.0
    transform: Transform = Transform(x=144, y=88)
    shape: Shape = Shape.rectangle(264, 150, color="#0b1020d8", layer=19)
