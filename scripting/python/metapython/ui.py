"""Panels: windows, buttons, sliders, tables, plots and menus that a process draws in its steps.

A process says in each step what is to be seen, and it stays on the screen until the next one. A step that
draws nothing takes its panel away; the end of the process does, too::

    from metapython import Process, ui

    class Engine(Process):
        speed: float = 40.0
        history: list[float] = []

        def run(self, dt):
            self.history = [*self.history[-199:], self.speed]
            with ui.window("Engine"):
                self.speed = ui.slider("Speed", self.speed, 0, 100)
                if ui.button("Stop"):
                    self.speed = 0.0
                ui.plot("Speed", self.history, y=(0, 100))

What is given to a widget is its value, and what it gives back is that value, or the one that the user has given
it since the process's last step. What the user does is never lost, however seldom a process steps: a click
is True once, the newest value counts.

Which widget is meant is found by its label and those of the windows, panels, menus and collapsing
parts that it is in; of several with one label in the same one, by their order. Where these come and go, give
each an `id` of its own. Sizes and places are in the scene's px; what is outside of all windows is in one
that is called as the process.

What the mouse and the keys do goes to a panel or to the scene, never to both. `wants_mouse` is whether the mouse is
over a panel, or was pressed on one and is held: `input.mouse_x` and `input.mouse_y` stand still then.
`wants_keyboard` is whether keys go to a widget: a text is edited.

Everything here draws in the steps of a process (`run`), and raises RuntimeError elsewhere. A process without
a panel costs nothing, and neither does one that waits: its panel stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, overload

from metapython import _native
from metapython._native import Container

__all__ = [
    "Container",
    "button",
    "checkbox",
    "choice",
    "collapsing",
    "color",
    "column",
    "context_menu",
    "dialog",
    "field",
    "grid",
    "group",
    "image",
    "label",
    "menu",
    "menu_bar",
    "number",
    "panel",
    "plot",
    "progress",
    "radio",
    "row",
    "scroll",
    "separator",
    "set_theme",
    "slider",
    "space",
    "table",
    "tabs",
    "wants_keyboard",
    "wants_mouse",
    "was_submitted",
    "window",
]

T = TypeVar("T")

wants_mouse: bool
"""Whether the mouse is over a panel, or was pressed on one and is held: what it does is not the scene's."""

wants_keyboard: bool
"""Whether keys go to a widget: a text is edited."""

_state = {"was_submitted": False}


def __getattr__(name: str) -> bool:
    """What changes from tick to tick."""
    if name == "wants_mouse":
        return _native.ui_wants()[0]
    if name == "wants_keyboard":
        return _native.ui_wants()[1]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def window(
    title: str,
    *,
    x: float | None = None,
    y: float | None = None,
    width: float | None = None,
    height: float | None = None,
    movable: bool = True,
    resizable: bool | None = None,
    title_bar: bool = True,
    frame: bool = True,
    open: bool | None = None,
    id: str | None = None,
) -> Container:
    """A window within the scene, for a `with` block.

    x, y: where its upper left corner is, px, until the user moves it; beside other windows if not said. width,
    height: its size with title and edge, px, until the user changes it: 280 px wide, and as high as what is in it, if
    not said; larger where more is in it. resizable: whether the user can change its size; True where one is said.
    frame: whether it has a ground and an edge. open: where it is said, the window has a button that closes it; it is
    not shown while this is False::

        with ui.window("About", open=self.is_about) as about:
            ui.label("A demo.")
        self.is_about = about.open
    """
    if resizable is None:
        resizable = width is not None or height is not None
    place, size, look = (x, y), (width, height), (title_bar, frame)
    return _native.ui_window(title, id, place, size, movable, resizable, look, open)


def panel(
    side: Literal["top", "bottom", "left", "right"],
    *,
    size: float | None = None,
    resizable: bool = False,
    id: str | None = None,
) -> Container:
    """A strip along a side of the scene, for a `with` block.

    size: its height at the top and bottom, its width at the left and right, px; as much as is in it if not
    said. Those of older processes lie further outside.
    """
    return _native.ui_panel(side, id, size, resizable)


def dialog(
    title: str, *, open: bool = True, width: float | None = None, id: str | None = None
) -> Container:
    """A window in the middle that keeps everything else from being touched, for a `with` block.

    Escape, or a click beside it, closes it: `open` of what `as` names is False then. It is not shown while
    `open` is False. width: that of what is in it, px; 280 if not said.
    """
    return _native.ui_dialog(title, id, width, open)


