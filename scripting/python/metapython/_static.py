"""Looking at objects without running code of the user's: no properties, no `__getattr__`, no `__dir__`."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Mapping
from typing import Any

from metapython import _native

MISSING = object()
"""What is not there, or could only be told by running something."""

HARMLESS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    staticmethod,
    classmethod,
    _native.Method,
    _native.ComponentDescriptor,
)
"""The descriptors that only bind, or are the framework's own or Python's, in C."""


def evaluated(text: str, namespace: Mapping[str, Any]) -> Any:
    """What names, literals, attributes and items mean; MISSING where that takes running something."""
    try:
        return evaluate(ast.parse(text.strip(), mode="eval").body, namespace)
    except (SyntaxError, ValueError, LookupError):
        return MISSING


def evaluate(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    """What a node means. Raises LookupError for an item that is not there."""
    if isinstance(node, ast.Name):
        try:
            return namespace[node.id]
        except KeyError:
            return lookup(namespace["__builtins__"], node.id)
    if isinstance(node, ast.Attribute):
        owner = evaluate(node.value, namespace)
        return MISSING if owner is MISSING else lookup(owner, node.attr)
    if isinstance(node, ast.Subscript):
        owner, key = evaluate(node.value, namespace), ast.literal_eval(node.slice)
        is_plain = type(owner) in (dict, list, tuple, str) or owner is _native.machine
        return owner[key] if is_plain and type(key) in (int, str) else MISSING
    return ast.literal_eval(node)


def lookup(owner: Any, name: str) -> Any:
    """An attribute of an object; MISSING if it has none, or one that its class computes."""
    try:
        found = inspect.getattr_static(owner, name, MISSING)
        if found is MISSING or not hasattr(type(found), "__get__"):
            return found
        if is_ours(found) or isinstance(found, HARMLESS) and is_plainly_read(type(owner)):
            return getattr(owner, name)
    except Exception:  # A component that a process has lost, or a `__class__` of the user's that raises.
        pass
    return MISSING


def is_ours(found: Any) -> bool:
    """Whether an attribute is a property of the framework's."""
    module = getattr(getattr(found, "fget", None), "__module__", None)
    return isinstance(found, property) and str(module).partition(".")[0] == "metapython"


def is_plainly_read(cls: type) -> bool:
    """Whether the attributes of a class's objects are read by Python's own code, in C."""
    own = inspect.getattr_static(cls, "__getattribute__", None)
    return isinstance(own, types.WrapperDescriptorType)


def members(owner: Any) -> list[str]:
    """The names of an object's attributes."""
    found = set[str]()
    is_class = issubclass(type(owner), type)
    for base in type.__dict__["__mro__"].__get__(owner if is_class else type(owner)):
        found.update(type.__dict__["__dict__"].__get__(base))
    if not is_class:
        try:
            found.update(object.__getattribute__(owner, "__dict__"))
        except (AttributeError, TypeError):  # It has slots, or is one of C's.
            pass
    return [name for name in found if isinstance(name, str)]
