"""What a process class declares: settings, components and attributes."""

from __future__ import annotations

import sys
from typing import Any

from metapython._native import Component, ComponentDescriptor

SETTINGS = {"priority": 0, "interval": 0.0}
"""Class attributes that say when a process is stepped, with their defaults."""

NOT_RUN_BY_CALL = 0x20 | 0x80 | 0x200
"""The flags of generators and coroutines, which a call makes and does not run (see `inspect.CO_GENERATOR`
and its neighbours; the module itself takes longer to import than all of this package)."""

IMMUTABLE = (int, float, complex, bool, str, bytes, type(None), frozenset, type, range)
"""Types whose values objects can share; of all others each object gets a copy."""


class Declaration:
    """What objects of a process class begin with, inherited declarations included."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = dict(SETTINGS)
        self.components: dict[str, Component] = {}
        self.attributes: dict[str, Any] = {}
        self.mutable: list[str] = []
        self.required: list[str] = []

    def inherit(self, other: Declaration) -> None:
        """Take over what a base class declares."""
        self.settings.update(other.settings)
        self.components.update(other.components)
        self.attributes.update(other.attributes)
        self.mutable += [name for name in other.mutable if name not in self.mutable]
        self.required += [name for name in other.required if name not in self.required]

    def forget(self, name: str) -> None:
        """Drop what a base class declared under a name that is declared anew."""
        self.components.pop(name, None)
        self.attributes.pop(name, None)
        for names in (self.mutable, self.required):
            if name in names:
                names.remove(name)

    def names(self) -> list[str]:
        """What keywords can set."""
        return [*self.components, *self.attributes, *self.required]

    def check(self, cls: type, name: str) -> None:
        """Raise TypeError if the class declares no such name."""
        if name not in self.components and name not in self.attributes:
            if name not in self.required:
                raise TypeError(
                    f"{cls.__name__} has no attribute {name!r} to set{nearest(name, self.names())}"
                )


def nearest(name: str, names: list[str]) -> str:
    """A hint at the name that was meant, or at those that there are."""
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; it has {', '.join(names)}" if names else "; it declares none"


def declare(cls: type) -> Declaration:
    """Read the declarations of a process class, and put descriptors in their places."""
    declaration = Declaration()
    for base in reversed(cls.__mro__[1:]):
        inherited = base.__dict__.get("_declaration")
        if inherited is not None:
            declaration.inherit(inherited)
    namespace = cls.__dict__
    for name in SETTINGS:
        if name in namespace and not hasattr(namespace[name], "__get__"):
            declaration.settings[name] = setting(cls, name, namespace[name])
            delattr(cls, name)
    code = getattr(namespace.get("run"), "__code__", None)
    if code is not None and code.co_flags & NOT_RUN_BY_CALL:
        raise TypeError(
            f"{cls.__name__}.run must be an ordinary method, `def run(self, dt)`, without `async` and `yield`"
        )
    annotations = own_annotations(cls)
    for name, value in list(namespace.items()):
        if isinstance(value, Component):
            declare_component(cls, declaration, name, value)
    for name, annotation in annotations.items():
        if name.startswith("_") or name in SETTINGS or is_class_variable(annotation):
            continue
        if isinstance(namespace.get(name), ComponentDescriptor):
            continue
        refuse_hiding(cls, name)
        if name in namespace:
            declaration.forget(name)
            declaration.attributes[name] = namespace[name]
            if not is_immutable(namespace[name]):
                declaration.mutable.append(name)
            continue
        kind = resolve(cls, annotation)
        if isinstance(kind, type) and issubclass(kind, Component):
            declare_component(cls, declaration, name, kind())
        elif name not in declaration.attributes and name not in declaration.components:
            declaration.forget(name)
            declaration.required.append(name)
    return declaration


def setting(cls: type, name: str, value: Any) -> Any:
    """Check a setting that a class declares."""
    kind = int if name == "priority" else (int, float)
    if isinstance(value, bool) or not isinstance(value, kind):
        expected = "a whole number" if name == "priority" else "a number of seconds"
        raise TypeError(f"{cls.__name__}.{name} is {expected}, not {value!r}")
    return value


def refuse_hiding(cls: type, name: str) -> None:
    """Raise TypeError if an attribute would hide what every process has."""
    for base in cls.__mro__[1:]:
        if name in base.__dict__ and base.__module__.partition(".")[0] == "metapython":
            raise TypeError(
                f"{cls.__name__} cannot have an attribute {name!r}: it would hide what every "
                f"process has under that name; choose another"
            )


def declare_component(cls: type, declaration: Declaration, name: str, default: Component) -> None:
    """Make a component that objects of the class have under a name."""
    refuse_hiding(cls, name)
    declaration.forget(name)
    declaration.components[name] = default
    setattr(cls, name, ComponentDescriptor(type(default), default))


def own_annotations(cls: type) -> dict[str, Any]:
    """The annotations of the class itself, evaluated or not."""
    if sys.version_info >= (3, 14):
        import annotationlib

        forward = annotationlib.Format.FORWARDREF
        return dict(annotationlib.get_annotations(cls, format=forward))
    return dict(cls.__dict__.get("__annotations__", {}))


def is_class_variable(annotation: Any) -> bool:
    """Whether an annotation is ClassVar, written out or not."""
    text = annotation if isinstance(annotation, str) else str(annotation)
    return text.startswith(("ClassVar", "typing.ClassVar"))


def resolve(cls: type, annotation: Any) -> Any:
    """The type that an annotation names, or None where it cannot be told."""
    if not isinstance(annotation, str):
        return annotation
    scope = vars(sys.modules.get(cls.__module__, sys))
    value: Any = scope.get(annotation.split(".")[0])
    for part in annotation.split(".")[1:]:
        value = getattr(value, part, None)
    return value


def is_immutable(value: Any) -> bool:
    """Whether objects can share the value."""
    if isinstance(value, tuple):
        return all(is_immutable(item) for item in value)
    return isinstance(value, IMMUTABLE) or callable(value)
