"""Looking at objects without running code of the user's: no properties, no `__getattr__`, no `__dir__`.

Nor the rarer ways in: `isinstance` asks an object for its `__class__`, `hasattr` a metaclass for what it
lacks, `inspect` for `__wrapped__` and `__signature__`. Here the dicts of classes are read as they are.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import types
from collections import deque
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from metapython import _native

MISSING: Any = object()
"""What is not there, or could only be told by running something."""

IN_C = (
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
)
"""The types of what is called in C."""

HARMLESS = (
    *IN_C,
    FunctionType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    staticmethod,
    classmethod,
    _native.Method,
    _native.ComponentDescriptor,
)
"""The descriptors that only bind, or are the framework's own or Python's, in C."""

COMPUTED = ("source", "__doc__", "__annotations__", "__signature__")
"""What Python or the framework makes when it is asked for, with the `repr` of defaults or by annotations."""


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
        is_plain = is_exactly(owner, (dict, list, tuple, str)) or owner is _native.machine
        return owner[key] if is_plain and type(key) in (int, str) else MISSING
    return ast.literal_eval(node)


def is_exactly(value: Any, kinds: tuple[type, ...]) -> bool:
    """Whether a value is of one of some types, and of none that inherits from them."""
    return any(type(value) is kind for kind in kinds)


def is_class(value: Any) -> bool:
    """Whether a value is a class."""
    return issubclass(type(value), type)


def order(cls: type) -> tuple[type, ...]:
    """The classes in which attributes of a class's objects are looked for."""
    found: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return found


def inherits(cls: Any, base: type) -> bool:
    """Whether it is a class, and is or inherits from another."""
    return is_class(cls) and any(one is base for one in order(cls))


def name_of(cls: type, attribute: str = "__name__") -> str:
    """The name of a class, or its `__qualname__`."""
    return str(type.__dict__[attribute].__get__(cls))


def own(cls: type) -> Mapping[str, Any]:
    """What a class itself defines."""
    found: Mapping[str, Any] = type.__dict__["__dict__"].__get__(cls)
    return found


def in_class(cls: type, name: str) -> Any:
    """What objects of a class have under a name, as it stands in the class."""
    return next((own(base)[name] for base in order(cls) if name in own(base)), MISSING)


def contents(owner: Any) -> dict[str, Any]:
    """What an object that is no class holds itself."""
    getter = in_class(type(owner), "__dict__")
    if is_ours(getter) or is_exactly(getter, (types.GetSetDescriptorType, types.MemberDescriptorType)):
        found = getter.__get__(owner)
        return found if issubclass(type(found), dict) else {}
    return {}  # It has slots, is one of C's, or a property of the user's stands there.


def lookup(owner: Any, name: str) -> Any:
    """An attribute of an object; MISSING if it has none, or one that its class computes."""
    found = in_class(type(owner), name)
    has_own = in_class(owner, name) if is_class(owner) else dict.get(contents(owner), name, MISSING)
    try:
        if found is not MISSING and (has_own is MISSING or is_data(found)):
            return bound(found, name, owner, type(owner))
        return bound(has_own, name, None, owner) if is_class(owner) else has_own
    except Exception:  # A component that a process has lost, a slot without a value.
        return MISSING


def is_data(found: Any) -> bool:
    """Whether what stands in a class comes before what an object holds itself."""
    return in_class(type(found), "__set__") is not MISSING


def bound(found: Any, name: str, owner: Any, cls: type) -> Any:
    """What something that stands in a class is for an object, or with None for the class itself."""
    if found is MISSING or in_class(type(found), "__get__") is MISSING:
        return found
    if type(found) is classmethod and not is_exactly(found.__func__, (FunctionType, _native.Method)):
        return MISSING
    if name in COMPUTED or not is_plainly_read(cls if owner is not None else type(cls)):
        return MISSING
    if is_exactly(found, HARMLESS) or is_ours(found):
        return found.__get__(owner, cls)
    return MISSING


def is_ours(found: Any) -> bool:
    """Whether an attribute is a property of the framework's."""
    if type(found) is not property or type(found.fget) is not FunctionType:
        return False
    module = found.fget.__globals__.get("__name__")
    return type(module) is str and module.partition(".")[0] == "metapython"


def is_plainly_read(cls: type) -> bool:
    """Whether the attributes of a class's objects are read by Python's own code, in C."""
    return is_exactly(in_class(cls, "__getattribute__"), (types.WrapperDescriptorType,))


def members(owner: Any) -> list[str]:
    """The names of an object's attributes."""
    found = set[str]()
    for base in order(owner if is_class(owner) else type(owner)):
        found.update(name for name in own(base) if type(name) is str)
    if not is_class(owner):
        found.update(name for name in dict.keys(contents(owner)) if type(name) is str)
    return list(found)


Parameters = list[tuple[str, inspect._ParameterKind, Any]]
"""The name of each parameter, how it is given, and its default; MISSING without one."""


