"""Giving classes and functions the contents of a new version: they stay the objects they are.

Whoever holds the old ones (other modules, instances, subclasses, callbacks, pickles) has the new
version then. A `class` statement of the new version *reopens* the class of its name: it makes a
class as always, moves the contents over and goes on with the old object. So what the rest of the
body makes of the class, it makes of the right one. `@component` reopens in the same way the component
that has the same fields; one with other fields is a new component.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import types
from abc import ABCMeta
from collections.abc import Callable, Iterator
from enum import Enum, EnumMeta
from types import CellType, CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any, NamedTuple

from metapython import _component, _declaration, _native
from metapython._native import Component
from metapython._transaction import Journal, class_names


def classes_of(module_name: str, namespace: dict[str, Any]) -> dict[str, type]:
    """The classes that a module defines, those within classes too, by their qualified names."""
    found: dict[str, type] = {}
    waiting = [namespace]
    while waiting:
        for value in list(waiting.pop().values()):
            if not isinstance(value, type) or value.__module__ != module_name:
                continue
            if "<locals>" not in value.__qualname__ and value.__qualname__ not in found:
                found[value.__qualname__] = value
                waiting.append(dict(vars(value)))
    return found


class Reopener:
    """Stands in the place of a metaclass, and reopens a class that is known."""

    def __init__(self, known: type, journal: Journal, patched: set[type], metaclass: Any) -> None:
        self.known = known
        self.journal = journal
        self.patched = patched
        self.keywords = {} if metaclass is None else {"metaclass": metaclass}

    def __prepare__(self, name: str, bases: tuple[type, ...], **keywords: Any) -> Any:
        self.metaclass, namespace, self.keywords = types.prepare_class(
            name, bases, {**self.keywords, **keywords}
        )
        return namespace

    def __call__(self, name: str, bases: tuple[type, ...], namespace: Any, **_: Any) -> type:
        cell: CellType | None = namespace.get("__classcell__")
        new: type = self.metaclass(name, bases, namespace, **self.keywords)
        if self.known in new.__mro__ or refusal(self.known, new) or isinstance(new, EnumMeta):
            return new  # What a decorator makes of it may fit; see `replace`.
        merge(self.known, new, self.journal)
        self.patched.add(self.known)
        if cell is not None:
            cell.cell_contents = self.known
        return self.known


class Redeclared(NamedTuple):
    """A component that an update declares again."""

    now: type[Component]
    """The class that it is now: the one before, if it has the same fields."""
    defaults: Component
    """The defaults before."""


def is_component(cls: type) -> bool:
    """Whether a class was itself declared as a component."""
    return "__kind__" in vars(cls)


@contextlib.contextmanager
def reopening(
    namespace: dict[str, Any],
    known: dict[str, type],
    journal: Journal,
    patched: set[type],
    redeclared: dict[type[Component], Redeclared],
) -> Iterator[None]:
    """Have `class` statements and `@component` in a module reopen the classes that are known."""
    build_class: Callable[..., Any] = builtins.__build_class__
    as_declared = _component.reopen

    def reopen(
        body: FunctionType, name: str, *bases: Any, metaclass: Any = None, **keywords: Any
    ) -> Any:
        found = known.get(body.__qualname__) if body.__globals__ is namespace else None
        if found is not None and found not in patched and not is_component(found):
            metaclass = Reopener(found, journal, patched, metaclass)
        if metaclass is not None:
            keywords["metaclass"] = metaclass
        return build_class(body, name, *bases, **keywords)

    def reopen_component(made: type[Any]) -> Any:
        old: Any = known.get(made.__qualname__)
        if old is None or made.__module__ != namespace.get("__name__") or not is_component(old):
            return made
        is_other = not _native.is_same_kind(old, made)
        defaults = redeclared[old].defaults if old in redeclared else old.__new__(old)
        redeclared[old] = Redeclared(made if is_other else old, defaults)
        if is_other or refusal(old, made) is not None:
            return made
        replace(old, made, journal, patched)
        return old

    builtins.__build_class__ = reopen  # type: ignore[assignment]
    _component.reopen = reopen_component
    try:
        yield
    finally:
        builtins.__build_class__ = build_class
        _component.reopen = as_declared


def refusal(old: type, new: type) -> str | None:
    """Why living objects of a class could not follow a new version, if they could not."""
    if type(old) is not type(new):
        return f"its metaclass was {type(old).__name__} and is {type(new).__name__}"
    if own_slots(old) != own_slots(new):
        return f"its __slots__ were {own_slots(old)} and are {own_slots(new)}"
    if has_dict(old) != has_dict(new):
        return "its objects have a __dict__ in one version only"
    return None


def own_slots(cls: type) -> list[str]:
    """The names of the fixed places that a class itself gives its objects."""
    slots = (name for name, value in vars(cls).items() if isinstance(value, MemberDescriptorType))
    return sorted(slots)


def has_dict(cls: type) -> bool:
    """Whether objects of a class have attributes of any name."""
    return cls.__dictoffset__ != 0


def replace(old: type, new: type, journal: Journal, patched: set[type]) -> None:
    """Move the contents of a class over that the body of a module ended up with.

    There must be no `refusal`.
    """
    merge(old, new, journal)
    patched.add(old)
    for value in list(vars(new).values()):
        for cell in getattr(underlying(value), "__closure__", None) or ():
            if contents(cell) is new:
                cell.cell_contents = old


def merge(old: type, new: type, journal: Journal) -> None:
    """Give a class the contents of another; TypeError if their objects differ in layout."""
    journal.remember_class(old)
    if old.__bases__ != new.__bases__:
        ancestors = set(old.__mro__)
        try:
            old.__bases__ = new.__bases__
        except TypeError as error:
            raise TypeError(
                f"{old.__qualname__} cannot be updated while the machine runs: its bases change "
                f"from {names(old.__bases__)} to {names(new.__bases__)} ({error}); start again"
            ) from None
        forget_subclass_checks(ancestors.union(old.__mro__))
    before = {name: vars(old)[name] for name in class_names(old)}
    after = {name: vars(new)[name] for name in class_names(new)}
    if isinstance(old, EnumMeta):
        after = with_old_members(old, new, after)
    bound = (MemberDescriptorType, GetSetDescriptorType, _native.FieldDescriptor)
    for name, value in after.items():
        if isinstance(value, bound) and name in before:
            continue  # It reaches into the objects of its own class only.
        type.__setattr__(old, name, reconcile(before.get(name), value, journal))
    for name in before.keys() - after.keys():
        type.__delattr__(old, name)
    disown(new)
    bases = (base for base in new.__mro__[1:-1] if not _declaration.is_ours(base))
    if any("__init_subclass__" in vars(base) for base in bases):
        correct_registries(old, new)


def correct_registries(old: type, new: type) -> None:
    """Have collections that took note of the new class, as it was made, know the old one instead."""
    for holder in gc.get_referrers(new):
        if type(holder) is list:
            holder[:] = [old if item is new else item for item in holder if item is not old]
        elif type(holder) is set:
            holder.discard(new)
            holder.add(old)
        elif type(holder) is dict:
            for key, value in holder.items():
                if value is new:
                    holder[key] = old


def disown(cls: type) -> None:
    """Have a class that nobody knows told no more of what its bases declare, until it is collected."""
    if _declaration.WHOLE in vars(cls):
        type.__delattr__(cls, _declaration.WHOLE)


def names(classes: tuple[type, ...]) -> str:
    """The names of some classes."""
    return f"({', '.join(cls.__name__ for cls in classes)})"


def forget_subclass_checks(classes: set[type]) -> None:
    """Have abstract classes find out anew which classes are subclasses of them."""
    for cls in classes:
        if isinstance(cls, ABCMeta):
            ABCMeta._abc_caches_clear(cls)  # type: ignore[attr-defined]


def with_old_members(old: Any, new: Any, contents: dict[str, Any]) -> dict[str, Any]:
    """The contents of a new version of an Enum, with the old members where they are the same."""
    kept: dict[int, Enum] = {}
    for name, member in new._member_map_.items():
        before = old._member_map_.get(name)
        if before is not None and before._value_ == member._value_:
            kept[id(member)] = before
        else:
            member.__class__ = old

    def settled(value: Any) -> Any:
        if type(value) is dict:
            return {key: settled(part) for key, part in value.items()}
        return kept.get(id(value), value)

    return {name: settled(value) for name, value in contents.items()}


def reconcile(old: Any, new: Any, journal: Journal) -> Any:
    """What takes the place of an object: itself, made new, if it is a function that can be."""
    if type(old) is not type(new):
        return new
    if isinstance(old, FunctionType):
        return old if patch_function(old, new, journal) else new
    inner = getattr(old, "__func__", None) or getattr(old, "__wrapped__", None)
    other = getattr(new, "__func__", None) or getattr(new, "__wrapped__", None)
    if isinstance(inner, FunctionType) and isinstance(other, FunctionType):
        patch_function(inner, other, journal)
    return new


def patch_function(old: FunctionType, new: FunctionType, journal: Journal) -> bool:
    """Make a function do what another one does; whether that can be."""
    if old is new:
        return True
    if old.__globals__ is not new.__globals__ or old.__qualname__ != new.__qualname__:
        return False  # Another function has its name now, and goes on as it is.
    if old.__code__.co_freevars != new.__code__.co_freevars:
        return False
    journal.remember_function(old)
    for cell, other in zip(old.__closure__ or (), new.__closure__ or (), strict=True):
        before, after = contents(cell), contents(other)
        if isinstance(before, type) or before is after:
            continue  # It is the class that `super()` means, which stays what it is.
        journal.remember_cell(cell)
        cell.cell_contents = reconcile(before, after, journal)
    old.__code__ = new.__code__
    old.__defaults__ = new.__defaults__
    old.__kwdefaults__ = new.__kwdefaults__
    old.__annotations__ = new.__annotations__
    old.__doc__ = new.__doc__
    vars(old).clear()
    vars(old).update(vars(new))
    return True


def contents(cell: CellType) -> Any:
    """What a cell holds, or None."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def underlying(value: Any) -> Any:
    """The function behind a method, or the value itself."""
    while not isinstance(value, FunctionType):
        inner = getattr(value, "__func__", None) or getattr(value, "__wrapped__", None)
        if inner is None:
            return value
        value = inner
    return value


CODE_PARTS = (
    *("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars"),
    *("co_flags", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount"),
)
"""What says what a code does, besides its constants: not where it stands in its file."""


def is_same_code(one: CodeType | None, other: CodeType | None) -> bool:
    """Whether two codes do the same, wherever they stand in their files."""
    if one is None or other is None:
        return one is other
    return (
        all(getattr(one, part) == getattr(other, part) for part in CODE_PARTS)
        and len(one.co_consts) == len(other.co_consts)
        and all(map(is_same_constant, one.co_consts, other.co_consts))
    )


def is_same_constant(one: Any, other: Any) -> bool:
    """Whether two constants of codes are the same: 1 and 1.0 are not."""
    if isinstance(one, CodeType) and isinstance(other, CodeType):
        return is_same_code(one, other)
    return type(one) is type(other) and bool(one == other)
