"""Living processes and a new version of their class: what they get of it."""

from __future__ import annotations

from types import CellType, FunctionType, SimpleNamespace
from typing import Any

from metapython import _native
from metapython._declaration import OWN, SETTINGS, WHOLE, Declaration, copied, is_ours
from metapython._native import Component
from metapython._patch import underlying
from metapython.process import Process, ProcessType

ROUNDED = 1e-8
"""Seconds by which the engine may round an interval, with room to spare."""


def adapt(process: Process, old: Declaration, new: Declaration) -> None:
    """Give a process what the new version of its class declares.

    What is declared anew is added. A changed default is taken over where the process still has the
    old one. What is declared no more the process keeps.
    """
    for name in SETTINGS:
        before, after = old.settings.get(name), new.settings.get(name)
        if not is_same_setting(before, after) and is_same_setting(getattr(process, name), before):
            setattr(process, name, after)
    known = {type(component): component for component in old.components.values()}
    for component in new.components.values():
        adapt_component(process, known.get(type(component)), component)
    own = vars(process)
    for name, value in new.attributes.items():
        if name in old.attributes:
            before = old.attributes[name]
            if name not in own or is_equal(before, value) or not is_equal(own[name], before):
                continue
        elif name in own:
            continue
        own[name] = copied(type(process), name, value) if name in new.mutable else value


def adapt_component(process: Process, old: Component | None, new: Component) -> None:
    """Give a process a component that its class declares, or those of its fields that have changed."""
    kind = type(new)
    if old is None:
        if kind not in process:
            _native.insert_component(process, new)
        return
    if kind not in process or old is new:
        return
    own = process[kind]
    before, after = _native.field_values(old), _native.field_values(new)
    for name, value in after.items():
        if not is_equal(before[name], value) and is_equal(getattr(own, name), before[name]):
            setattr(own, name, value)


def is_equal(one: Any, other: Any) -> bool:
    """Whether two values are of one type and equal; not, if they cannot tell."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    try:
        return bool(one == other)
    except Exception:
        return False


def is_same_setting(one: Any, other: Any) -> bool:
    """Whether two settings are the same, but for what the engine rounds of seconds."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) < ROUNDED
    return is_equal(one, other)


def old_version(cls: ProcessType) -> SimpleNamespace:
    """What a class has now, in a form that outlives its next version."""
    declaration = cls._metapython_declaration
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if not is_ours(base) and base is not object:
            found.update({name: as_it_is(value) for name, value in vars(base).items() if not name.startswith("_metapython_")})
    return SimpleNamespace(
        **{**found, **declaration.settings, **declaration.components, **declaration.attributes}
    )


def as_it_is(value: Any) -> Any:
    """A function that stays what it is now, if it is one, or a method of one."""
    function = underlying(value)
    if not isinstance(function, FunctionType):
        return value
    cells = tuple(CellType(cell.cell_contents) if has_contents(cell) else CellType() for cell in function.__closure__ or ())
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__, cells)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def has_contents(cell: CellType) -> bool:
    """Whether a cell holds something."""
    try:
        cell.cell_contents
    except ValueError:
        return False
    return True
