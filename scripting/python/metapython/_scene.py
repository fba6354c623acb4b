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
        annotation = declaration.annotations.get(name)
        if not takes_any(annotation):
            attribute = f"{cls.__name__}.{name}"
            if name in declaration.attributes:
                check_kind(attribute, default, value, f"as {default!r} is")
            else:
                check_kind(attribute, example(annotation), value, "as its type says")
    if isinstance(value, list) and isinstance(default, (tuple, set, frozenset)):
        return type(default)(value)
    return value


PLAIN = (bool, int, float, str, list, tuple, set, frozenset, dict)
"""Types that annotations name of which every value is of the same kind as that of an empty call."""


def example(annotation: Any) -> Any:
    """A value of a type that an annotation names, if that is a plain one; else None, which is no kind."""
    return next((kind() for kind in PLAIN if annotation in (kind, kind.__name__)), None)


def takes_any(annotation: Any) -> bool:
    """Whether an annotation allows more than the kind of its default."""
    text = annotation if isinstance(annotation, str) else str(annotation)
    return any(word in text for word in ("|", "Union", "Optional", "Any", "object"))


def check_kind(attribute: str, default: Any, value: Any, reason: str) -> None:
    """Raise TypeError if the value is not of the default's kind; the reason is why it has to be."""
    for defaults, values, expected in KINDS:
        if not isinstance(default, defaults):
            continue
        # Truth values are numbers to Python; here they are a kind of their own.
        if not isinstance(value, values) or isinstance(value, bool) != isinstance(default, bool):
            raise TypeError(f"{attribute} is {expected}, {reason}, not {value!r}")
        return
