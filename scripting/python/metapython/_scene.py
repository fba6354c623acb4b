"""What a scene says of a process, checked against the process's class."""

from __future__ import annotations

from typing import Any

from metapython._declaration import SETTINGS
from metapython.process import Process

KINDS: tuple[tuple[type | tuple[type, ...], type | tuple[type, ...], str], ...] = (
    (bool, bool, "true or false"),
    ((int, float), (int, float), "a number"),
    (str, str, "text"),
    ((list, tuple, set, frozenset), list, "a list"),
    (dict, dict, "a map"),
)
"""The kinds of defaults, with the values of a scene that go with each, and its name."""


FIELDS = {"instance_name": "name", **{name: name for name in SETTINGS}}
"""What a process is created with besides its attributes, with the field of a scene that says it."""


def check_attribute(cls: type[Process], name: str, value: Any) -> Any:
    """A scene's value for an attribute of a class, as the kind of sequence that the class declares.

    Raises TypeError if the class declares no such attribute, or one of another kind. A class with
    an `__init__` of its own decides itself what it takes.
    """
    if name in FIELDS:
        raise TypeError(f"{name!r} is no attribute: set the process's field `{FIELDS[name]}`, beside `class`")
    declaration = cls._metapython_declaration
    default = declaration.attributes.get(name)
    if cls.__init__ is Process.__init__:
        if name in declaration.components:
            kind = type(declaration.components[name]).__name__
            raise TypeError(f"{name!r} is a component: set its fields in `components`, as {kind!r}")
        declaration.check(cls, name)
        if not takes_any(declaration.annotations.get(name)):
            check_kind(f"{cls.__name__}.{name}", default, value)
    if isinstance(value, list) and isinstance(default, (tuple, set, frozenset)):
        return type(default)(value)
    return value


def takes_any(annotation: Any) -> bool:
    """Whether an annotation allows more than the kind of its default."""
    text = annotation if isinstance(annotation, str) else str(annotation)
    return any(word in text for word in ("|", "Union", "Optional", "Any", "object"))


def check_kind(attribute: str, default: Any, value: Any) -> None:
    """Raise TypeError if the value is not of the default's kind."""
    for defaults, values, expected in KINDS:
        if not isinstance(default, defaults):
            continue
        # Truth values are numbers to Python; here they are a kind of their own.
        if not isinstance(value, values) or isinstance(value, bool) != isinstance(default, bool):
            raise TypeError(f"{attribute} is {expected}, as {default!r} is, not {value!r}")
        return