def row(*, right: bool = False, id: str | None = None) -> Container:
    """What is in it stands side by side, for a `with` block; from the right side on if `right`."""
    return _native.ui_container("row from right" if right else "row", id, None)


def column(*, width: float | None = None, id: str | None = None) -> Container:
    """What is in it stands one below the other, within a row, for a `with` block. width: px."""
    return _native.ui_container("column", id, width)


def grid(columns: int, *, id: str | None = None) -> Container:
    """What is in it stands in columns, row by row, for a `with` block. columns: 1 to 64."""
    return _native.ui_container("grid", id, columns)


def group(*, id: str | None = None) -> Container:
    """What is in it has a frame around it, for a `with` block."""
    return _native.ui_container("group", id, None)


def scroll(*, height: float | None = None, id: str | None = None) -> Container:
    """What is in it is seen through an opening, for a `with` block.

    height: that of the opening, px; `None` for as high as there is room, and 200 px at least in a window.
    A smaller one is made where less is in it.
    """
    return _native.ui_container("scroll", id, height)


def collapsing(label: str, *, open: bool = False, id: str | None = None) -> Container:
    """What is in it is seen when it is open, for a `with` block: `if` tells whether it is.

    open: whether it is before the user says otherwise::

        with ui.collapsing("Details") as details:
            if details:
                ui.label(self.describe())
    """
    return _native.ui_collapsing(label, id, open)


def menu_bar(*, id: str | None = None) -> Container:
    """Menus side by side, for a `with` block: in a window, or, outside of all, at the top of the scene."""
    return _native.ui_container("menu_bar", id, None)


def menu(label: str, *, id: str | None = None) -> Container:
    """A menu that opens by a click, for a `with` block: buttons, and menus, are what it offers."""
    return _native.ui_menu(label, id)


def context_menu(*, id: str | None = None) -> Container:
    """A menu that opens by a click with the right button, for a `with` block.

    It opens on what was drawn before it in the same container; outside of all, on the scene where no panel
    covers it.
    """
    return _native.ui_container("context_menu", id, None)


def label(
    text: object,
    *,
    size: float | None = None,
    color: str | tuple[int, ...] | None = None,
    heading: bool = False,
    wrap: bool = True,
    tooltip: str = "",
) -> None:
    """A text, or whatever `str` makes of it. size: height of the letters, 4 to 256 px.

    wrap: whether it goes on in the next line where there is no more room; it is cut off otherwise.
    """
    _native.ui_label(text, size, color, heading, wrap, (None, tooltip, True))


