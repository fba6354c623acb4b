"""Widgets: what the user does with them, made up by `input.simulate`, and what their process hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from metapython import Instruction, Process, input, next_tick, ui
from stage import alerts_of, ticks

LINE = 65
"""Where the first widget of a window in the corner is, px from the top."""


class Drawer(Process):
    """Draws what it is given, in a window in the corner."""

    body: Any = None
    heard: Any = None

    def run(self, dt: float) -> None:
        with ui.window("Test", x=0, y=0, width=300):
            self.body(self)


def drawer(body: Callable[[Drawer], None], **keywords: Any) -> Drawer:
    return Drawer(body=body, heard=[], **keywords)


def mouse(down: bool, x: float = 30, y: float = LINE, button: str = "left") -> None:
    input.simulate("mouse_button", button=button, down=down, x=x, y=y)


async def click(x: float = 30, y: float = LINE, button: str = "left") -> None:
    for down in (True, False):
        mouse(down, x, y, button)
        await next_tick()


async def type_text(text: str) -> None:
    input.simulate("text", text=text)
    await ticks(2)


async def test_a_click_is_true_once() -> None:
    panel = drawer(lambda self: self.heard.append(ui.button("Fire")))
    await ticks(3)
    panel.heard.clear()
    await click()
    await ticks(3)
    assert panel.heard.count(True) == 1


async def test_a_slow_process_loses_no_click() -> None:
    panel = drawer(lambda self: self.heard.append(ui.button("Fire")), interval=0.5)
    await ticks(3)
    await click()
    await click()
    assert True not in panel.heard
    await ticks(120)
    assert panel.heard.count(True) == 2


async def test_the_world_does_not_see_what_widgets_take() -> None:
    panel = drawer(lambda self: self.heard.append(ui.button("Fire")))
    await ticks(3)
    mouse(True)
    await next_tick()
    assert not input.button_is_down("left") and ui.wants_mouse and not ui.wants_keyboard
    mouse(False)
    await next_tick()
    mouse(True, 600, 400)
    await next_tick()
    assert input.button_is_down("left") and not ui.wants_mouse
    mouse(False, 600, 400)
    panel.delete()
    await ticks(2)
    assert not ui.wants_mouse


async def test_the_users_value_counts_until_the_process_says_otherwise() -> None:
    def body(self: Drawer) -> None:
        self.heard.append(ui.checkbox("On", False))

    panel = drawer(body)
    await ticks(3)
    await click(18)
    await ticks(3)
    assert panel.heard.count(True) == 1 and panel.heard[-1] is False


async def test_a_text_is_typed_and_ended() -> None:
    def body(self: Drawer) -> None:
        text = ui.field("", self.heard[-1][0] if self.heard else "")
        self.heard.append((text, ui.was_submitted()))

    panel = drawer(body)
    await ticks(3)
    await click()
    await ticks(2)
    assert ui.wants_keyboard
    for letter in "héy":
        await type_text(letter)
    for down in (True, False):
        input.simulate("key", key="Return", label="Return", down=down)
    await ticks(3)
    assert panel.heard[-1][0] == "héy"
    assert [text for text, is_submitted in panel.heard if is_submitted] == ["héy"]
    assert not ui.wants_keyboard


async def test_whole_numbers_stay_whole() -> None:
    def body(self: Drawer) -> None:
        self.heard.append(ui.slider("Count", self.heard[-1] if self.heard else 3, 0, 10))

    panel = drawer(body)
    await ticks(3)
    mouse(True, 60)
    await next_tick()
    input.simulate("mouse_motion", x=120, y=LINE)
    await ticks(2)
    mouse(False, 120)
    await ticks(2)
    assert 5 < panel.heard[-1] < 10
    assert all(isinstance(value, int) for value in panel.heard)


async def test_a_choice_gives_back_the_object() -> None:
    class Way:
        def __init__(self, name: str) -> None:
            self.name = name

        def __str__(self) -> str:
            return self.name

    ways = [Way("left"), Way("right")]

    def body(self: Drawer) -> None:
        self.heard.append(ui.tabs("ways", self.heard[-1] if self.heard else ways[0], ways))

    panel = drawer(body)
    await ticks(3)
    await click(90)
    await ticks(2)
    assert panel.heard[-1] is ways[1]


async def test_a_table_of_ten_thousand_rows_tells_few() -> None:
    class Rows:
        asked = 0

        def __len__(self) -> int:
            return 10_000

        def __getitem__(self, place: int) -> tuple[str, int]:
            Rows.asked += 1
            return (f"row {place}", 10_000 - place)

    def body(self: Drawer) -> None:
        chosen = self.heard[-1] if self.heard else None
        self.heard.append(ui.table("rows", ["name", "rank"], Rows(), selected=chosen, height=200))

    panel = drawer(body)
    await ticks(5)
    Rows.asked = 0
    await ticks(2)
    assert Rows.asked < 400
    await click(30, LINE + 30)
    await ticks(2)
    assert panel.heard[-1] in (0, 1)
    input.simulate("mouse_motion", x=30, y=LINE + 60)
    input.simulate("wheel", x=0.0, y=-500.0)
    await ticks(30)
    await click(30, LINE + 60)
    await ticks(2)
    assert panel.heard[-1] > 500


async def test_an_exception_leaves_what_was_drawn_and_everything_else() -> None:
    def body(self: Drawer) -> None:
        ui.label("before")
        raise ValueError("broken")

    panel = drawer(body)
    other = drawer(lambda self: self.heard.append(1))
    await ticks(3)
    assert any("broken" in text for text in alerts_of(panel))
    assert len(other.heard) >= 2
    input.simulate("mouse_motion", x=30, y=LINE)
    await ticks(2)
    assert ui.wants_mouse


async def test_wrong_arguments_say_what_and_where() -> None:
    wrong: list[tuple[Callable[[], object], type[Exception], str]] = [
        (lambda: ui.slider("S", 1, 10, 0), ValueError, r"slider\(low, high\) takes a low that is below the high"),
        (lambda: ui.slider("S", "1", 0, 10), TypeError, r"slider\(value\) takes a number"),  # type: ignore[call-overload]
        (lambda: ui.slider("S", 1, 0, float("inf")), ValueError, r"slider\(high\) takes a finite number"),
        (lambda: ui.button(3), TypeError, r"button\(label\) takes text, not 3"),  # type: ignore[arg-type]
        (lambda: ui.window("W", width=-1), ValueError, r"window\(width\) takes 0 to 8192 px"),
        (lambda: ui.label("L", size=-1), ValueError, r"label\(size\) takes 4 to 256 px, not -1"),
        (lambda: ui.panel("middle"), ValueError, r"panel\(side\) takes \"top\""),  # type: ignore[arg-type]
        (lambda: ui.color("C", "blurple"), ValueError, r"color\(color\) takes"),
        (lambda: ui.plot("P", "abc"), TypeError, r"plot\(series\) takes a sequence of numbers"),
        (lambda: ui.grid(0), ValueError, r"grid\(columns\) takes a whole number from 1"),
        (lambda: ui.image("canvas:Paper"), ValueError, r"image\(path\) takes the file of an image \(canvases and"),
        (lambda: ui.button("B", image="target:Map"), ValueError, r"button\(image\) takes the file of an image"),
        (lambda: ui.number("N", 1, decimals=13), ValueError, r"number\(decimals\) takes a whole number from 0 to 12"),
        (lambda: ui.slider("S", 1, 0, 9, decimals=13), ValueError, r"slider\(decimals\) takes a whole number from 0"),
        (lambda: ui.slider("S", 1, 0, 9, decimals=-1), ValueError, r"slider\(decimals\) takes a whole number from 0"),
        (lambda: ui.number("N", 1, decimals="1"), TypeError, r"number\(decimals\) takes a whole number from 0 to 12"),  # type: ignore[call-overload]
        (lambda: ui.number("N", 1, step=-1), ValueError, r"number\(step\) takes a number of 0 \(any\) or more, not -1"),
        (lambda: ui.field("F", "ä" * 32_769), ValueError, r"field\(text\) takes a text of at most 65536 bytes, not one of 65538: edit"),
        (lambda: ui.field("F", "", rows=101), ValueError, r"field\(rows\) takes a whole number from 1 to 100, not 101"),
        (lambda: ui.choice("C", 1, 5), TypeError, r"choice\(options\) takes a sequence, not 5"),  # type: ignore[arg-type]
        (lambda: ui.table("T", 3, []), TypeError, r"table\(columns\) takes a sequence of texts, not 3"),  # type: ignore[arg-type]
        (lambda: ui.table("T", [3], []), TypeError, r"table\(columns\) takes text, not 3"),  # type: ignore[list-item]
        (lambda: ui.table("T", ["a"], 3), TypeError, r"table\(rows\) takes a sequence of rows, not 3"),  # type: ignore[arg-type]
        (lambda: ui.table("T", ["a"], [3]), TypeError, r"table\(rows\) takes a sequence of rows, each a sequence itself"),  # type: ignore[list-item]
        (lambda: ui.table("T", ["a"], [], selected="x"), TypeError, r"table\(selected\) takes a row's number"),  # type: ignore[arg-type]
        (lambda: ui.plot("P", [1], x=3), TypeError, r"plot\(x\) takes a pair of numbers, from and to, or None, not 3"),  # type: ignore[arg-type]
        (lambda: ui.plot("P", [1], y=(2, 1)), ValueError, r"plot\(y\)\(low, high\) takes a low that is below the high"),
    ]
    found: list[Any] = []

    def body(self: Drawer) -> None:
        if found:
            return
        for act, kind, text in wrong:
            with pytest.raises(kind, match=text):
                act()
        found.append(True)

    panel = drawer(body)
    await ticks(3)
    assert found, alerts_of(panel)


async def test_odd_values_are_shown_and_given_back() -> None:
    def body(self: Drawer) -> None:
        nan, inf = float("nan"), float("inf")
        self.heard.append((ui.slider("S", nan, 0.0, 1.0), ui.number("N", inf), ui.slider("T", 99, 0, 10)))
        ui.progress(nan)
        ui.plot("P", [1.0, nan, inf, 2.0])
        ui.plot("P", {"a": ([0, 1], [1, 2]), "none": []}, style="bars")
        ui.label("x" * 3_000_000, wrap=False)
        ui.label("\ud800 half")
        # As long as a text of a field may be, and nothing of it is lost.
        longest = "x" * 65_536
        assert ui.field("F", longest) == longest

    panel = drawer(body)
    before = alerts_of(panel)
    await ticks(4)
    assert [str(value) for value in panel.heard[-1]] == ["nan", "inf", "99"]
    assert alerts_of(panel) == before


async def test_nothing_is_drawn_outside_of_steps() -> None:
    class Early(Process):
        def start(self) -> None:
            with pytest.raises(RuntimeError, match="ui.label draws in the steps of a process"):
                ui.label("early")

        def run(self, dt: float) -> None: ...

        def called(self) -> str:
            try:
                ui.button("late")
            except RuntimeError as error:
                return str(error)
            return ""

    early = Early()
    await ticks(2)
    assert "ui.button draws in the steps" in await Instruction(early.instance_name, "called")
    assert alerts_of(early) == []


async def test_a_menu_opens_on_the_scene() -> None:
    class Menu(Process):
        heard: Any = None

        def run(self, dt: float) -> None:
            with ui.context_menu():
                self.heard.append(ui.button("Quit"))

    menu = Menu(heard=[])
    await ticks(3)
    await click(300, 200, "right")
    await ticks(3)
    await click(325, 218)
    await ticks(3)
    assert menu.heard.count(True) == 1
    assert not input.button_is_down("right")


async def test_a_window_is_closed_by_its_button() -> None:
    class Window(Process):
        is_open: bool = True

        def run(self, dt: float) -> None:
            with ui.window("Shut", x=0, y=0, width=300, resizable=False, open=self.is_open) as shut:
                ui.label("here")
            self.is_open = shut.open

    window = Window()
    await ticks(3)
    await click(279, 20)
    await ticks(2)
    assert not window.is_open
    input.simulate("mouse_motion", x=100, y=20)
    await ticks(3)
    assert not ui.wants_mouse
