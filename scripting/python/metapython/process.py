"""Processes: objects that the machine steps."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable
from typing import Any, TypeVar, cast, overload

from metapython import _declaration, _native
from metapython._loading import find_class
from metapython._native import Component, ProcessHandle
from metapython.base import Base

T = TypeVar("T")


class ProcessType(ABCMeta):
    """The class of process classes: reads their declarations, and starts what they create.

    It is one of abstract classes, so that a process can be one. What it keeps on a class or takes
    as a keyword for itself begins with `_metapython_`: all other names are the authors'.
    """

    _metapython_own: _declaration.Declaration
    _metapython_declaration: _declaration.Declaration

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], /, **kwargs: Any
    ) -> ProcessType:
        namespace = dict(namespace)
        namespace[_declaration.OWN] = _declaration.take_settings(name, namespace)
        return super().__new__(mcls, name, bases, namespace, **kwargs)

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], /, **kwargs: Any
    ) -> None:
        super().__init__(name, bases, namespace)
        _declaration.declare(cls)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name.startswith("_") or name in _declaration.SETTINGS:
            super().__setattr__(name, value)
        else:
            _declaration.assign(cls, name, value)

    def __delattr__(cls, name: str) -> None:
        if name.startswith("_") or name in _declaration.SETTINGS:
            super().__delattr__(name)
        else:
            _declaration.retract(cls, name)

    @property
    def priority(cls) -> int:
        """The priority of the class's objects, where none is given."""
        return cast(int, cls._metapython_declaration.settings["priority"])

    @priority.setter
    def priority(cls, value: int) -> None:
        _declaration.assign_setting(cls, "priority", value)

    @priority.deleter
    def priority(cls) -> None:
        _declaration.retract_setting(cls, "priority")

    @property
    def interval(cls) -> float:
        """The interval of the class's objects, where none is given."""
        return cast(float, cls._metapython_declaration.settings["interval"])

    @interval.setter
    def interval(cls, value: float) -> None:
        _declaration.assign_setting(cls, "interval", value)

    @interval.deleter
    def interval(cls) -> None:
        _declaration.retract_setting(cls, "interval")

    # Type checkers take from here what a call makes, and everything else from the class.
    def __call__(
        cls: type[T],
        *args: Any,
        instance_name: str | None = None,
        priority: int | None = None,
        interval: float | None = None,
        parent: Process | None = None,
        _metapython_prepare: Callable[[Process], object] | None = None,
        **kwargs: Any,
    ) -> T:
        kind: Any = cls
        if kind.__abstractmethods__:
            missing = ", ".join(sorted(kind.__abstractmethods__))
            raise TypeError(f"{kind.__name__} is abstract: a subclass must define {missing}")
        process: Any = kind.__new__(kind, *args, **kwargs)
        if not isinstance(process, kind):
            return cast(T, process)
        kind = type(process)
        declaration = kind._metapython_declaration
        settings = declaration.settings
        _native.spawn_process(
            process,
            f"{kind.__module__}.{kind.__qualname__}",
            instance_name=instance_name,
            priority=settings["priority"] if priority is None else priority,
            interval=settings["interval"] if interval is None else interval,
            parent=parent,
        )
        try:
            for default in declaration.components.values():
                _native.insert_component(process, default)
            if _metapython_prepare is not None:
                _metapython_prepare(process)
            attributes = process.__dict__
            attributes.update(declaration.attributes)
            for name in declaration.mutable:
                attributes[name] = _declaration.copied(kind, name, attributes[name])
            process.__init__(*args, **kwargs)
            _native.launch_process(process)
        except BaseException:
            _native.abandon_process(process)
            raise
        return cast(T, process)


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

    def __init__(self, **attributes: Any) -> None:
        """Set attributes that the class declares; TypeError for any other."""
        declaration = type(self)._metapython_declaration
        for name, value in attributes.items():
            declaration.check(type(self), name)
            setattr(self, name, value)
        for name in declaration.required:
            if name not in attributes:
                raise TypeError(f"{type(self).__name__} needs {name}=, which has no default")

    def __copy__(self) -> Process:
        """The process itself: there is one of each."""
        return self

    def __deepcopy__(self, memo: object) -> Process:
        return self

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
            _native.adopt_process(self, item)
        else:
            _native.insert_component(self, item)

    def remove(self, child: Process) -> None:
        """Let a child go: it lives on when this process is deleted. ValueError if it is none."""
        _native.disown_process(self, child)

    def read_messages(self) -> list[bytes]:
        """Take the messages sent to this process before this tick, oldest first."""
        return _native.read_messages(self)


def attributes(process: Process) -> dict[str, Any]:
    """What a process holds besides its components: what it declares, then what it was given."""
    declared = type(process)._metapython_declaration.attributes
    own = vars(process)
    return {**{name: own.get(name, value) for name, value in declared.items()}, **own}
