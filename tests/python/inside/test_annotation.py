"""Annotations that are text, as `from __future__ import annotations` makes of all."""

import sys
import textwrap
from typing import Any

import pytest
from metapython import Process, Transform, component

BODY = """
    from __future__ import annotations
    from metapython import Process, Transform, component

    class Made(Process):
        transform: Transform
        owner: Unknown
        ended: sys.exit(7)
        stopped: exit(7)
        number: int = 3

    @component
    class Fields:
        x: int = 1
        y: float = 2
        ended: __import__("sys").exit(7) = 0
"""


class Counted:
    """A module whose names are counted as they are asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__":
            self.asked += 1
            return {"Transform": Transform}
        return super().__getattribute__(name)


def declared(module: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the text defines, in a module of which `sys.modules` has this."""
    monkeypatch.setitem(sys.modules, "annotated", module)
    names: dict[str, Any] = {"__name__": "annotated"}
    exec(textwrap.dedent(BODY), names)
    return names


def test_no_annotation_ends_or_stops_the_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    names = declared(None, monkeypatch)
    with pytest.raises(TypeError, match="Made needs transform=, which has no default"):
        names["Made"]()
    fields = names["Fields"]()
    assert (fields.x, type(fields.y), fields.ended) == (1, float, 0)


def test_the_names_of_a_module_are_asked_for_once_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    module = Counted()
    names = declared(module, monkeypatch)
    assert module.asked == 2
    with pytest.raises(TypeError, match="Made needs owner="):
        names["Made"]()
    made = names["Made"](owner=1, ended=2, stopped=3)
    assert isinstance(made.transform, Transform) and made.number == 3


def test_types_need_no_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = Counted()
    monkeypatch.setitem(sys.modules, "annotated", module)

    class Plain(Process):
        transform: Transform
        __module__ = "annotated"

    @component
    class Field:
        x: int = 1
        __module__ = "annotated"

    assert module.asked == 0 and Plain().transform == Transform() and Field().x == 1
