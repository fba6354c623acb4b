"""Processes: objects that the machine steps."""

from __future__ import annotations

import copy
from typing import Any, TypeVar, cast, overload

from metapython import _declaration, _native
from metapython._loading import find_class
from metapython._native import Component, ProcessHandle
from metapython.base import Base

T = TypeVar("T")


class ProcessType(type):
    """The class of process classes: reads their declarations, and starts what they create."""

    _declaration: _declaration.Declaration

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:
        super().__init__(name, bases, namespace)
        cls._declaration = _declaration.declare(cls)

    def __call__(
        cls,
        *args: Any,
        instance_name: str | None = None,
        priority: int | None = None,
        interval: float | None = None,
        parent: Process | None = None,
        **kwargs: Any,
    ) -> Any:
        declaration = cls._declaration
        process: Any = cls.__new__(cls, *args, **kwargs)  # type: ignore[arg-type]
        settings = declaration.settings
        process._spawn(
            f"{cls.__module__}.{cls.__qualname__}",
            instance_name=instance_name,
            priority=settings["priority"] if priority is None else priority,
            interval=settings["interval"] if interval is None else interval,
            parent=parent,
        )
        try:
            for name, default in declaration.components.items():
                setattr(process, name, default)
            for name in declaration.mutable:
                setattr(process, name, copy.deepcopy(declaration.attributes[name]))
            process.__init__(*args, **kwargs)
            process._launch()
        except BaseException:
            process._abandon()
            raise
        return process


class Setting:
    """A class attribute with which a process begins, and that is its own afterwards."""

    def __init__(self, doc: str) -> None:
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.native = f"_{name}"

    def __get__(self, process: Process | None, owner: ProcessType) -> Any:
        if process is None:
            return owner._declaration.settings[self.name]
        return getattr(process, self.native)

    def __set__(self, process: Process, value: Any) -> None:
        setattr(process, self.native, value)


native_name = ProcessHandle.__dict__["instance_name"].__get__


class Process(Base, ProcessHandle, metaclass=ProcessType):
    """Something that the machine steps at an interval, by priority, until it is deleted.

    Subclass it, and create objects of the subclass: each is stepped from the next tick on. What the
    class declares with a type is a default that keywords override::

        class Ball(Process):
            interval = 0.5
            elasticity: float = 1.0

        Ball(elasticity=0.9, interval=0.25)

    Every class also takes `instance_name=`, `priority=`, `interval=` and `parent=`.
    """

    priority: int = Setting("Which process steps first in a tick: the higher one.")  # type: ignore[assignment]
    interval: float = Setting("Seconds between two steps; 0 means every tick.")  # type: ignore[assignment]

    def __init__(self, **attributes: Any) -> None:
        """Set attributes that the class declares; TypeError for any other."""
        declaration = type(self)._declaration
        for name, value in attributes.items():
            declaration.check(type(self), name)
            setattr(self, name, value)
        for name in declaration.required:
            if name not in attributes:
                raise TypeError(f"{type(self).__name__} needs {name}=, which has no default")

    def start(self) -> None:
        """Do what comes before the first step; called once."""

    def run(self, dt: float) -> None:
        """Do one step; `dt` is the time since the process's last step, seconds."""

    @property
    def instance_name(self) -> str:
        """The unique name of the process: `Ball`, `Ball1`, `Ball2`. It outlives the process."""
        return cast(str, native_name(self))

    def create(self, cls: type[T] | str, *args: Any, **kwargs: Any) -> T:
        """Create an object of a class, or of the class that "module.Class" names.

        A process becomes a child of this one, deleted with it, unless `parent=` says otherwise.
        """
        found: Any = find_class(cls) if isinstance(cls, str) else cls
        if issubclass(found, Process):
            kwargs.setdefault("parent", self)
        return cast(T, found(*args, **kwargs))

    @overload
    def add(self, item: Process) -> None: ...
    @overload
    def add(self, item: Component) -> None: ...
    def add(self, item: Process | Component) -> None:
        """Take a process as a child, deleted with this one, or a component as one's own."""
        if isinstance(item, Process):
            self._adopt(item)
        else:
            self._insert(item)

    def remove(self, child: Process) -> None:
        """Let a child go: it lives on when this process is deleted. ValueError if it is none."""
        self._disown(child)

    def read_messages(self) -> list[bytes]:
        """Take the messages sent to this process before this tick, oldest first."""
        return _native.read_messages(self)

    def _attributes(self) -> dict[str, Any]:
        """What the process holds besides its components: what it declares, then what it was given."""
        declared = type(self)._declaration.attributes
        own = vars(self)
        return {**{name: own.get(name, value) for name, value in declared.items()}, **own}
