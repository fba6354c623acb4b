"""What a process class declares: settings, components and attributes."""

from __future__ import annotations

import copy
from types import MappingProxyType
from typing import Any

from metapython import _native
from metapython._annotation import is_class_variable, own_annotations, resolver
from metapython._native import Component, ComponentDescriptor

SETTINGS = {
    "priority": 0,
    "interval": 0.0,
    "missed": "skip",
    "restart": None,
    "memory_size": _native.DEFAULT_MEMORY_SIZE,
    "hotkeys": MappingProxyType({}),
}
"""Class attributes that say how a process is stepped, with their defaults."""

CO_COROUTINE = 0x80
GENERATORS = 0x20 | 0x200
"""The flags of `async def` and of generators (see `inspect.CO_COROUTINE`, `CO_GENERATOR` and
`CO_ASYNC_GENERATOR`; the module itself takes longer to import than all of this package)."""

SHARED = (
    *(int, float, complex, bool, str, bytes, type(None), frozenset, type, range, type(_native)),
    *(_native.ProcessHandle, _native.Instruction, _native.Execution, _native.Restart),
    *(_native.Voice, _native.Machine, _native.Window, _native.Input),
    *(_native.Action, _native.Gamepad),
)
"""Types whose values objects share: they do not change, or are one thing however many know it. Of
all others each object gets a copy."""

OWN = "_metapython_own"
"""Where a class keeps what it declares itself."""

WHOLE = "_metapython_declaration"
"""Where a class keeps that with what it inherits: what its objects begin with."""


class Declaration:
    """What a class declares: itself, or with what it inherits."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.components: dict[str, Component] = {}
        self.attributes: dict[str, Any] = {}
        self.required: list[str] = []
        self.annotations: dict[str, Any] = {}
        self.mutable: list[str] = []
        self.is_async = False

    def __contains__(self, name: str) -> bool:
        return name in self.components or name in self.attributes or name in self.required

    def names(self) -> list[str]:
        """What keywords can set."""
        return [*self.components, *self.attributes, *self.required]

    def forget(self, name: str) -> None:
        """Drop what was declared under a name."""
        self.components.pop(name, None)
        self.attributes.pop(name, None)
        if name in self.required:
            self.required.remove(name)

    def take(self, cls: type) -> None:
        """Take in what one more class declares, which comes before those taken so far."""
        own = cls.__dict__.get(OWN, NOTHING)
        for name in self.names():
            if name in cls.__dict__ and name not in own:
                self.override(cls, name, cls.__dict__[name])
        self.settings.update(own.settings)
        self.annotations.update(own.annotations)
        for name in own.names():
            if name in own.required and name in self:
                continue
            self.forget(name)
            if name in own.components:
                self.components[name] = own.components[name]
            elif name in own.attributes:
                self.attributes[name] = own.attributes[name]
            else:
                self.required.append(name)

    def override(self, cls: type, name: str, value: Any) -> None:
        """Take in what a class puts, without a type, in the place of something declared."""
        if is_descriptor(value):
            self.forget(name)
        elif name in self.components:
            raise TypeError(wrong_component(cls, name, self.components[name], value))
        else:
            if name in self.required:
                self.required.remove(name)
            self.attributes[name] = value

    def check(self, cls: type, name: str) -> None:
        """Raise TypeError if the class declares no such name."""
        if name in self:
            return
        for base in cls.__mro__:
            value = base.__dict__.get(name)
            if value is None or is_ours(base) or name.startswith("_"):
                continue
            if name in own_annotations(base):
                raise TypeError(f"{cls.__name__}.{name} is the same for all objects: a ClassVar")
            if not is_descriptor(value) and not callable(value):
                raise TypeError(
                    f"{cls.__name__} has no attribute {name!r} to set; annotate it: "
                    f"{name}: {type(value).__name__} = {shortened(repr(value))}"
                )
        raise TypeError(
            f"{cls.__name__} has no attribute {name!r} to set{nearest(name, self.names())}"
        )


NOTHING = Declaration()
"""What a class that is no process class declares."""


def nearest(name: str, names: list[str]) -> str:
    """A hint at the name that was meant, or at those that there are."""
    hint = _native.did_you_mean(name, names)
    if hint or not names:
        return hint or "; it declares none"
    return f"; it has {', '.join(names)}"


def copied(cls: type, name: str, value: Any) -> Any:
    """A copy of a default for one object; TypeError if it cannot be copied."""
    try:
        return copy.deepcopy(value)
    except Exception as error:
        raise TypeError(
            f"{cls.__name__}.{name} cannot be copied for each object ({error}): set it in __init__"
        ) from None


def shortened(text: str) -> str:
    """The text, or as much of it as a message has room for."""
    return text if len(text) <= 40 else "..."


def take_settings(name: str, namespace: dict[str, Any]) -> Declaration:
    """What the body of a class called `name` says of its settings, taken out of its namespace.

    They are no attributes of the class, because those would hide the process's own.
    """
    own = Declaration()
    for key in SETTINGS:
        if key in namespace:
            _native.check_setting(name, key, namespace[key])
            own.settings[key] = namespace.pop(key)
    return own


def declare(cls: type) -> None:
    """Read the declarations of a process class, and put descriptors in their places."""
    own: Declaration = cls.__dict__[OWN]
    inherited = Declaration()
    for base in reversed(cls.__mro__[1:]):
        inherited.take(base)
    check_run(cls, cls.__dict__.get("run"))
    own.annotations = {
        name: annotation
        for name, annotation in own_annotations(cls).items()
        if not name.startswith("_") and name not in SETTINGS and not is_class_variable(annotation)
    }
    for base in cls.__mro__:
        if is_ours(base):
            break
        for name, value in base.__dict__.items():
            refuse_hiding(cls, name, value)
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, Component):
            declare_component(cls, name, value)
    type_of = resolver(cls)
    for name, annotation in own.annotations.items():
        if name in own.components:
            continue
        refuse_hiding(cls, name, None)
        value = cls.__dict__.get(name)
        if name in cls.__dict__ and not hasattr(type(value), "__set__"):
            own.attributes[name] = value
        else:
            declare_without_default(cls, inherited, name, type_of(annotation))
    redeclare(cls)
    check_hotkeys(cls)


def check_run(cls: type, run: Any) -> None:
    """Raise TypeError if a method is none that can be a process's `run`."""
    code = getattr(run, "__code__", None)
    if code is None:
        return
    if code.co_flags & GENERATORS:
        raise TypeError(
            f"{cls.__name__}.run is a generator: it must be `def run(self, dt)` without `yield`, or "
            "`async def run(self)`"
        )
    needed = code.co_argcount - len(run.__defaults__ or ())
    if code.co_flags & CO_COROUTINE and needed > 1:
        raise TypeError(
            f"{cls.__name__}.run takes no dt, as it is called once: `async def run(self)`; "
            "`await sleep(...)` and `await next_tick()` give the seconds since the step before"
        )


