"""A painting program: brush, eraser, fill and shapes on a canvas that stays, with undo and PNG files."""

import math
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from metapython import Canvas, Label, Process, Shape, Sprite, Transform, input, machine

LEFT, TOP, WIDTH, HEIGHT = 124, 20, 816, 572
"""Where the sheet lies in the window, px."""
BAR = 104
"""Width of the tool bar, px."""
MEMORY = 40
"""How many strokes can be taken back."""

TOOLS = {"brush": "B", "eraser": "E", "fill": "F", "line": "L", "rectangle": "R", "circle": "C"}
SIZES = [2, 5, 10, 18, 30, 48]
COLORS = [
    "#1d1f27", "#ffffff", "#7d8597", "#8d5a3b", "#e5383b", "#ff8fa3",
    "#f77f00", "#ffd166", "#2a9d4a", "#a7d948", "#1d6fd8", "#6fd3ff",
    "#6a3fc0", "#d05ce3",
]  # fmt: skip
ACTIONS = ["undo", "redo", "clear", "save"]

PANEL, CELL, CHOSEN, INK = "#232732", "#2e3341", "#4c7dff", "#e8ebf2"

Point = tuple[float, float]


class Desk(Process):
    """What the sheet lies on: its shadow."""

    transform: Transform = Transform(x=LEFT + WIDTH / 2 + 4, y=TOP + HEIGHT / 2 + 5)
    shape: Shape = Shape.rectangle(WIDTH, HEIGHT, color="#0c0e13", layer=-1)


class Paper(Process):
    """The sheet, and what becomes of it under the hand: press, drag, release."""

    canvas: Canvas = Canvas(width=WIDTH, height=HEIGHT, color="white")
    transform: Transform = Transform(x=LEFT, y=TOP)
    sprite: Sprite = Sprite(image="canvas:", anchor_x=0, anchor_y=0)
    tool: str = "brush"
    size: int = 10
    color: str = "#1d6fd8"
    news: str = ""
    hotkeys = {"Ctrl+Z": "undo", "Ctrl+Y": "redo", "Ctrl+Shift+Z": "redo", "Ctrl+S": "save", "Delete": "clear"}

    def start(self) -> None:
        self.past: list[bytes] = []
        self.future: list[bytes] = []
        self.points: list[Point] = []
        self.before = b""

    def run(self, dt: float) -> None:
        """Follow the hand, with a mouse or a finger: all that it did in this tick, in order."""
        for event in input.events:
            if event.kind == "mouse_motion":
                self.drag(event.x - LEFT, event.y - TOP)
            elif event.kind == "mouse_button" and event.button == "left":
                x, y = event.x - LEFT, event.y - TOP
                if not event.down:
                    self.release()
                elif 0 <= x < WIDTH and 0 <= y < HEIGHT:
                    self.press(x, y)

    def press(self, x: float, y: float) -> None:
        """Begin a stroke."""
        self.remember()
        self.points, self.before = [(x, y)], self.canvas.copy()
        if self.tool == "fill":
            self.canvas.fill(x, y, color=self.color, tolerance=64)
        else:
            self.draw()

    def drag(self, x: float, y: float) -> None:
        """Go on with it."""
        if self.points and (x, y) != self.points[-1] and self.tool != "fill":
            self.points.append((x, y))
            self.draw()

    def release(self) -> None:
        """End it."""
        if self.tool in ("brush", "eraser") and len(self.points) > 1:
            self.stroke([middle(*self.points[-2:]), self.points[-1]])
        self.points, self.before = [], b""

    def draw(self) -> None:
        """Draw what the hand has added; a shape is drawn anew from where it began."""
        first, last = self.points[0], self.points[-1]
        if self.tool in ("brush", "eraser"):
            self.stroke(curve(self.points[-3:]))
            return
        self.canvas.restore(self.before)
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(first, last, strict=True))
        if self.tool == "line":
            self.canvas.line([first, last], color=self.color, thickness=self.size)
        elif self.tool == "rectangle":
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            self.canvas.line(corners, color=self.color, thickness=self.size)
        else:
            self.canvas.circle(*first, math.dist(first, last), color=self.color, outline=self.size)

    def stroke(self, points: list[Point]) -> None:
        color = "white" if self.tool == "eraser" else self.color
        self.canvas.line(points, color=color, thickness=self.size)

    def packed(self) -> bytes:
        """All of the sheet, small: most of it is of one color."""
        return zlib.compress(self.canvas.copy(), 1)

    def remember(self) -> None:
        """Keep what there is, so that it can be had back."""
        self.past = [*self.past[1 - MEMORY :], self.packed()]
        self.future = []

    def undo(self) -> None:
        """Take the last stroke back, unless one is being drawn."""
        if self.past and not self.points:
            self.future.append(self.packed())
            self.canvas.restore(zlib.decompress(self.past.pop()))

    def redo(self) -> None:
        """Make again what was taken back."""
        if self.future and not self.points:
            self.past.append(self.packed())
            self.canvas.restore(zlib.decompress(self.future.pop()))

    def clear(self) -> None:
        """Begin with an empty sheet."""
        if not self.points:
            self.remember()
            self.canvas.clear()

    def save(self) -> None:
        """Save it beside the pictures that were saved before."""
        number = 1
        while Path(f"painting-{number}.png").exists():
            number += 1
        try:
            self.canvas.save(f"painting-{number}.png")
            self.news = f"saved as painting-{number}.png"
        except OSError as error:
            self.news = str(error)


