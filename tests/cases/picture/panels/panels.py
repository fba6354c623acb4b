"""Widgets on a light ground, and rows within rows."""

from metapython import Process, ui


class Light(Process):
    """Stays as it is, for windows to be compared with."""

    def start(self) -> None:
        ui.set_theme("light")

    def run(self, dt: float) -> None:
        with ui.menu_bar():
            for label in ("File", "Edit"):
                with ui.menu(label):
                    ui.label("not seen")
        with ui.panel("bottom"), ui.row():
            ui.label("ready")
            with ui.row(right=True):
                ui.label("12:30")
                with ui.row(id="inner"):
                    ui.button("one")
                    ui.button("two", selected=True)
                ui.progress(0.75)
        with ui.panel("left", size=150):
            ui.label("Layers", heading=True)
            ui.checkbox("Sky", True)
            ui.checkbox("Ground", False)
            ui.choice("size", 2, [1, 2, 3])
            ui.color("paint", "#d04040")
        with ui.window("Settings", x=166, y=40, width=290):
            ui.slider("volume", 0.25, 0.0, 1.0)
            ui.number("lives", 3)
            ui.field("name", "Ada", hint="a name")
            ui.radio("mode", "easy", ["easy", "hard"])
            ui.plot("points", [0, 2, 1, 3, 2, 4], height=60)