def check_hotkeys(cls: type) -> None:
    """Raise TypeError if a hotkey calls a method that a class has not."""
    for control, method in cls.__dict__[WHOLE].settings["hotkeys"].items():
        if not callable(getattr(cls, method, None)):
            methods = [name for name in dir(cls) if callable(getattr(cls, name, None))]
            raise TypeError(
                f"{cls.__name__}.hotkeys[{control!r}] calls {method}(), and {cls.__name__} has no such "
                f"method{_native.did_you_mean(method, methods) or ''}"
            )


def declare_without_default(cls: type, inherited: Declaration, name: str, kind: Any) -> None:
    """Make a component, or an attribute that must be given, that a class annotates with a type."""
    own: Declaration = cls.__dict__[OWN]
    if isinstance(kind, type) and issubclass(kind, Component):
        if not isinstance(inherited.components.get(name), kind):
            declare_component(cls, name, kind())
    elif name not in cls.__dict__:
        own.required.append(name)


def declare_component(cls: type, name: str, default: Component) -> None:
    """Make a component that objects of the class have under a name."""
    refuse_hiding(cls, name, default)
    own: Declaration = cls.__dict__[OWN]
    own.forget(name)
    own.components[name] = default
    type.__setattr__(cls, name, ComponentDescriptor(type(default), default))


def exchange_components(cls: type, components: dict[str, Component]) -> None:
    """Put other components in the places of some that a class declares; `redeclare` has to follow.

    What the class declares is copied: whoever takes it back has the one before.
    """
    own: Declaration = copy.copy(cls.__dict__[OWN])
    own.components = {**own.components, **components}
    type.__setattr__(cls, OWN, own)
    for name, component in components.items():
        type.__setattr__(cls, name, ComponentDescriptor(type(component), component))


