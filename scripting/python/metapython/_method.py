"""Keywords that change one call of a public method: `decorator`, `decorators`, `monkey_patch`.

Every public method of a class of ours is a `_native.Method`, which calls what the author wrote
directly unless one of the keywords is there; then it comes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType, MethodDescriptorType, MethodType
from typing import Any

from metapython import _native
from metapython._annotation import is_class_variable, own_annotations
from metapython._loading import find_callable

KEYWORDS = ("decorator", "decorators", "monkey_patch")


def make_public(cls: type) -> None:
    """Let the public methods that a new class defines take the keywords.

    A function that is the default of an attribute is no method.
    """
    attributes = {
        name for name, kind in own_annotations(cls).items() if not is_class_variable(kind)
    }
    for name, value in list(vars(cls).items()):
        if name not in attributes:
            method = public(cls, name, value)
            if method is not value:
                type.__setattr__(cls, name, method)


def public(cls: type, name: str, value: Any) -> Any:
    """What a class has under a name: of a public function a method that takes the keywords.

    A function under a private name, and what is no function, is left as it is.
    """
    if name.startswith("_"):
        return value
    if isinstance(value, (FunctionType, MethodDescriptorType)):
        return method_of(cls, name, value, call_method)
    if type(value) is classmethod and isinstance(value.__func__, FunctionType):
        return classmethod(method_of(cls, name, value.__func__, call_method))
    if type(value) is staticmethod and isinstance(value.__func__, FunctionType):
        return staticmethod(method_of(cls, name, value.__func__, call_static))
    return value


def method_of(cls: type, name: str, function: Any, helper: Callable[..., Any]) -> Any:
    """The method that stands for a function; the function itself, if it has all the keywords."""
    keywords = keywords_of(function)
    if not keywords:
        return function
    doc = "" if function.__doc__ else inherited_doc(cls, name) or told(function)
    return _native.make_method(function, helper, keywords, doc, name == "run")


def keywords_of(function: Any) -> tuple[str, ...]:
    """The keywords that are not the function's own: a parameter that it names, it keeps."""
    own: set[str] = set()
    while function is not None:
        code = getattr(function, "__code__", None)
        if code is not None:
            own.update(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
        function = getattr(function, "__wrapped__", None)
    if own.isdisjoint(KEYWORDS):
        return KEYWORDS
    return tuple(name for name in KEYWORDS if name not in own)


def inherited_doc(cls: type, name: str) -> str | None:
    """What a class that this one inherits from says of the method."""
    for base in cls.__mro__[1:]:
        value = vars(base).get(name)
        doc = getattr(getattr(value, "__wrapped__", value), "__doc__", None)
        if isinstance(doc, str):
            return doc
    return None


def told(function: Any) -> str:
    """What can be told of a function without a docstring: where to read it."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    file = code.co_filename.replace("\\", "/").rpartition("/")[2]
    return f"Defined in {file}, line {code.co_firstlineno}."


def call_method(method: _native.Method, /, *args: Any, **kwargs: Any) -> Any:
    """Call a method, of an object or a class, with some of the keywords."""
    return changed(method, args[:1], kwargs)(*args[1:], **kwargs)


def call_static(method: _native.Method, /, *args: Any, **kwargs: Any) -> Any:
    """Call a static method with some of the keywords."""
    return changed(method, (), kwargs)(*args, **kwargs)


def changed(method: _native.Method, bound: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What to call instead of the method; the keywords are taken out of `kwargs`.

    Raises TypeError for what is no decorator or patch, LookupError for a patch that is not found.
    """
    name = method.__qualname__.rpartition("<locals>.")[2]
    given = {
        key: kwargs.pop(key) for key in keywords_of(method.__wrapped__) if key in kwargs
    }
    target: Any = method
    if given.get("monkey_patch") is not None:
        target = patch_of(name, given["monkey_patch"])
    if bound:
        target = MethodType(target, bound[0])
    for decorator in reversed(decorators_of(name, given)):
        decorated = decorator(target)
        if not callable(decorated):
            raise TypeError(
                f"{name}: the decorator {told_name(decorator)} must return what to call in its "
                f"place, not {decorated!r}"
            )
        target = decorated
    return target


def patch_of(name: str, patch: Any) -> Any:
    """What `monkey_patch` says: a callable, or the one that a text names."""
    if isinstance(patch, str):
        try:
            return find_callable(patch)
        except (LookupError, TypeError) as error:
            raise type(error)(f"{name}(monkey_patch=...): {error}") from error
    if not callable(patch):
        raise TypeError(
            f"{name}(monkey_patch=...) needs a callable or \"module.name\", "
            f"not {type(patch).__name__}"
        )
    return patch


def decorators_of(name: str, given: dict[str, Any]) -> list[Callable[[Any], Any]]:
    """The decorators of a call, the outermost first."""
    several = given.get("decorators")
    if several is not None and (callable(several) or not isinstance(several, Iterable)):
        raise TypeError(
            f"{name}(decorators=...) needs a list of decorators, not {type(several).__name__}; "
            "one alone is decorator="
        )
    single = given.get("decorator")
    decorators = [*([] if single is None else [single]), *(several or ())]
    for decorator in decorators:
        if not callable(decorator):
            key = "decorator" if decorator is single else "decorators"
            raise TypeError(
                f"{name}({key}=...): a decorator is a callable, not {type(decorator).__name__}"
            )
    return decorators


def told_name(decorator: Any) -> str:
    """How a decorator is called in a message."""
    return getattr(decorator, "__qualname__", None) or type(decorator).__name__
