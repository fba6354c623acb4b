"""Every widget once."""

import math

from metapython import Process, ui


class Bars(Process):
    """A menu bar, and strips along the sides."""

    def run(self, dt: float) -> None:
        with ui.menu_bar(), ui.menu("File"):
            ui.button("Open")
        with ui.panel("bottom"), ui.row():
            ui.label("ready", color="#8ece80")
            ui.separator()
            ui.label("in the middle")
            with ui.row(right=True):
                ui.label("at the right")
        with ui.panel("left", size=90):
            ui.label("Left", heading=True)
            ui.button("One", width=70)
            ui.button("Two", width=70, selected=True)


class Inputs(Process):
    """What the user can set."""

    def run(self, dt: float) -> None:
        with ui.window("Inputs", x=100, y=40, width=290):
            ui.label("A heading", heading=True)
            with ui.row():
                ui.button("Plain")
                ui.button("Off", enabled=False)
                ui.button("In", selected=True)
                ui.button("Bare", frame=False)
            ui.slider("float", 40.0, 0, 100, unit=" km/h")
            ui.slider("int", 3, 0, 10)
            ui.slider("none", math.nan, 0.0, 1.0)
            ui.slider("log", 100.0, 1.0, 10_000.0, logarithmic=True)
            ui.number("number", 2.5, step=0.1, decimals=1)
            ui.checkbox("on", True)
            ui.checkbox("off", False)
            ui.field("name", "Ada")
            ui.field("secret", "secret", password=True)
            ui.field("hint", "", hint="type here")
            ui.field("", "Two\nrows", rows=2, id="rows")
            ui.choice("choice", "b", ["a", "b", "c"])
            ui.radio("radio", 2, [1, 2])
            ui.color("colour", "#6cb2ff")
            ui.progress(0.4, "40 %")


class Views(Process):
    """What shows something."""

    def run(self, dt: float) -> None:
        waves = {"sin": [math.sin(x / 16) for x in range(200)], "cos": [math.cos(x / 16) for x in range(200)]}
        with ui.window("Views", x=424, y=40, width=250):
            ui.plot("waves", waves, height=90)
            ui.plot("gap", [1, 2, 3, math.nan, 3, 2, math.inf, 1], style="points", height=60, axes=False)
            ui.plot("bars", ([1, 2, 3, 4], [3, -1, 4, 1]), style="bars", height=70)
            ui.tabs("tabs", "two", ["one", "two", "three"])
            with ui.group():
                ui.label("in a group")
            with ui.collapsing("closed"):
                ui.label("not seen")
            with ui.collapsing("open", open=True):
                ui.label("seen, in more words than there is room for in one line of this window")
            ui.label("cut off, as there is no room for all of these words in this line", wrap=False)
        with ui.window("Table", x=694, y=40, width=262, resizable=False):
            rows = [(f"row {number}", number, math.sqrt(number)) for number in range(10_000)]
            ui.table("rows", ["name", "n", "root"], rows, selected=2, height=130)
        with ui.window("Layout", x=694, y=250, width=262, resizable=False, open=True):
            with ui.grid(3):
                for number in range(6):
                    ui.label(f"cell {number}")
            with ui.scroll(height=60):
                for number in range(9):
                    ui.label(f"line {number}")
            with ui.row():
                ui.image("../../../../demos/desk/images/clock.png", width=48, height=32)
                with ui.column(width=90):
                    ui.label("above")
                    ui.space(4)
                    ui.label("below", size=22)


class Loose(Process):
    """What is in no window is in one of its own."""

    def run(self, dt: float) -> None:
        ui.label("in no window")
