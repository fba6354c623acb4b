"""A home screen, and the programs that are launched from it: every one is a process with a panel."""

import math
import random

from metapython import Process, Shape, Transform, machine, ui, window

BAR = 40
"""Height of the bar at the bottom, px."""
WALLPAPERS = {"Sea": "#16324f", "Dusk": "#3b2444", "Forest": "#17382c", "Slate": "#262b36"}


class App(Process):
    """A program in a window of its own; closing the window ends it."""

    interval = 1 / 30
    icon: str = ""
    width: int = 282
    place: tuple[int, int] = (150, 40)
    arrangement: int = 0
    is_shown: bool = True

    def run(self, dt: float) -> None:
        if not self.is_shown:
            return  # A step that draws nothing: the window is gone.
        x, y = self.place
        name = f"{self.instance_name} {self.arrangement}"  # Put elsewhere, it is another window.
        with ui.window(self.instance_name, x=x, y=y, width=self.width, resizable=False, open=True, id=name) as frame:
            self.draw(dt)
        if not frame.open:
            self.delete()

    def draw(self, dt: float) -> None:
        """What is in the window."""


class Clock(App):
    """The time of the desk, and a stopwatch."""

    icon: str = "images/clock.png"
    width: int = 232
    place: tuple[int, int] = (150, 24)
    elapsed: float = 0.0
    is_running: bool = False

    def draw(self, dt: float) -> None:
        if self.is_running:
            self.elapsed += dt
        ui.label(time_of_day(seconds=True), size=36)
        ui.progress(machine.time % 60 / 60, f"{int(machine.time) % 60} s")
        ui.separator()
        ui.label(f"{self.elapsed // 60:02.0f}:{self.elapsed % 60:05.2f}", size=24, color="#f0ba5c")
        with ui.row():
            if ui.button("Stop" if self.is_running else "Start", id="go"):
                self.is_running = not self.is_running
            if ui.button("Reset"):
                self.elapsed = 0.0


class Calculator(App):
    """Adds, multiplies, and forgives."""

    icon: str = "images/calculator.png"
    width: int = 232
    place: tuple[int, int] = (150, 284)
    line: str = ""

    def draw(self, dt: float) -> None:
        self.line = ui.field("", self.line, hint="0", width=190, id="line")
        if ui.was_submitted():
            self.press("=")
        with ui.grid(4):
            for key in "789/456*123-C0.+":
                if ui.button(key, width=40, height=32):
                    self.press(key)
        if ui.button("=", width=190, height=32, selected=True):
            self.press("=")

    def press(self, key: str) -> None:
        is_sum = len(self.line) <= 80 and set(self.line) <= set("0123456789.+-*/() ") and "**" not in self.line
        match key:
            case "C":
                self.line = ""
            case "=" if is_sum:
                try:
                    self.line = f"{eval(self.line or '0', {}):.10g}"
                except (ArithmeticError, SyntaxError, TypeError):
                    self.line = "?"
            case "=":
                self.line = "?"
            case _:
                self.line = self.line.strip("?") + key


class Notes(App):
    """Words that stay as long as the window does."""

    icon: str = "images/notes.png"
    width: int = 282
    place: tuple[int, int] = (394, 24)
    text: str = "Buy milk.\nTeach the balls to bounce.\n"

    def draw(self, dt: float) -> None:
        self.text = ui.field("", self.text, rows=6, id="text")
        ui.label(f"{len(self.text.split())} words, {len(self.text)} letters", color="#8a92a2")


class Monitor(App):
    """Every process of the machine, and how long its steps take."""

    interval = 1 / 5
    icon: str = "images/monitor.png"
    width: int = 422
    place: tuple[int, int] = (394, 240)
    is_measuring: bool = True
    chosen: str = ""
    """The name of the process that is selected."""
    times: list[float] = []

    def draw(self, dt: float) -> None:
        rows = [
            (it.instance_name, type(it).__name__, it.accounting.steps, self.time_of(it)) for it in machine.processes
        ]
        names = [name for name, *_ in rows]
        row = names.index(self.chosen) if self.chosen in names else None
        row = ui.table("processes", ["process", "class", "steps", "us"], rows, selected=row, height=120)
        self.chosen = "" if row is None else names[row]
        total = sum(time for *_, time in rows)
        self.times = [*self.times[-99:], total]
        ui.plot("steps of all, us", self.times, height=80, x=(0, 100))
        with ui.row():
            is_other = self.chosen not in ("", self.instance_name)
            if ui.button("End process", enabled=is_other) and is_other:
                machine[self.chosen].delete()
            self.is_measuring = ui.checkbox("measure", self.is_measuring)

    def time_of(self, process: Process) -> float:
        """Mean time of a step, millionths of a second."""
        return process.accounting.mean * 1e6 if self.is_measuring else 0.0


