"""Components that scripts declare."""

from __future__ import annotations

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any, TypeAlias, TypeVar, dataclass_transform, get_args, get_origin

from metapython import _native
from metapython._annotation import is_class_variable, own_annotations, resolver
from metapython._native import Component

T = TypeVar("T")

Vector2: TypeAlias = tuple[float, float]
"""A field of two numbers."""
Vector3: TypeAlias = tuple[float, float, float]
"""A field of three numbers."""
Vector4: TypeAlias = tuple[float, float, float, float]
"""A field of four numbers."""

reopen: Callable[[type[Any]], type[Any]] = lambda made: made
"""What a class that is declared becomes: itself, or during an update the one that it is a version of."""

MAX_VECTOR = 16
"""How many numbers a field has at most: those of a 4 by 4 matrix."""


@dataclass_transform()
def component(cls: type[T]) -> type[T]:
    """Make a component of a class: its annotated attributes are fields, its values their defaults.

        @component
        class Health:
            points: int = 100
            armour: float = 0.0
            wind: Vector2 = (0.0, 0.0)
            owner: Any = None

    A field holds what its type says: `float` (finite), `int` (64 bits), `bool`, tuples of up to 16
    floats, `str`; one of any other type holds any object. The numbers lie in columns (see
    `columns`). Each component has its own copy of a default that is an object.

    Scenes know the component by the name of the class, or `module.Class` where two modules declare
    one of that name. A class that is declared again with the same fields is the same component;
    with other fields it is a new one, and processes keep the old one until they are given the new.
    An update of running code gives it to them: fields that both have keep their values, as far as
    they can hold them. With the same fields it goes on as the class that it was.

    Raises TypeError if a field has no default or hides what every component has, or if the class
    extends another component, and ValueError for a default that its field cannot hold.
    """
    for base in cls.__mro__:
        if "__kind__" in base.__dict__:
            raise TypeError(f"{cls.__name__} extends {base.__name__}: a component cannot extend another")
    type_of = resolver(cls)
    fields = [
        (name, kind_of(cls, name, type_of(annotation)))
        for name, annotation in own_annotations(cls).items()
        if not is_class_variable(annotation)
    ]
    for name, _ in fields:
        if name not in cls.__dict__:
            raise TypeError(
                f"{cls.__name__}.{name} needs a default: scenes and processes give a component "
                f"without naming each of its fields"
            )
        if name.startswith("__") or hasattr(Component, name):
            raise TypeError(f"{cls.__name__} cannot have a field {name!r}; choose another name")
    defaults = [(name, kind, cls.__dict__[name]) for name, kind in fields]
    made = _native.declare_component(remade(cls, {name for name, _ in fields}), defaults)
    return reopen(made)


def kind_of(cls: type, name: str, annotation: Any) -> str:
    """What a field of a type holds, in the words of `_native.declare_component`."""
    if annotation in (float, int, bool, str):
        return str(annotation.__name__)
    numbers = get_args(annotation)
    if get_origin(annotation) is tuple and numbers and set(numbers) == {float}:
        if len(numbers) > MAX_VECTOR:
            raise TypeError(f"{cls.__name__}.{name} has {len(numbers)} numbers, and {MAX_VECTOR} are the most")
        return f"vector{len(numbers)}"
    return "object"


def remade(cls: type[T], fields: set[str]) -> type[T]:
    """The class as a subclass of Component, without attributes of its own beside the fields."""
    namespace = {
        name: value
        for name, value in vars(cls).items()
        if name not in fields and name not in ("__dict__", "__weakref__")
    }
    namespace["__slots__"] = ()
    namespace["__qualname__"] = cls.__qualname__
    bases = tuple(base for base in cls.__bases__ if base is not object)
    if Component not in cls.__mro__:
        bases = (*bases, Component)
    metaclass: Any = type(cls)
    made = metaclass(cls.__name__, bases, namespace)
    for value in namespace.values():
        function = getattr(value, "__func__", getattr(value, "fget", value))
        if isinstance(function, FunctionType):
            follow(function, cls, made)
    return made  # type: ignore[no-any-return]


def follow(function: FunctionType, old: type, new: type) -> None:
    """Let `super()` and `__class__` in a method mean the new class."""
    cells: tuple[CellType, ...] = function.__closure__ or ()
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        if name == "__class__" and cell.cell_contents is old:
            cell.cell_contents = new