class Tools(Process):
    """The tool bar: buttons and keys."""

    canvas: Canvas = Canvas(width=BAR, height=640, color=PANEL)
    transform: Transform = Transform()
    sprite: Sprite = Sprite(image="canvas:", anchor_x=0, anchor_y=0, layer=5)

    def start(self) -> None:
        self.buttons: list[tuple[float, float, float, str, object]] = []
        y = self.place(12, "tool", list(TOOLS), 40)
        y = self.place(y, "size", SIZES, 30)
        y = self.place(y, "color", COLORS, 26)
        self.place(y, "action", ACTIONS, 36)
        self.drawn: object = None
        self.paint()

    def place(self, y: float, kind: str, values: Sequence[object], height: float) -> float:
        """Put buttons side by side in two columns; return where the next ones begin."""
        for number, value in enumerate(values):
            x = 10 + number % 2 * 43
            self.buttons.append((x, y + number // 2 * (height + 3), height, kind, value))
        return y + (len(values) + 1) // 2 * (height + 3) + 11

    def run(self, dt: float) -> None:
        if input.button_was_pressed("left"):
            self.click(input.mouse_x, input.mouse_y)
        self.keys()
        self.paint()

    def click(self, x: float, y: float) -> None:
        """Press what is there."""
        for left, top, height, kind, value in self.buttons:
            if left <= x < left + 40 and top <= y < top + height:
                self.choose(kind, value)

    def choose(self, kind: str, value: object) -> None:
        paper = machine["Paper"]
        if kind == "action":
            getattr(paper, str(value))()
        else:
            setattr(paper, kind, value)
            if kind == "color" and paper.tool == "eraser":
                paper.tool = "brush"

    def keys(self) -> None:
        """Choose a tool or a size by its key."""
        paper = machine["Paper"]
        for tool, key in TOOLS.items():
            if input.was_pressed(key) and not self.is_command():
                paper.tool = tool
        step = input.was_pressed("]") - input.was_pressed("[") + round(input.wheel[1])
        if step:
            index = SIZES.index(paper.size) + step
            paper.size = SIZES[max(0, min(index, len(SIZES) - 1))]
        if input.was_pressed("Escape"):
            machine.stop()

    @staticmethod
    def is_command() -> bool:
        """Tell whether a letter is part of a hotkey."""
        return any(input.is_down(f"{side} Ctrl") for side in ("Left", "Right"))

    def paint(self) -> None:
        """Draw the buttons, if anything on them has changed."""
        paper = machine["Paper"]
        state = (paper.tool, paper.size, paper.color, bool(paper.past), bool(paper.future))
        if state == self.drawn:
            return
        self.drawn = state
        self.canvas.clear()
        possible = {"undo": state[3], "redo": state[4]}
        for x, y, height, kind, value in self.buttons:
            chosen = value == getattr(paper, kind, None)
            middle_x, middle_y = x + 20, y + height / 2
            if kind == "color":
                if chosen:
                    rounded(self.canvas, x - 2, y - 2, 44, height + 4, INK)
                rounded(self.canvas, x + 1, y + 1, 38, height - 2, str(value))
                continue
            rounded(self.canvas, x, y, 40, height, CHOSEN if chosen else CELL)
            if kind == "size":
                radius = min(SIZES.index(int(str(value))) * 2 + 2, 12)
                self.canvas.circle(middle_x, middle_y, radius, color=INK)
            else:
                ink = INK if possible.get(str(value), True) else "#596073"
                ICONS[str(value)](Pen(self.canvas, middle_x, middle_y, ink, paper.color))


class Brush(Process):
    """A ring as large as the brush, under the mouse."""

    transform: Transform = Transform()
    shape: Shape = Shape.circle(5, color="#7f7f7f", outline=1, layer=4)

    def run(self, dt: float) -> None:
        x, y = input.mouse_x, input.mouse_y
        self.transform.x, self.transform.y = x, y
        self.shape.visible = LEFT <= x < LEFT + WIDTH and TOP <= y < TOP + HEIGHT
        self.shape.radius = machine["Paper"].size / 2 + 1


class Words(Process):
    """What can be done, and what was done last."""

    transform: Transform = Transform(x=LEFT, y=TOP + HEIGHT + 25)
    label: Label = Label(font="DejaVu Sans", size=13, align="left", color="#8f97aa")
    interval = 0.1

    def run(self, dt: float) -> None:
        paper = machine["Paper"]
        hints = "B E F L R C: tools   [ ]: size   Ctrl+Z, Ctrl+Y: undo, redo   Del: clear   Ctrl+S: save"
        self.label.text = f"{paper.tool}, {paper.size} px   ·   {paper.news or hints}"
        self.transform.x = LEFT


class Pen:
    """Draws an icon about the middle of a button."""

    def __init__(self, canvas: Canvas, x: float, y: float, ink: str, color: str) -> None:
        self.canvas, self.x, self.y, self.ink, self.color = canvas, x, y, ink, color

    def at(self, points: list[Point]) -> list[Point]:
        return [(self.x + x, self.y + y) for x, y in points]

    def line(self, *points: Point, thickness: float = 2.5) -> None:
        self.canvas.line(self.at(list(points)), color=self.ink, thickness=thickness)

    def area(self, *points: Point, color: str = "") -> None:
        self.canvas.polygon(self.at(list(points)), color=color or self.ink)

    def ring(self, x: float, y: float, radius: float, *, outline: float = 2.5, color: str = "") -> None:
        self.canvas.circle(self.x + x, self.y + y, radius, color=color or self.ink, outline=outline)

    def turn_back(self, side: int) -> None:
        angles = [math.radians(degrees) for degrees in range(-200, 41, 12)]
        arc = [(-side * 9 * math.cos(angle), 1 + 8 * math.sin(angle)) for angle in angles]
        self.line(*arc[::-1])
        tip = (-side * 9 * math.cos(angles[0]), 1 + 8 * math.sin(angles[0]))
        self.area((tip[0] + side * 6, tip[1] + 1), (tip[0] - side * 5, tip[1] + 1), (tip[0] - side, tip[1] + 8))


def draw_brush(pen: Pen) -> None:
    pen.line((10, -12), (-1, 1), thickness=5)
    pen.ring(-6, 7, 5, outline=0, color=pen.color)
    pen.area((-2, -3), (4, 3), (-4, 11), (-11, 11), (-9, 4), color=pen.color)


def draw_eraser(pen: Pen) -> None:
    pen.area((2, -11), (12, -1), (4, 7), (-6, -3))
    pen.area((-7, -2), (3, 8), (0, 11), (-6, 11), (-11, 4), color="#ff8fa3")


def draw_bucket(pen: Pen) -> None:
    pen.area((-2, -11), (9, 0), (-2, 11), (-12, 0))
    pen.line((-6, -12), (2, -4), thickness=2)
    pen.area((-9, 1), (6, 1), (-2, 9), color=pen.color)
    pen.ring(11, 8, 3, outline=0, color=pen.color)


def draw_trash(pen: Pen) -> None:
    pen.line((-10, -7), (10, -7))
    pen.line((-3, -10), (3, -10))
    pen.line((-7, -6), (-6, 10), (6, 10), (7, -6))
    pen.line((-2, -3), (-2, 6), thickness=1.5)
    pen.line((2, -3), (2, 6), thickness=1.5)


def draw_disk(pen: Pen) -> None:
    pen.area((-10, -10), (6, -10), (10, -6), (10, 10), (-10, 10))
    pen.area((-5, -9), (4, -9), (4, -3), (-5, -3), color=CELL)
    pen.area((-6, 2), (6, 2), (6, 9), (-6, 9), color=CELL)


ICONS: dict[str, Callable[[Pen], None]] = {
    "brush": draw_brush,
    "eraser": draw_eraser,
    "fill": draw_bucket,
    "line": lambda pen: pen.line((-10, 10), (10, -10), thickness=3),
    "rectangle": lambda pen: pen.line((-11, -8), (11, -8), (11, 8), (-11, 8), (-11, -8)),
    "circle": lambda pen: pen.ring(0, 0, 10),
    "undo": lambda pen: pen.turn_back(-1),
    "redo": lambda pen: pen.turn_back(1),
    "clear": draw_trash,
    "save": draw_disk,
}


def middle(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def curve(points: list[Point]) -> list[Point]:
    """The bend from the middle of one move of the hand to the middle of the next.

    A parabola with the point between as its control: each bend goes on where the last one ended.
    """
    if len(points) < 3:
        return [points[0], middle(points[0], points[-1])]
    (from_x, from_y), (to_x, to_y) = middle(*points[:2]), middle(*points[1:])
    by_x, by_y = points[1]
    steps = max(2, min(32, round(math.dist((from_x, from_y), (to_x, to_y)) / 4)))
    bend: list[Point] = []
    for step in range(steps + 1):
        t = step / steps
        one, two, three = (1 - t) ** 2, 2 * t * (1 - t), t**2
        bend.append((one * from_x + two * by_x + three * to_x, one * from_y + two * by_y + three * to_y))
    return bend


def rounded(canvas: Canvas, x: float, y: float, width: float, height: float, color: str) -> None:
    """Fill a rectangle with round corners of 6 px."""
    canvas.rectangle(x + 6, y, width - 12, height, color=color)
    canvas.rectangle(x, y + 6, width, height - 12, color=color)
    for corner_x in (x + 6, x + width - 6):
        for corner_y in (y + 6, y + height - 6):
            canvas.circle(corner_x, corner_y, 6, color=color)
