"""What an update can take back: the contents of things before it, and what it changed of them."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from types import CellType, FunctionType
from typing import Any, ClassVar

from metapython._native import ActionMemory, ComponentMemory

MISSING: Any = object()
"""Stands for the value of a name that there is not."""


class Memory:
    """The contents of one thing at some moment: names, and what stood under each.

    Undone is what has changed between that moment and the call of `settle`, and nothing that has
    changed since.
    """

    def __init__(self, thing: Any) -> None:
        self.thing = thing
        self.before = self.read()
        self.changed: dict[Any, Any] = {}

    def read(self) -> dict[Any, Any]:
        """The contents now."""
        raise NotImplementedError

    def write(self, name: Any, value: Any) -> None:
        """Put back a value, or take away the name if it is MISSING."""
        raise NotImplementedError

    def is_same(self, one: Any, other: Any) -> bool:
        """Whether a value has not changed."""
        return one is other

    def settle(self) -> bool:
        """Find out what has changed; whether anything has."""
        before, after = self.before, self.read()
        self.changed = {
            name: before.get(name, MISSING)
            for name in {**before, **after}
            if not self.is_same(before.get(name, MISSING), after.get(name, MISSING))
        }
        return bool(self.changed)

    def undo(self) -> None:
        """Put back what has changed."""
        for name, value in self.changed.items():
            self.write(name, value)


class NamespaceMemory(Memory):
    """The names of a module, or some keys of another dictionary."""

    def __init__(self, thing: dict[Any, Any], keys: Iterable[Any] | None = None) -> None:
        self.keys = keys
        super().__init__(thing)

    def read(self) -> dict[Any, Any]:
        if self.keys is None:
            return dict(self.thing)
        return {key: self.thing[key] for key in self.keys if key in self.thing}

    def write(self, name: Any, value: Any) -> None:
        if value is MISSING:
            self.thing.pop(name, None)
        else:
            self.thing[name] = value


class DictMemory(NamespaceMemory):
    """A dictionary, in whose order what was there before comes first."""

    def undo(self) -> None:
        super().undo()
        order = [name for name in self.before if name in self.thing]
        order += [name for name in self.thing if name not in self.before]
        if order != list(self.thing):
            for name in order:
                self.thing[name] = self.thing.pop(name)


class SequenceMemory(Memory):
    """The elements of a list or the bytes of a bytearray, which go back as a whole."""

    def read(self) -> dict[Any, Any]:
        return {None: self.thing[:]}

    def write(self, name: Any, value: Any) -> None:
        self.thing[:] = value

    def is_same(self, one: Any, other: Any) -> bool:
        if isinstance(one, bytearray):
            return bool(one == other)
        return len(one) == len(other) and all(map(operator.is_, one, other))


class SetMemory(Memory):
    """The elements of a set, which go back as a whole."""

    def read(self) -> dict[Any, Any]:
        return {None: self.thing.copy()}

    def write(self, name: Any, value: Any) -> None:
        self.thing.clear()
        self.thing.update(value)

    def is_same(self, one: Any, other: Any) -> bool:
        return bool(one == other)


class ClassMemory(Memory):
    """The bases and attributes of a class."""

    OWN_TO_THE_OBJECT: ClassVar = {"__dict__", "__weakref__", "_abc_impl"}

    def read(self) -> dict[Any, Any]:
        contents = {name: vars(self.thing)[name] for name in class_names(self.thing)}
        return {None: self.thing.__bases__, **contents}

    def write(self, name: Any, value: Any) -> None:
        if name is None:
            self.thing.__bases__ = value
        elif value is MISSING:
            type.__delattr__(self.thing, name)
        else:
            type.__setattr__(self.thing, name, value)


def class_names(cls: type) -> list[str]:
    """The names of a class's attributes that another version of it can have as well."""
    return [name for name in vars(cls) if name not in ClassMemory.OWN_TO_THE_OBJECT]


class FunctionMemory(Memory):
    """What a function consists of."""

    PARTS: ClassVar = ("__code__", "__defaults__", "__kwdefaults__", "__annotations__", "__doc__")

    def read(self) -> dict[Any, Any]:
        return {part: getattr(self.thing, part) for part in self.PARTS}

    def write(self, name: Any, value: Any) -> None:
        setattr(self.thing, name, value)


class CellMemory(Memory):
    """The variable that functions share with the function they were made in."""

    def read(self) -> dict[Any, Any]:
        try:
            return {None: self.thing.cell_contents}
        except ValueError:
            return {}

    def write(self, name: Any, value: Any) -> None:
        if value is MISSING:
            del self.thing.cell_contents
        else:
            self.thing.cell_contents = value


class AttributeMemory(Memory):
    """Attributes that are kept in the engine: of the window, or of a process while it lives."""

    def __init__(self, thing: Any, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__(thing)

    def read(self) -> dict[Any, Any]:
        if not getattr(self.thing, "is_alive", True):
            return {}
        return {name: getattr(self.thing, name) for name in self.names}

    def is_same(self, one: Any, other: Any) -> bool:
        return one is other or bool(one == other)

    def write(self, name: Any, value: Any) -> None:
        if getattr(self.thing, "is_alive", True) and value is not MISSING:
            setattr(self.thing, name, value)


CONTAINERS: dict[type, type[Memory]] = {
    dict: DictMemory,
    list: SequenceMemory,
    bytearray: SequenceMemory,
    set: SetMemory,
}
"""How each kind of container is remembered."""


class Journal:
    """The memories of all things that an update may change."""

    def __init__(self) -> None:
        self.memories: list[Memory | ActionMemory | ComponentMemory] = []
        self.known: set[int] = set()
        self.things: list[Any] = []

    def add(self, memory: Memory | ActionMemory | ComponentMemory) -> None:
        """Have one more thing undone; the last one first."""
        self.memories.append(memory)

    def is_new(self, thing: Any) -> bool:
        """Whether a thing is met for the first time; it is kept, so that its id stays its own."""
        if id(thing) in self.known:
            return False
        self.known.add(id(thing))
        self.things.append(thing)
        return True

    def remember_class(self, cls: type) -> None:
        """Remember a class, before it is changed."""
        if self.is_new(cls):
            self.add(ClassMemory(cls))

    def remember_function(self, function: FunctionType) -> None:
        """Remember a function, before it is changed."""
        if self.is_new(function):
            self.add(FunctionMemory(function))
            self.add(DictMemory(vars(function)))

    def remember_cell(self, cell: CellType) -> None:
        """Remember a cell, before it is changed."""
        if self.is_new(cell):
            self.add(CellMemory(cell))

    def remember_contents(self, value: Any) -> None:
        """Remember what a plain container holds, and those in it."""
        waiting = [value]
        while waiting:
            value = waiting.pop()
            kind = type(value)
            if kind not in CONTAINERS and kind is not tuple or not self.is_new(value):
                continue
            if kind is not tuple:
                self.add(CONTAINERS[kind](value))
            if kind is dict:
                waiting.extend(value.values())
            elif kind in (list, tuple):
                waiting.extend(value)

    def settle(self) -> None:
        """Find out what has changed, and keep that alone."""
        self.memories = [memory for memory in self.memories if memory.settle()]
        self.known.clear()
        self.things.clear()

    def undo(self) -> None:
        """Put back what has changed until `settle` was called."""
        for memory in reversed(self.memories):
            memory.undo()
        self.memories.clear()
