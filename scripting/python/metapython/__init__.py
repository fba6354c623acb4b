"""Author processes for the Metapython engine.

A process is a class with a method `run(dt)`; creating one starts it::

    from metapython import Process, Shape, Transform, Velocity, window

    class Ball(Process):
        transform: Transform = Transform(x=320, y=240)
        velocity: Velocity = Velocity(x=180, y=140)
        shape: Shape = Shape.circle(radius=12, color="orange")

        def run(self, dt):
            if not 0 < self.transform.x < window.width:
                self.velocity.x *= -1

Positions are in the scene's pixels, x to the right and y downwards from the top left corner; times
are in seconds of simulation time.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from metapython._native import (
    Accounting,
    Action,
    Bus,
    Capture,
    Execution,
    Gamepad,
    Instruction,
    MailboxFull,
    ProcessDeleted,
    Restart,
    Stream,
    Voice,
    input,
    machine,
    sound,
    window,
)
from metapython import ui
from metapython._coroutine import next_tick, sleep
from metapython.base import Base
from metapython.components import (
    Animation,
    Camera,
    Canvas,
    Component,
    Interpolation,
    Label,
    Scope,
    Shape,
    Sound,
    Sprite,
    Target,
    Transform,
    Vector2,
    Vector3,
    Vector4,
    Velocity,
    component,
)
from metapython.process import Process

if TYPE_CHECKING:
    from metapython._columns import columns

__all__ = [
    "Accounting",
    "Action",
    "Animation",
    "Base",
    "Bus",
    "Camera",
    "Canvas",
    "Capture",
    "Component",
    "Execution",
    "Gamepad",
    "Instruction",
    "Interpolation",
    "Label",
    "MailboxFull",
    "Process",
    "ProcessDeleted",
    "Restart",
    "Scope",
    "Shape",
    "Sound",
    "Sprite",
    "Stream",
    "Target",
    "Transform",
    "Vector2",
    "Vector3",
    "Vector4",
    "Velocity",
    "Voice",
    "columns",
    "component",
    "input",
    "machine",
    "next_tick",
    "sleep",
    "sound",
    "ui",
    "window",
]


def __getattr__(name: str) -> object:
    """Import `columns`, and NumPy with it, when a script names it: in a step there is no time for that."""
    if name != "columns":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with suppress(ImportError):  # What `columns` says when it is called.
        import numpy  # noqa: F401
    from metapython._columns import columns

    globals()[name] = columns
    return columns
