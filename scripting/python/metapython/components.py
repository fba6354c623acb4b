"""The components that the engine knows natively, and the decorator that declares others.

A component is a value of its own until a process has it; then its attributes are fields in the
engine's world, and reading or writing one reads or writes the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from metapython._component import Vector2 as Vector2
from metapython._component import Vector3 as Vector3
from metapython._component import Vector4 as Vector4
from metapython._component import component as component
from metapython._native import Component as Component
from metapython._native import native_component

Color: TypeAlias = "str | tuple[int, int, int] | tuple[int, int, int, int]"
"""A CSS color ("orange", "#ffa500", "hsl(39 100% 50%)"), or channels of 0 to 255."""


@native_component
class Transform(Component):
    """Where a process is: its centre, in the scene's pixels."""

    __slots__ = ()

    x: float
    y: float
    rotation: float
    scale: float


@native_component
class Velocity(Component):
    """How fast a process moves; its Transform follows at the end of each tick's steps."""

    __slots__ = ()

    x: float
    y: float
    spin: float


@native_component
class Shape(Component):
    """A shape that is drawn at the process's Transform."""

    __slots__ = ()

    kind: Literal["rectangle", "circle", "line", "polygon"]
    width: float
    height: float
    radius: float
    points: Sequence[tuple[float, float]]
    color: Color
    outline: float
    layer: int
    visible: bool

    @classmethod
    def circle(
        cls, radius: float, *, color: Color = "white", outline: float = 0.0, layer: int = 0
    ) -> Shape:
        """A circle of `radius` px; filled, or a line of `outline` px along its edge."""
        return cls(kind="circle", radius=radius, color=color, outline=outline, layer=layer)

    @classmethod
    def rectangle(
        cls,
        width: float,
        height: float,
        *,
        color: Color = "white",
        outline: float = 0.0,
        layer: int = 0,
    ) -> Shape:
        """A rectangle of `width` by `height` px; filled, or a line of `outline` px along its edge."""
        return cls(
            kind="rectangle", width=width, height=height, color=color, outline=outline, layer=layer
        )

    @classmethod
    def line(
        cls,
        points: Sequence[tuple[float, float]],
        *,
        color: Color = "white",
        thickness: float = 1.0,
        layer: int = 0,
    ) -> Shape:
        """A line of `thickness` px through `points`, px from the Transform."""
        return cls(kind="line", points=points, color=color, outline=thickness, layer=layer)

    @classmethod
    def polygon(
        cls,
        points: Sequence[tuple[float, float]],
        *,
        color: Color = "white",
        outline: float = 0.0,
        layer: int = 0,
    ) -> Shape:
        """A polygon with corners at `points`, px from the Transform."""
        return cls(kind="polygon", points=points, color=color, outline=outline, layer=layer)


@native_component
class Sprite(Component):
    """An image that is drawn at the process's Transform."""

    __slots__ = ()

    image: str
    width: float
    height: float
    tint: Color
    flip_x: bool
    flip_y: bool
    layer: int
    visible: bool


@native_component
class Label(Component):
    """Text that is drawn at the process's Transform."""

    __slots__ = ()

    text: str
    size: float
    color: Color
    align: Literal["left", "center", "right"]
    layer: int
    visible: bool


@native_component
class Sound(Component):
    """A sound file that is heard for as long as its process has this."""

    __slots__ = ()

    clip: str
    volume: float
    pan: float
    pitch: float
    looped: bool
    bus: str
    fade_in: float
    fade_out: float
    playing: bool
    finished: bool