def parameters(called: Any) -> Parameters | None:
    """What something is called with; None if it cannot be told by looking."""
    if type(called) is MethodType:
        found = parameters(called.__func__)
        return found if found is None else found[1:]
    if type(called) is _native.Method:
        return parameters(called.__wrapped__)
    if type(called) is FunctionType:
        return parameters_of_function(called)
    if is_class(called):
        return parameters_of_class(called)
    if not is_exactly(called, IN_C):
        function = in_class(type(called), "__call__")
        is_own = type(function) is FunctionType
        return parameters(MethodType(function, called)) if is_own else None
    if is_exactly(called, (types.BuiltinFunctionType, types.MethodWrapperType)):
        item = called.__self__
        if item is not None and not issubclass(type(item), ModuleType):
            # `inspect` would ask the object what it is.
            function = in_class(type(item), called.__name__)
            is_unbound = is_exactly(function, (types.MethodDescriptorType, types.WrapperDescriptorType))
            found = parameters(function) if is_unbound else None
            return found if found is None else found[1:]
    try:  # Its text is C's, and its defaults are plain.
        told = inspect.signature(called).parameters.values()
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    return [(one.name, one.kind, MISSING if one.default is empty else one.default) for one in told]


def parameters_of_function(function: FunctionType) -> Parameters:
    """What a function of Python's is called with, as its code has it."""
    code, kind = function.__code__, inspect._ParameterKind
    names = list(code.co_varnames)
    positional, by_name = names[: code.co_argcount], names[code.co_argcount :][: code.co_kwonlyargcount]
    others = names[code.co_argcount + code.co_kwonlyargcount :]
    defaults = function.__defaults__ or ()
    given = dict(zip(reversed(positional), reversed(defaults)))
    found: Parameters = []
    for number, name in enumerate(positional):
        is_positional = number < code.co_posonlyargcount
        how = kind.POSITIONAL_ONLY if is_positional else kind.POSITIONAL_OR_KEYWORD
        found.append((name, how, given.get(name, MISSING)))
    if code.co_flags & inspect.CO_VARARGS:
        found.append((others.pop(0), kind.VAR_POSITIONAL, MISSING))
    for name in by_name:
        found.append((name, kind.KEYWORD_ONLY, (function.__kwdefaults__ or {}).get(name, MISSING)))
    if code.co_flags & inspect.CO_VARKEYWORDS:
        found.append((others.pop(0), kind.VAR_KEYWORD, MISSING))
    return found


def parameters_of_class(cls: type) -> Parameters | None:
    """What a class of Python's is called with, by its `__init__` or `__new__`."""
    for name in ("__init__", "__new__"):
        function = in_class(cls, name)
        function = function.__func__ if type(function) is staticmethod else function
        if is_exactly(function, (FunctionType, _native.Method)):
            found = parameters(function)
            return found if found is None else found[1:]
    return None


def codes(cls: type) -> Iterator[CodeType]:
    """The codes of a class's own methods."""
    for value in own(cls).values():
        function = value.__func__ if is_exactly(value, (staticmethod, classmethod)) else value
        function = function.__wrapped__ if type(function) is _native.Method else function
        if type(function) is FunctionType:
            yield function.__code__


def source_of(cls: type) -> str | None:
    """The source text of a class, from what its methods were compiled from, or else its module; None
    without."""
    lines = {(code.co_filename, code.co_firstlineno) for code in codes(cls)}
    for file in dict.fromkeys([*sorted(file for file, _ in lines), file_of(cls)]):
        text = "".join(linecache.getlines(file))
        try:
            found = list(classes_in(ast.parse(text), name_of(cls, "__qualname__")))
        except (SyntaxError, ValueError, RecursionError):
            continue
        around = [node for node in found if any(file == of and line in extent(node) for of, line in lines)]
        for node in around or found:
            return "".join(text.splitlines(keepends=True)[extent(node).start - 1 : extent(node).stop - 1])
    return None


def extent(node: ast.ClassDef) -> range:
    """The lines of a class, with its decorators."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def file_of(cls: type) -> str:
    """The file of the module that a class says it is of; empty if there is none."""
    name = own(cls).get("__module__")
    module = sys.modules.get(name) if type(name) is str else None
    if not issubclass(type(module), ModuleType):
        return ""
    file = vars(ModuleType)["__dict__"].__get__(module).get("__file__")
    return file if type(file) is str else ""


def classes_in(tree: ast.AST, name: str) -> Iterator[ast.ClassDef]:
    """The classes in a text that have a `__qualname__`."""
    left: deque[tuple[str, ast.AST]] = deque([("", tree)])
    while left:
        prefix, node = left.popleft()
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if isinstance(node, ast.ClassDef) and prefix + node.name == name:
                yield node
            prefix += f"{node.name}." if isinstance(node, ast.ClassDef) else f"{node.name}.<locals>."
        left.extend((prefix, child) for child in ast.iter_child_nodes(node))