def assign(cls: type, name: str, value: Any) -> None:
    """Set an attribute of a class: a default, if the class declares it, of objects to come.

    Raises what the same line in the body of the class would raise.
    """
    own: Declaration = cls.__dict__[OWN]
    whole: Declaration = cls.__dict__.get(WHOLE, NOTHING)
    if isinstance(value, Component):
        default = whole.components.get(name, value)
        if not isinstance(value, type(default)):
            raise TypeError(wrong_component(cls, name, default, value))
        refuse_two_of_a_kind(cls, {**whole.components, name: value})
        declare_component(cls, name, value)
    elif name in whole.components and not is_descriptor(value):
        raise TypeError(wrong_component(cls, name, whole.components[name], value))
    else:
        refuse_hiding(cls, name, value)
        type.__setattr__(cls, name, value)
        if name not in whole:
            return
        own.forget(name)
        if not is_descriptor(value):
            own.attributes[name] = value
    if WHOLE in cls.__dict__:
        redeclare(cls)


def retract(cls: type, name: str) -> None:
    """Delete an attribute of a class, and with it what the class declares under that name.

    Raises AttributeError if the class itself has no such attribute.
    """
    type.__delattr__(cls, name)
    cls.__dict__[OWN].forget(name)
    redeclare(cls)


def assign_setting(cls: type, name: str, value: Any) -> None:
    """Set a setting with which objects of a class begin from now on."""
    _native.check_setting(cls.__name__, name, value)
    cls.__dict__[OWN].settings[name] = value
    if WHOLE in cls.__dict__:
        redeclare(cls)


def retract_setting(cls: type, name: str) -> None:
    """Have the objects of a class begin with the value of a setting that it inherits.

    Raises AttributeError if the class has none of its own.
    """
    own: Declaration = cls.__dict__[OWN]
    if name not in own.settings:
        raise AttributeError(f"{cls.__name__} itself has no {name}")
    del own.settings[name]
    redeclare(cls)


def redeclare(cls: type) -> None:
    """Bring together anew what a class and its subclasses declare and inherit.

    Raises TypeError if two attributes are components of one kind.
    """
    whole = Declaration()
    whole.settings.update(SETTINGS)
    for base in reversed(cls.__mro__):
        whole.take(base)
    refuse_two_of_a_kind(cls, whole.components)
    code = getattr(getattr(cls, "run", None), "__code__", None)
    whole.is_async = code is not None and bool(code.co_flags & CO_COROUTINE)
    whole.mutable = [name for name, value in whole.attributes.items() if not is_immutable(value)]
    type.__setattr__(cls, WHOLE, whole)
    subclasses: list[type] = type.__subclasses__(cls)
    for subclass in subclasses:
        if WHOLE in subclass.__dict__:
            redeclare(subclass)


def refuse_two_of_a_kind(cls: type, components: dict[str, Component]) -> None:
    """Raise TypeError if two attributes are components of one kind."""
    names: dict[Any, str] = {}
    for name, component in components.items():
        other = names.setdefault(type(component).__kind__, name)  # type: ignore[attr-defined]
        if other != name:
            raise TypeError(
                f"{cls.__name__}.{other} and {cls.__name__}.{name} are both a "
                f"{type(component).__name__}, and a process has one at most: keep one of them"
            )


def refuse_hiding(cls: type, name: str, value: Any) -> None:
    """Raise TypeError if an attribute would hide what every process has.

    A method may take the place of a method, and a property that of a property.
    """
    if name.startswith("_"):
        return
    for base in cls.__mro__:
        if not is_ours(base) or name not in base.__dict__ or base.__dict__[name] is value:
            continue
        if callable(base.__dict__[name]):
            fits = callable(value) or is_descriptor(value)
        else:
            fits = is_descriptor(value) and not callable(value)
        if not fits:
            raise TypeError(
                f"{cls.__name__} cannot have an attribute {name!r}: it would hide what every "
                f"process has under that name; choose another"
            )
        return


def wrong_component(cls: type, name: str, component: Component, value: Any) -> str:
    """What is wrong with a value in the place of a component."""
    return f"{cls.__name__}.{name} is a {type(component).__name__}, not {shortened(repr(value))}"


def is_ours(cls: type) -> bool:
    """Whether a class is part of the framework."""
    return cls.__module__.partition(".")[0] == "metapython"


def is_descriptor(value: Any) -> bool:
    """Whether a class attribute is a method, a property, or the like."""
    return hasattr(type(value), "__get__")


def is_immutable(value: Any) -> bool:
    """Whether objects can share the value."""
    if isinstance(value, tuple):
        return all(is_immutable(item) for item in value)
    return isinstance(value, SHARED) or callable(value)