class Balls(App):
    """Balls on the desk, as many as one likes."""

    icon: str = "images/balls.png"
    width: int = 262
    place: tuple[int, int] = (690, 24)
    count: int = 12
    speed: float = 1.0
    color: str = "#f0ba5c"

    def draw(self, dt: float) -> None:
        self.count = ui.slider("balls", self.count, 0, 60)
        self.speed = ui.slider("speed", self.speed, 0.0, 3.0, decimals=1)
        self.color = ui.color("new ones", self.color)
        balls = [it for it in self.children if isinstance(it, Ball)]
        for ball in balls[self.count :]:
            ball.delete()
        for _ in range(self.count - len(balls)):
            self.create(Ball, self.color)


class Ball(Process):
    """Bounces off the sides of the desk."""

    transform: Transform = Transform()
    shape: Shape = Shape.circle(radius=10, color="white", layer=1)
    heading: float = 0.0

    def __init__(self, color: str) -> None:
        self.transform.x, self.transform.y = random.uniform(20, 940), random.uniform(20, 540)
        self.shape.radius, self.shape.color = random.uniform(5, 16), color
        self.heading = random.uniform(0, math.tau)

    def run(self, dt: float) -> None:
        way = 140 * self.parent.speed * dt
        self.transform.x += way * math.cos(self.heading)
        self.transform.y += way * math.sin(self.heading)
        if not 0 < self.transform.x < window.width:
            self.heading = math.pi - self.heading
        if not 0 < self.transform.y < window.height - BAR:
            self.heading = -self.heading
        self.transform.x = min(max(self.transform.x, 0), window.width)
        self.transform.y = min(max(self.transform.y, 0), window.height - BAR)


APPS = [Clock, Calculator, Notes, Monitor, Balls]


class Desk(Process):
    """The icons, the bar and the menus."""

    interval = 1 / 30
    is_about: bool = False

    def run(self, dt: float) -> None:
        self.draw_icons()
        self.draw_bar()
        with ui.context_menu():
            self.draw_menu()
        with ui.dialog("Desk", open=self.is_about) as about:
            ui.label("A desk of processes. Each window is drawn by one, in a few lines of Python, and all of them "
                     "can be inspected, rewritten and ended from the console (the key left of 1).")
            self.is_about = about.open and not ui.button("Close")

    def draw_icons(self) -> None:
        with ui.window("icons", x=8, y=8, width=112, title_bar=False, movable=False, frame=False):
            for app in APPS:
                if ui.button(app.__name__, image=app.icon, image_size=48, width=104, height=88, frame=False):
                    app()

    def draw_bar(self) -> None:
        with ui.panel("bottom", size=BAR), ui.row():
            with ui.menu("Desk"):
                self.draw_menu()
            ui.separator()
            for app in self.apps():
                if ui.button(app.instance_name, selected=app.is_shown):
                    app.is_shown = not app.is_shown
            with ui.row(right=True):
                ui.label(time_of_day())

    def draw_menu(self) -> None:
        if ui.button("Arrange windows"):
            self.arrange()
        with ui.menu("Wallpaper"):
            for name, color in WALLPAPERS.items():
                if ui.button(name, selected=window.background == color):
                    window.background = color
        if ui.button("About"):
            self.is_about = True
        ui.separator()
        if ui.button("Quit"):
            machine.stop()

    def apps(self) -> list[App]:
        return [it for it in machine.processes if isinstance(it, App)]

    def arrange(self) -> None:
        """Put the windows one behind the other."""
        for place, app in enumerate(self.apps()):
            app.place = (150 + 36 * place, 24 + 36 * place)
            app.arrangement += 1
            app.is_shown = True


class Wallpaper(Process):
    """Hills of light, behind everything."""

    interval = 3600

    def start(self) -> None:
        for x, y, radius in ((150, 640, 330), (480, 760, 420), (860, 660, 360)):
            self.create(Hill, x, y, radius)

    def run(self, dt: float) -> None:
        pass


class Hill(Process):
    interval = 3600
    transform: Transform = Transform()
    shape: Shape = Shape.circle(radius=100, color="#ffffff12", layer=-10)

    def __init__(self, x: float, y: float, radius: float) -> None:
        self.transform.x, self.transform.y, self.shape.radius = x, y, radius

    def run(self, dt: float) -> None:
        pass


def time_of_day(seconds: bool = False) -> str:
    """The time of the desk, which is switched on at nine in the morning."""
    now = int(machine.time) + 9 * 3600
    text = f"{now // 3600 % 24:02d}:{now // 60 % 60:02d}"
    return f"{text}:{now % 60:02d}" if seconds else text
