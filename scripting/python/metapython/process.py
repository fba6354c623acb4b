"""Processes: objects that the machine steps."""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from metapython import _coroutine, _declaration, _documentation, _family, _method, _native
from metapython._native import Component, ProcessHandle
from metapython.base import Base, BaseType

if TYPE_CHECKING:
    import inspect

T = TypeVar("T")


def setting(name: str) -> property:
    """The attribute of process classes that is a setting of their objects, where none is given."""
    return property(
        lambda cls: cls._metapython_declaration.settings[name],
        lambda cls, value: _declaration.assign_setting(cls, name, value),
        lambda cls: _declaration.retract_setting(cls, name),
        f"The {name} of the class's objects, where none is given.",
    )


class ProcessType(BaseType):
    # The class of process classes: reads their declarations, and starts what they create. What it
    # keeps on a class or takes as a keyword for itself begins with `_metapython_`: all other names
    # are the authors'.
    __doc__ = BaseType.__dict__["__doc__"]

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
            _declaration.assign(cls, name, _method.public(cls, name, value))

    def __delattr__(cls, name: str) -> None:
        if name.startswith("_") or name in _declaration.SETTINGS:
            super().__delattr__(name)
        else:
            _declaration.retract(cls, name)

    @property
    def __signature__(cls) -> inspect.Signature:
        """What the class is called with; `terms` are those that every process class takes."""
        init = cls.__init__  # type: ignore[misc]
        return _documentation.class_signature(cls, init, init is not Process.__init__)

    priority: Any = setting("priority")
    interval: Any = setting("interval")
    missed: Any = setting("missed")
    restart: Any = setting("restart")
    memory_size: Any = setting("memory_size")
    hotkeys: Any = setting("hotkeys")

    # Type checkers take from here what a call makes, and everything else from the class.
    def __call__(
        cls: type[T],
        *args: Any,
        instance_name: str | None = None,
        parent: Base | None = None,
        _metapython_prepare: Callable[[Process], object] | None = None,
        **kwargs: Any,
    ) -> T:
        kind: Any = cls
        if kind.__abstractmethods__:
            missing = ", ".join(sorted(kind.__abstractmethods__))
            raise TypeError(f"{kind.__name__} is abstract: a subclass must define {missing}")
        if parent is not None and not isinstance(parent, Base):
            found = type(parent).__name__
            raise TypeError(f"{kind.__name__}(parent=...) is an object of the framework, not {found}")
        own = {name: kwargs.pop(name) for name in _declaration.SETTINGS if name in kwargs}
        process: Any = kind.__new__(kind, *args, **kwargs)
        if not isinstance(process, kind):
            return cast(T, process)
        kind = type(process)
        declaration = kind._metapython_declaration
        settings = declaration.settings
        if own:
            settings = {**settings, **own}
        name = f"{kind.__module__}.{kind.__qualname__}"
        known_parent = parent if isinstance(parent, ProcessHandle) else None
        _native.spawn_process(
            process, name, settings, instance_name=instance_name, parent=known_parent
        )
        try:
            if parent is not None and not isinstance(parent, ProcessHandle):
                _family.adopt(parent, process)
            for default in declaration.components.values():
                _native.insert_component(process, default, copied=True)
            if _metapython_prepare is not None:
                _metapython_prepare(process)
            # One by one, and not through its `__dict__`: that would be made for it, and each step's
            # access to an attribute would cost more from then on.
            for name, value in declaration.attributes.items():
                set_attribute(process, name, value)
            for name in declaration.mutable:
                value = declaration.attributes[name]
                set_attribute(process, name, _declaration.copied(kind, name, value))
            process.__init__(*args, **kwargs)
            _native.launch_process(process)
        except BaseException:
            _native.abandon_process(process)
            _family.end(process)
            raise
        return cast(T, process)


set_attribute = object.__setattr__

native_name = ProcessHandle.__dict__["instance_name"].__get__


class Process(Base, ProcessHandle, metaclass=ProcessType):
    """Something that the machine steps at an interval, by priority, until it is deleted.

    Subclass it, and create objects of the subclass: each is stepped from the next tick on. What the
    class declares with a type is a default that keywords override::

        class Ball(Process):
            interval = 0.5
            elasticity: float = 1.0

        Ball(elasticity=0.9, interval=0.25)

    Its settings are class attributes too, which keywords and the process's own attributes override:
    `priority` (the higher one steps first), `interval` (seconds; 0 is every tick), `missed` (what
    becomes of due times that a step waited through: "skip", "burst" or "delay"), `restart` (a
    `Restart`, to start anew after a fault instead of being held), `memory_size` (bytes of messages
    that may wait) and `hotkeys` (what is pressed to call a method: `{"Ctrl+S": "save"}`). Every class also takes `instance_name=` and `parent=`.

    With `async def run(self)` a process is one coroutine from its creation to its end, which awaits
    `sleep(...)`, `next_tick()`, `self.message()`, an `Instruction` or the end of another process.
    When it returns, the process is deleted.
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

    if TYPE_CHECKING:
        # Either of two signatures; checkers take this one to be compatible with both.
        def run(self, *args: Any, **kwargs: Any) -> Any:
            """Do one step: `run(self, dt)`, or be a coroutine: `async def run(self)`."""
    else:

        def run(self, dt):
            """Do one step; `dt` is the time since the process's last step, seconds.

            As `async def run(self)` it is the whole life of the process instead.
            """

    def migrate(self, old_version: SimpleNamespace) -> None:
        """Do what a new version of the class needs of an object that lives already.

        Called once on each object after its class was updated, when it has the new defaults.
        `old_version` has what the class had before: defaults, methods (as plain functions),
        everything under its name. What this raises takes the update back.
        """

    @property
    def instance_name(self) -> str:
        """The unique name of the process: `Ball`, `Ball1`, `Ball2`. It outlives the process."""
        return cast(str, native_name(self))

    @property
    def is_alive(self) -> bool:
        """Whether the process exists: created and not deleted."""
        return _family.is_alive(self)

    @overload
    def add(self, item: Base) -> None: ...
    @overload
    def add(self, item: object) -> None: ...
    def add(self, item: object) -> None:
        """Take an object as a child, deleted with this one, or a component as one's own."""
        if isinstance(item, Base):
            super().add(item)
        else:
            _native.insert_component(self, cast(Component, item))

    pause = ProcessHandle.pause
    resume = ProcessHandle.resume
    delete = ProcessHandle.delete
    send_to = ProcessHandle.send_to
    read_messages = ProcessHandle.read_messages

    def message(self, timeout: float | None = None) -> Message:
        """Wait for the next message to this process: `await self.message()`, in its coroutine.

        Raises TimeoutError if none comes in `timeout` seconds of simulation time, 0 to 1e9, and
        ValueError for another number of them.
        """
        return Message(self, timeout)


class Message:
    """What `Process.message` returns, to be awaited."""

    def __init__(self, process: Process, timeout: float | None) -> None:
        self.process = process
        self.timeout = timeout

    def __await__(self) -> Generator[Any, Any, bytes]:
        return _coroutine.message(self.process, self.timeout)


def attributes(process: Process) -> dict[str, Any]:
    """What a process holds besides its components: what it declares, then what it was given."""
    declared = type(process)._metapython_declaration.attributes
    own = vars(process)
    held = {**{name: own.get(name, value) for name, value in declared.items()}, **own}
    held.pop(_family.KEY, None)
    return held
