"""The components that the engine knows natively, and the decorator that declares others.

A component is a value of its own until a process has it; then its attributes are fields in the
engine's world, and reading or writing one reads or writes the world.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Literal, TypeAlias

from metapython._component import Vector2 as Vector2
from metapython._component import Vector3 as Vector3
from metapython._component import Vector4 as Vector4
from metapython._component import component as component
from metapython._native import Component as Component
from metapython._native import (
    absolute_transform,
    canvas_circle,
    canvas_clear,
    canvas_copy,
    canvas_fill,
    canvas_image,
    canvas_line,
    canvas_load,
    canvas_pixels,
    canvas_polygon,
    canvas_rectangle,
    canvas_restore,
    canvas_save,
    canvas_text,
    native_component,
    set_canvas_pixels,
)

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray
    from typing_extensions import Buffer

Color: TypeAlias = "str | tuple[int, int, int] | tuple[int, int, int, int]"
"""A CSS color ("orange", "#ffa500", "hsl(39 100% 50%)"), or channels of 0 to 255."""

Blend: TypeAlias = Literal["alpha", "add", "multiply"]
"""How the colors of a thing are mixed with what lies below it."""

Mix: TypeAlias = Literal["alpha", "add", "multiply", "erase"]
"""How what is drawn on a Canvas is mixed with what was there."""

Align: TypeAlias = Literal["left", "center", "right"]
"""On which side of its place a text stands: it begins there, has its middle there, or ends there."""


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
    font: str
    size: float
    bold: bool
    italic: bool
    color: Color
    align: Align
    wrap: float
    line_spacing: float
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
    target: str
    active: bool


@native_component
class Target(Component):
    """A picture beside the window: cameras show the scene in it, and a Sprite shows it as "target:NAME"."""

    __slots__ = ()

    width: int
    height: int
    background: Color
    smooth: bool


@native_component
class Canvas(Component):
    """A picture that the process draws on, and that stays; a Sprite shows it as "canvas:NAME".

    (0, 0) is its top left corner. `blend` is "alpha", "add", "multiply", or "erase", which leaves
    transparency. Numbers that are not finite raise ValueError.
    """

    __slots__ = ()

    width: int
    height: int
    color: Color

    def line(
        self,
        points: Iterable[Iterable[float]],
        *,
        color: Color = "black",
        thickness: float = 1.0,
        blend: Mix = "alpha",
    ) -> None:
        """Draw a line of `thickness` px with round ends through `points`; through one, a dot."""
        canvas_line(self, points, color, thickness, blend)

    def polygon(
        self,
        points: Iterable[Iterable[float]],
        *,
        color: Color = "black",
        outline: float = 0.0,
        blend: Mix = "alpha",
    ) -> None:
        """Draw a polygon with corners at `points`; filled, or a line of `outline` px along its edge."""
        canvas_polygon(self, points, color, outline, blend)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        color: Color = "black",
        outline: float = 0.0,
        blend: Mix = "alpha",
    ) -> None:
        """Draw a circle about (x, y); filled, or a line of `outline` px along its edge."""
        canvas_circle(self, (x, y), radius, color, outline, blend)

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        color: Color = "black",
        outline: float = 0.0,
        blend: Mix = "alpha",
    ) -> None:
        """Draw a rectangle from (x, y) to the right and down; filled, or a line along its edge."""
        canvas_rectangle(self, (x, y), (width, height), color, outline, blend)

    def fill(self, x: float, y: float, *, color: Color = "black", tolerance: int = 0) -> None:
        """Give `color` to the pixel at (x, y) and all that are connected with it and look like it.

        Each of their channels differs by `tolerance` at most: 0 to 255.
        """
        canvas_fill(self, (x, y), color, tolerance)

    def image(
        self,
        path: str | PathLike[str],
        x: float,
        y: float,
        *,
        width: float = 0.0,
        height: float = 0.0,
        blend: Mix = "alpha",
    ) -> None:
        """Draw the image of a file from (x, y) to the right and down, in its own size if none is given.

        The path is relative to the scene. Raises OSError for a file that is no image.
        """
        canvas_image(self, path, (x, y), (width, height), blend)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        color: Color = "black",
        size: float = 16.0,
        font: str = "",
        bold: bool = False,
        italic: bool = False,
        align: Align = "left",
        wrap: float = 0.0,
        line_spacing: float = 1.0,
        blend: Mix = "alpha",
    ) -> tuple[float, float]:
        """Write `text`, the top of its first line at y, and return how wide and high it is, px.

        Each line begins, has its middle or ends at x, as `align` says: "left", "center" or "right".
        size: that of the letters as printers measure it, px: up to 4096. font: "Hack", "DejaVu Sans", or a
        TrueType or OpenType file, relative to the scene; no installed one, as a canvas is the same on every
        machine. wrap: the greatest width of a line, px; 0 for no end. line_spacing: 2 is twice as far as the
        font has it.

        Raises ValueError for a font that there is not, and for more than 65,536 bytes of text.
        """
        return canvas_text(self, (x, y), text, (font, size, bold, italic), (align, wrap, line_spacing), color, blend)

    def clear(self, color: Color | None = None) -> None:
        """Make all of it one color: its own if none is given."""
        canvas_clear(self, color)

    def load(self, path: str | PathLike[str]) -> None:
        """Make it the image of a file, relative to the scene, as far as that has room.

        Raises OSError for a file that is no image.
        """
        canvas_load(self, path)

    def save(self, path: str | PathLike[str]) -> None:
        """Save it as PNG; a crash at any instant leaves the old file or the new one.

        The path is relative to where the program was started. Raises OSError if it cannot be written.
        """
        canvas_save(self, path)

    def copy(self) -> bytes:
        """Return all of it, for `restore`."""
        return canvas_copy(self)

    def restore(self, copy: Buffer) -> None:
        """Make it what it was when `copy()` returned this.

        Raises ValueError if it had another size then.
        """
        canvas_restore(self, copy)

    @property
    def pixels(self) -> NDArray[uint8]:
        """A copy of its pixels: uint8 of shape (height, width, 4), red, green, blue, opacity.

        A script that uses it imports NumPy at its top: a step has no time for that.
        Set it to an array of that shape to change them. ValueError if it has another, TypeError if it is no
        array of uint8.
        """
        import numpy  # Nobody else needs it.

        height, width, rgba = canvas_pixels(self)
        return numpy.frombuffer(bytearray(rgba), numpy.uint8).reshape(height, width, 4)

    @pixels.setter
    def pixels(self, pixels: NDArray[uint8]) -> None:
        set_canvas_pixels(self, pixels)


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