def button(
    label: str,
    *,
    selected: bool = False,
    image: str | None = None,
    image_size: float = 32,
    width: float | None = None,
    height: float | None = None,
    frame: bool = True,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> bool:
    """Something to click: True once for each click.

    image: the file of one, above the label, `image_size` px high. width, height: its least size, px.
    frame: whether there is one around it while nobody points at it.
    """
    size = (width, height)
    return _native.ui_button(label, selected, image, image_size, size, frame, (id, tooltip, enabled))


def checkbox(
    label: str, value: bool, *, enabled: bool = True, tooltip: str = "", id: str | None = None
) -> bool:
    """Something that is so or not; gives back whether it is."""
    return _native.ui_checkbox(label, value, (id, tooltip, enabled))


def choice(
    label: str,
    value: T,
    options: Sequence[T],
    *,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> T:
    """One of several, in a list that opens by a click; gives back the one that is chosen."""
    return _one_of("choice", label, value, options, (id, tooltip, enabled))


def radio(
    label: str,
    value: T,
    options: Sequence[T],
    *,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> T:
    """One of several, all of which are seen; gives back the one that is chosen."""
    return _one_of("radio", label, value, options, (id, tooltip, enabled))


def tabs(
    label: str,
    value: T,
    options: Sequence[T],
    *,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> T:
    """One of several pages, side by side; gives back the one that is chosen, whose content is to follow.

    The label is not seen.
    """
    return _one_of("tabs", label, value, options, (id, tooltip, enabled))


def _listed(what: str, takes: str, values: Any) -> list[Any]:
    """The values, one by one."""
    try:
        return list(values)
    except TypeError:
        raise TypeError(f"{what} takes {takes}, not {values!r:.80}") from None


def _one_of(kind: str, label: str, value: T, options: Sequence[T], common: tuple[Any, Any, Any]) -> T:
    options = _listed(f"{kind}(options)", "a sequence", options)
    chosen = options.index(value) if value in options else None
    found = _native.ui_options(kind, label, options, chosen, common)
    return value if found is None or found >= len(options) else options[found]


@overload
def slider(
    label: str,
    value: int,
    low: int,
    high: int,
    *,
    step: int = ...,
    decimals: int | None = ...,
    unit: str = ...,
    logarithmic: bool = ...,
    enabled: bool = ...,
    tooltip: str = ...,
    id: str | None = ...,
) -> int: ...
@overload
def slider(
    label: str,
    value: float,
    low: float,
    high: float,
    *,
    step: float = ...,
    decimals: int | None = ...,
    unit: str = ...,
    logarithmic: bool = ...,
    enabled: bool = ...,
    tooltip: str = ...,
    id: str | None = ...,
) -> float: ...
def slider(
    label: str,
    value: float,
    low: float,
    high: float,
    *,
    step: float = 0,
    decimals: int | None = None,
    unit: str = "",
    logarithmic: bool = False,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> float:
    """A number between two, which are below each other; gives it back.

    It is whole where the value and both ends are. step: what it is a multiple of, counted from `low`; 0 for
    anything. decimals: how many digits are shown behind the point, 0 to 12. unit: what is written behind it.
    A value that is not finite is told beside it.
    """
    common = (id, tooltip, enabled)
    return _number("slider", label, value, low, high, step, decimals, unit, logarithmic, common)


@overload
def number(
    label: str,
    value: int,
    *,
    low: int | None = ...,
    high: int | None = ...,
    step: int = ...,
    decimals: int | None = ...,
    unit: str = ...,
    enabled: bool = ...,
    tooltip: str = ...,
    id: str | None = ...,
) -> int: ...
@overload
def number(
    label: str,
    value: float,
    *,
    low: float | None = ...,
    high: float | None = ...,
    step: float = ...,
    decimals: int | None = ...,
    unit: str = ...,
    enabled: bool = ...,
    tooltip: str = ...,
    id: str | None = ...,
) -> float: ...
def number(
    label: str,
    value: float,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float = 0,
    decimals: int | None = None,
    unit: str = "",
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> float:
    """A number that is dragged, or typed after a click; gives it back. As `slider`, with open ends."""
    common = (id, tooltip, enabled)
    return _number("number", label, value, low, high, step, decimals, unit, False, common)


def _number(
    kind: str,
    label: str,
    value: float,
    low: float | None,
    high: float | None,
    step: float,
    decimals: int | None,
    unit: str,
    logarithmic: bool,
    common: tuple[Any, Any, Any],
) -> float:
    is_whole = all(isinstance(it, int) or it is None for it in (value, low, high, step))
    found = _native.ui_number(
        kind, label, value, is_whole, low, high, step, decimals, unit, logarithmic, common
    )
    if found is None:
        return value
    return round(found) if is_whole else found


def field(
    label: str,
    text: str,
    *,
    hint: str = "",
    password: bool = False,
    rows: int = 1,
    width: float | None = None,
    enabled: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> str:
    """A text that can be edited; gives it back. Whether Enter has ended it tells `was_submitted()`.

    hint: what is said while nothing is in it. password: whether its letters are hidden. rows: 1 to 100; with more
    than one, Enter begins a new line. width: px; 160 if not said, or, with more than one row, the room that its
    label leaves. Of more than 16,384 letters, no more are taken; a text of more
    than 65,536 bytes raises ValueError.
    """
    common = (id, tooltip, enabled)
    found, _state["was_submitted"] = _native.ui_field(
        label, text, hint, password, rows, width, common
    )
    return text if found is None else found


def was_submitted() -> bool:
    """Whether the user has pressed Enter in the `field` that was drawn last, since the last step."""
    return _state["was_submitted"]


def progress(share: float, text: object = "", *, tooltip: str = "") -> None:
    """How far something has come: 0 to 1."""
    _native.ui_progress(share, text, (None, tooltip, True))


def separator() -> None:
    """A line."""
    _native.ui_separator()


def space(px: float = 8) -> None:
    """Nothing, px."""
    _native.ui_space(px)


def image(path: str, *, width: float = 64, height: float = 64, tooltip: str = "") -> None:
    """An image of the scene's folder, by its file: whole and undistorted in this size, px.

    Canvases and targets are shown by sprites.
    """
    _native.ui_image(path, width, height, (None, tooltip, True))


def color(
    label: str, value: str, *, enabled: bool = True, tooltip: str = "", id: str | None = None
) -> str:
    """A CSS colour that can be chosen; gives it back, as #rrggbb or #rrggbbaa once the user has chosen."""
    found = _native.ui_color(label, value, (id, tooltip, enabled))
    return value if found is None else found


def plot(
    label: str,
    series: object,
    *,
    style: Literal["lines", "points", "bars"] = "lines",
    width: float | None = None,
    height: float = 120,
    x: tuple[float, float] | None = None,
    y: tuple[float, float] | None = None,
    axes: bool = True,
    tooltip: str = "",
    id: str | None = None,
) -> None:
    """Curves. series: one, or several by name in a dict.

    Each is a sequence or a NumPy array of heights; or a pair of two such, the places and the heights. What is not
    finite is a gap. width, height: px. x, y: what is seen of it, from and to; all of it if not said::

        ui.plot("Wave", samples)
        ui.plot("Load", {"left": left, "right": (seconds, right)}, y=(0, 1))
    """
    named = series if isinstance(series, Mapping) else {"": series}
    curves = [(name, *_places(curve)) for name, curve in named.items()]
    size = (width, height)
    _native.ui_plot(label, curves, style, size, x, y, axes, (id, tooltip, True))


def _places(curve: Any) -> tuple[Any, Any]:
    """The places and the heights; None for the places where there are heights alone."""
    if isinstance(curve, tuple) and len(curve) == 2 and hasattr(curve[0], "__len__"):
        return curve
    return None, curve


def table(
    label: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    selected: int | None = None,
    selectable: bool = True,
    sortable: bool = True,
    height: float | None = None,
    id: str | None = None,
) -> int | None:
    """Rows and columns; gives back the number of the row that is selected among `rows`, or None.

    Of the rows, those that are seen are looked at, and no others: there may be many thousands. A click on a
    head puts them in order of its column, and the other way round when clicked again, which looks at all of
    them. height: px; all rows are seen if it is not said. Numbers stand at the right.
    """
    columns = _listed("table(columns)", "a sequence of texts", columns)
    if not hasattr(rows, "__len__") or not hasattr(rows, "__getitem__"):
        raise TypeError(f"table(rows) takes a sequence of rows, not {rows!r:.80}")
    count = len(rows)
    token, sort, (first, end), chosen = _native.ui_ask_table(label, id, count)
    order: Sequence[int] = range(count)
    if sort is not None and sort[0] < len(columns):
        order = _ordered(rows, *sort)
    if chosen is not None:
        selected = chosen[0]
    takes = "a sequence of rows, each a sequence itself"
    shown = [(place, _listed("table(rows)", takes, rows[place])) for place in order[first:end]]
    told = [(place, [_cell(cell) for cell in cells]) for place, cells in shown]
    heads = [
        (title, bool(shown) and all(_is_number(cells, at) for _, cells in shown))
        for at, title in enumerate(columns)
    ]
    _native.ui_table(
        token, heads, count, first, told, selected, sort, selectable, sortable, height
    )
    return selected if selected is not None and selected < count else None


def _ordered(rows: Sequence[Sequence[object]], column: int, is_descending: bool) -> Sequence[int]:
    """The numbers of the rows in the order of a column; what cannot be compared is, as texts."""
    cells: list[Any] = [row[column] if column < len(row) else "" for row in rows]
    try:
        return sorted(range(len(rows)), key=cells.__getitem__, reverse=is_descending)
    except TypeError:
        return sorted(range(len(rows)), key=lambda at: str(cells[at]), reverse=is_descending)


def _cell(cell: object) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def _is_number(cells: Sequence[object], at: int) -> bool:
    return at < len(cells) and isinstance(cells[at], (int, float)) and not isinstance(cells[at], bool)


def set_theme(theme: Literal["dark", "light"]) -> None:
    """Have all widgets be light on dark, or dark on light."""
    _native.ui_set_theme(theme)
