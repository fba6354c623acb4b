"""Living processes and a new version of their class: what they get of it."""

from __future__ import annotations

import copy
from types import CellType, FunctionType, SimpleNamespace
from typing import Any

from metapython import _native
from metapython._declaration import OWN, SETTINGS, WHOLE, Declaration, copied, is_ours
from metapython._native import Component
from metapython._patch import contents, underlying
from metapython.process import Process, ProcessType

ROUNDED = 1e-8
"""Seconds by which the engine may round an interval, with room to spare."""


class Difference:
    """What a new version of a class declares differently.

    A process gets what is declared anew. A changed default it takes over where it still has the old
    one. What is declared no more it keeps.
    """

    def __init__(self, old: Declaration, new: Declaration) -> None:
        self.settings = [
            (name, old.settings[name], new.settings[name])
            for name in SETTINGS
            if not is_same_setting(old.settings[name], new.settings[name])
        ]
        self.added_components: list[Component] = []
        self.changed_fields: list[tuple[type[Component], str, Any, Any]] = []
        known = {type(component): component for component in old.components.values()}
        for component in new.components.values():
            kind = type(component)
            if kind not in known:
                self.added_components.append(component)
                continue
            before = _native.field_values(known[kind])
            self.changed_fields += [
                (kind, name, before[name], value)
                for name, value in _native.field_values(component).items()
                if not is_equal(before[name], value)
            ]
        self.added_attributes = {
            name: value for name, value in new.attributes.items() if name not in old.attributes
        }
        self.changed_attributes = [
            (name, value, new.attributes[name])
            for name, value in old.attributes.items()
            if name in new.attributes and not is_equal(value, new.attributes[name])
        ]
        self.mutable = set(new.mutable)

    def apply(self, process: Process) -> None:
        """Give a process what is different."""
        for name, before, after in self.settings:
            if is_same_setting(getattr(process, name), before):
                setattr(process, name, after)
        for component in self.added_components:
            if type(component) not in process:
                _native.insert_component(process, component)
        for kind, name, before, after in self.changed_fields:
            if kind in process and is_equal(getattr(process[kind], name), before):
                setattr(process[kind], name, after)
        own = vars(process)
        for name, value in self.added_attributes.items():
            if name not in own:
                own[name] = self.default(process, name, value)
        for name, before, after in self.changed_attributes:
            if name in own and is_equal(own[name], before):
                own[name] = self.default(process, name, after)

    def default(self, process: Process, name: str, value: Any) -> Any:
        """A default for one process: a copy, if others must not share it."""
        return copied(type(process), name, value) if name in self.mutable else value


def component_of(declaration: Declaration | None, kind: type[Component]) -> Component:
    """The component of a kind that a class declares, or one as it is by default."""
    for component in () if declaration is None else declaration.components.values():
        if type(component) is kind:
            return component
    return kind()


def carry_over(process: Process, old: Component, kind: type[Component]) -> list[str]:
    """Give a process a component whose fields have changed in the place of the old version of it.

    `old` is what the process began with. Fields that both have keep their values; those that are new,
    and those that still have the old default, get the new one. Returns the names of the fields that
    cannot hold what they had.
    """
    before = copy.copy(process[type(old)])
    default = component_of(type(process)._metapython_declaration, kind)
    del process[type(old)]
    _native.insert_component(process, default, copied=True)
    return carry_fields(before, old, process[kind])


def carry_fields(before: Component, old: Component, after: Component) -> list[str]:
    """Give a component the values of its version before, except those that are the `old` default.

    Returns the names of the fields that cannot hold what they had.
    """
    shared = _native.field_values(before).keys() & _native.field_values(after).keys()
    lost = []
    for name in sorted(shared):
        value = getattr(before, name)
        if not is_equal(value, getattr(old, name)):
            try:
                setattr(after, name, value)
            except (TypeError, ValueError):
                lost.append(f"{type(after).__name__}.{name}")
    return lost


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
    for base in reversed(cls.__mro__[:-1]):
        if not is_ours(base):
            found.update({name: as_it_is(value) for name, value in vars(base).items()})
    for name in (OWN, WHOLE):
        found.pop(name, None)
    return SimpleNamespace(
        **{**found, **declaration.settings, **declaration.components, **declaration.attributes}
    )


def as_it_is(value: Any) -> Any:
    """A copy of a function, or of the one behind a method, as it is now; of others themselves."""
    function = underlying(value)
    if not isinstance(function, FunctionType):
        return value
    cells = tuple(CellType(contents(cell)) for cell in function.__closure__ or ())
    before = FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, cells
    )
    before.__kwdefaults__ = function.__kwdefaults__
    return before
