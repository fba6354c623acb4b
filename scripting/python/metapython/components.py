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
from metapython._native import absolute_transform, native_component

Color: TypeAlias = "str | tuple[int, int, int] | tuple[int, int, int, int]"
"""A CSS color ("orange", "#ffa500", "hsl(39 100% 50%)"), or channels of 0 to 255."""

Blend: TypeAlias = Literal["alpha", "add", "multiply"]
"""How the colors of a thing are mixed with what lies below it."""


@native_component
class Transform(Component):
    """Where a process is: its centre, in the scene's pixels.

    One that is `relative` is measured from the Transform of the nearest process above that has one.
    """

    __slots__ = ()

    x: float
    y: float
    rotation: float
    scale: float
    relative: bool

    def absolute(self) -> Transform:
        """Return where this is in the scene, measured from nothing else."""
        place = absolute_transform(self)
        if place is None:
            place = (self.x, self.y, self.rotation, self.scale)
        return Transform(*place)


@native_component
class Velocity(Component):
    """How fast a process moves; its Transform follows at the end of each tick's steps."""

    __slots__ = ()

    x: float
    y: float
    spin: float


@native_component
class Interpolation(Component):
    """Shows the process on its way between the last two places of its Transform, one step behind."""

    __slots__ = ()

    jump: float


@native_component
class Scope(Component):
    """A line that shows what is heard at the moment, as an oscilloscope does.

    It is `width` px long for `seconds` of sound, up to 0.05, and full scale reaches over `height` px.
    It is there to be seen: no process can read the samples. It is level where nothing plays.
    """

    __slots__ = ()

    width: float
    height: float
    seconds: float
    gain: float
    thickness: float
    color: Color
    blend: Blend
    layer: int
    visible: bool


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
    blend: Blend
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
    """An image, or a cell of one, that is drawn at the process's Transform."""

    __slots__ = ()

    image: str
    width: float
    height: float
    columns: int
    rows: int
    cell: int
    anchor_x: float
    anchor_y: float
    tint: Color
    flip_x: bool
    flip_y: bool
    smooth: bool
    blend: Blend
    layer: int
    visible: bool


@native_component
class Animation(Component):
    """Shows the cells of a row of the process's Sprite one after the other."""

    __slots__ = ()

    row: int
    frames: int
    fps: float
    looped: bool
    position: float


@native_component
class Label(Component):
    """Text that is drawn at the process's Transform."""

    __slots__ = ()

    text: str
    size: float
    color: Color
    align: Literal["left", "center", "right"]
    blend: Blend
    layer: int
    visible: bool


@native_component
class Camera(Component):
    """Looks at the scene: what is at the process's Transform is in the middle of the picture."""

    __slots__ = ()

    zoom: float
    shake: float
    shake_half_life: float
    left: float
    top: float
    width: float
    height: float
    first_layer: int
    last_layer: int
    order: int
    active: bool


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
