"""Twenty thousand birds that heed their neighbours, moved as columns of numbers."""

import math
import random
from time import perf_counter

import numpy as np
from metapython import Label, Process, Shape, Sprite, Transform, Velocity, columns, input, machine, window

HEADINGS = 64
"""How many directions there are in the picture of a boid, from the right on clockwise."""

CELL = 16
"""Side of a cell of the grid, px: boids heed who is in their cell and those around it."""


class Boid(Process):
    """One of the flock. It has no step of its own: the flock moves the columns of all."""

    interval = 3600.0
    transform: Transform
    velocity: Velocity
    sprite: Sprite = Sprite(image="images/boid.png", columns=HEADINGS)


class Flock(Process):
    """Steers all boids: together, the same way, and not too close; away from the falcon and after the mouse."""

    priority = 10
    wanted: int = 20_000
    hatching: int = 250
    """How many are hatched, or leave, in a tick."""
    cohesion: float = 1.0
    alignment: float = 1.0
    separation: float = 1.0
    speed: float = 130.0
    boids: list[Boid] = []

    def run(self, dt: float) -> None:
        self.hatch()
        with columns(Transform, Velocity, Sprite) as (place, velocity, sprite):
            x, y = place.x, place.y
            x %= window.width
            y %= window.height
            self.steer(x, y, velocity.x, velocity.y, dt)
            turns = np.arctan2(velocity.y, velocity.x) / math.tau
            sprite.cell[:] = (turns * HEADINGS + 0.5).astype(np.int32) % HEADINGS

    def hatch(self) -> None:
        """Become as many as are wanted, bit by bit."""
        missing = self.wanted - len(self.boids)
        for _ in range(min(missing, self.hatching)):
            angle, distance = random.uniform(0, math.tau), random.uniform(20, 200)
            dx, dy = math.cos(angle), math.sin(angle)
            place = Transform(x=window.width / 2 + dx * distance, y=window.height / 2 + dy * distance)
            self.boids.append(
                self.create(Boid, transform=place, velocity=Velocity(x=-dy * self.speed, y=dx * self.speed))
            )
        for _ in range(min(-missing, self.hatching)):
            self.boids.pop().delete()

    def steer(self, x, y, vx, vy, dt: float) -> None:
        """Change the velocities, within their limits."""
        grid = Grid(x, y)
        count = grid.sums()
        crowd = np.maximum(count, 1e-9)
        mean_x, mean_y = grid.sums(vx) / crowd, grid.sums(vy) / crowd
        wide = blurred(blurred(count))
        slope_y, slope_x = slopes(wide)
        push_y, push_x = slopes(count)
        level = 20_000 / max(len(x), 1)
        pull = 14 * self.cohesion * level
        push = 22 * self.separation * level
        follow = 2.4 * self.alignment
        ax = follow * (grid.at(mean_x) - vx) + grid.at(pull * slope_x - push * push_x)
        ay = follow * (grid.at(mean_y) - vy) + grid.at(pull * slope_y - push * push_y)
        for fx, fy in self.flights(x, y):
            ax += fx
            ay += fy
        vx += ax * dt
        vy += ay * dt
        speed = np.hypot(vx, vy) + 1e-9
        factor = np.clip(speed, 0.6 * self.speed, 1.7 * self.speed) / speed
        vx *= factor
        vy *= factor

    def flights(self, x, y):
        """How the falcon and the mouse change the velocities, px/s²."""
        falcon = machine["Falcon"].transform
        yield drive(x, y, falcon.x, falcon.y, 110, 2600)
        pull = input.button_is_down("left") - input.button_is_down("right")
        if pull:
            yield drive(x, y, input.mouse_x, input.mouse_y, 260, -1500 * pull)


class Grid:
    """The cells in which points lie."""

    def __init__(self, x, y) -> None:
        self.columns, self.rows = math.ceil(window.width / CELL), math.ceil(window.height / CELL)
        self.x, self.y = x / CELL, y / CELL
        column, row = self.x.astype(np.intp), self.y.astype(np.intp)
        self.key = row * self.columns + column
        # Between which centres of cells a point lies, and how far.
        left, top = np.floor(self.x - 0.5), np.floor(self.y - 0.5)
        self.right, self.down = self.x - 0.5 - left, self.y - 0.5 - top
        left, top = left.astype(np.intp) % self.columns, top.astype(np.intp) % self.rows
        right, below = (left + 1) % self.columns, (top + 1) % self.rows
        self.corners = top * self.columns + left, top * self.columns + right, below * self.columns + left, below * self.columns + right

    def sums(self, of=None):
        """The sum of something, or the number of points, around each cell."""
        sums = np.bincount(self.key, of, minlength=self.columns * self.rows)
        return blurred(sums.reshape(self.rows, self.columns).astype(float))

    def at(self, field):
        """The values of a field where the points are, between the centres of cells."""
        flat = field.ravel()
        a, b, c, d = (flat.take(corner) for corner in self.corners)
        top = a + (b - a) * self.right
        return top + (c + (d - c) * self.right - top) * self.down


def blurred(field):
    """Each cell mixed with those around it; the edges of the window meet."""
    for axis in (0, 1):
        field = (np.roll(field, 1, axis) + 2 * field + np.roll(field, -1, axis)) / 4
    return field


def slopes(field):
    """How a field grows downwards and to the right."""
    return [(np.roll(field, -1, axis) - np.roll(field, 1, axis)) / 2 for axis in (0, 1)]


def drive(x, y, from_x, from_y, reach, strength):
    """What drives points away from a place, or to it, the more the nearer they are."""
    dx, dy = x - from_x, y - from_y
    distance = np.hypot(dx, dy) + 1.0
    force = strength * np.maximum(1 - distance / reach, 0) / distance
    return dx * force, dy * force


class Falcon(Process):
    """Flies its rounds through the flock."""

    transform: Transform = Transform(x=0, y=0)
    shape: Shape = Shape.polygon([(16, 0), (-9, -9), (-4, 0), (-9, 9)], color="#fff2d0", layer=5)

    def run(self, dt: float) -> None:
        time = machine.time * 0.35
        x = window.width * (0.5 + 0.42 * math.sin(2 * time + 0.4))
        y = window.height * (0.5 + 0.40 * math.sin(3 * time))
        dx, dy = x - self.transform.x, y - self.transform.y
        self.transform.rotation = math.atan2(dy, dx)
        self.transform.x, self.transform.y = x, y


class Panel(Process):
    """How many there are and how long a frame takes."""

    interval = 0.25
    transform: Transform = Transform(x=16, y=16)
    label: Label = Label("", size=15, color="#c8d4ea", align="left", layer=20)

    def start(self) -> None:
        self.last = perf_counter(), machine.tick

    def run(self, dt: float) -> None:
        flock = machine["Flock"]
        self.label.text = f"{len(flock.boids):,} boids"
