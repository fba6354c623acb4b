from typing import Any

from metapython import Process, Vector2, component


@component
class Health:
    """How much it can take."""

    points: int = 100
    poisoned: bool = False
    wind: Vector2 = (0.0, 0.0)
    title: str = "knight"
    owner: Any = None


@component
class Enemy:
    """One of the others."""


class Squire(Process):
    def __init__(self) -> None:
        self.alert("begins with {}", self[Health])

    def run(self, dt: float) -> None:
        health = self[Health]
        health.points -= 1
        if isinstance(health.owner, list):
            health.owner.append(health.points)
        self.alert("{} {}", health, "is an enemy" if Enemy in self else "is no enemy")


class Knight(Squire):
    health: Health = Health(points=50)
