"""What commands of the console have scripts do: each a function that prints what there is to tell."""

from __future__ import annotations

import difflib
import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any

from metapython import _native, _source, _static, _watch, machine
from metapython._declaration import WHOLE
from metapython._loading import BEGUN
from metapython._method import KEYWORDS
from metapython._scene import FIELDS, check_attribute
from metapython.process import Process

HARMLESS = ("delete", "pause", "read_messages", "resume", "send_to")
"""The framework's own methods that a command may call. Others take classes and functions by their names,
so that who calls them could run whatever there is: only Python itself is for that."""

CLOCK_STEP = 0.02
"""Seconds by which the time of a file may lag behind: file systems note that of the last tick."""


class Refused(Exception):
    """What is wrong with a command, in a sentence for who gave it: no traceback is of use."""


def hint(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, as the end of a message."""
    nearest = difflib.get_close_matches(name, names, 1)
    return f"; did you mean `{nearest[0]}`?" if nearest else ""


def process_classes() -> list[type[Process]]:
    """The process classes that there are, in the order of their making; of each name the newest last."""
    found: dict[int, type[Process]] = {}
    left = type.__subclasses__(Process)
    while left:
        cls = left.pop(0)
        found[id(cls)] = cls
        left += type.__subclasses__(cls)
    return list(found.values())


def full_name(cls: type) -> str:
    """The name of a class with its module."""
    module = _static.own(cls).get("__module__")
    return f"{module}.{_static.name_of(cls, '__qualname__')}" if type(module) is str else _static.name_of(cls)


def process_class(namespace: Mapping[str, Any], name: str) -> type[Process]:
    """The process class that is meant by a name, `Ball` or `pong.Ball`, in a session."""
    own: Any = namespace.get(name)
    if _static.inherits(own, Process) and own is not Process:
        return own  # type: ignore[no-any-return]
    classes = process_classes()
    fitting = [cls for cls in classes if name in (_static.name_of(cls), full_name(cls))]
    if not fitting:
        names = [_static.name_of(cls) for cls in classes]
        raise Refused(f"there is no process class `{name}`{hint(name, names)}")
    full = {full_name(cls) for cls in fitting}
    if len(full) > 1:
        raise Refused(f"`{name}` may be any of {', '.join(sorted(full))}: write it out")
    return fitting[-1]


def check_keywords(named: Iterable[str]) -> None:
    """Refuse the keywords by which a call does something else than what is called."""
    for name in named:
        if name in KEYWORDS or name.startswith("_"):
            raise Refused(f"`{name}=` is for Python code: no command takes it")


def check_fit(called: Callable[..., Any], name: str, arguments: list[Any], named: dict[str, Any]) -> None:
    """Refuse arguments that what is to be called does not take, without `self`, which nobody gives."""
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):
        return  # It tells itself.
    try:
        signature.bind(*arguments, **named)
    except TypeError as error:
        parameters = ", ".join(map(str, signature.parameters.values()))
        raise Refused(f"{error}: {name} takes {f'({parameters})' if parameters else 'nothing'}") from None


def spawn(namespace: Mapping[str, Any], name: str, arguments: list[Any], named: dict[str, Any]) -> None:
    """Create a process, and print its name."""
    check_keywords(named)
    cls = process_class(namespace, name)
    check_fit(cls, _static.name_of(cls), arguments, named)
    try:
        given = {
            name: value if name in FIELDS else check_attribute(cls, name, value) for name, value in named.items()
        }
    except TypeError as error:
        raise Refused(str(error)) from None
    print(cls(*arguments, **given).instance_name)


def call(
    namespace: Mapping[str, Any], name: str, method: str, arguments: list[Any], named: dict[str, Any]
) -> None:
    """Call a public method of a process, and print what it returns."""
    check_keywords(named)
    process = machine[name]
    methods = callable_methods(type(process))
    if method not in methods:
        if method in dir(Process):
            own = ", ".join(HARMLESS)
            raise Refused(f"{method}() is for Python code; of the framework's own, commands call {own}")
        raise Refused(f"{name} has no public method `{method}`{hint(method, methods)}")
    found = methods[method].__get__(process, type(process))
    if inspect.iscoroutinefunction(found):
        raise Refused(f"{method}() of {name} is an `async def`, which no command can wait for")
    check_fit(found, f"{name}.{method}", arguments, named)
    answer = found(*arguments, **named)
    if answer is not None:
        print(repr(answer))


def callable_methods(cls: type[Process]) -> dict[str, Any]:
    """The methods that a command may call, as they stand in a class: public ones of the author's, and
    few of the framework's. Completion asks too: nothing of the user's runs.
    """
    found: dict[str, Any] = {}
    for base in reversed(_static.order(cls)):
        is_framework = any(base is one for one in _static.order(Process))
        for name, value in _static.own(base).items():
            if type(name) is not str:
                continue
            if is_method(cls, name, value) and not is_framework or is_framework and name in HARMLESS:
                found[name] = value
            elif name in found:
                del found[name]
    return found


def is_method(cls: type[Process], name: str, value: Any) -> bool:
    """Whether what stands in a class is a public method of it, and no function that is a value."""
    if name.startswith("_") or name in _static.in_class(cls, WHOLE):
        return False
    function = value.__func__ if type(value) in (staticmethod, classmethod) else value
    return type(function) in (FunctionType, _native.Method)


def source(namespace: Mapping[str, Any], name: str) -> None:
    """Print the source of a process's class, or of a process class."""
    cls = type(machine[name]) if name in machine else process_class(namespace, name)
    text = _static.source_of(cls)
    if text is None:
        raise Refused(f"the source of {_static.name_of(cls)} is not to be had: no text has that class")
    print(text.rstrip())


def update(namespace: Mapping[str, Any], file: str) -> None:
    """Take a script's newest text in."""
    path = os.path.realpath(file)
    scripts = _watch.scripts()
    if path not in scripts:
        by_name = [one for one in scripts if os.path.basename(one) in (file, f"{file}.py")]
        if len(by_name) != 1:
            names = ", ".join(sorted(os.path.basename(one) for one in scripts)) or "none"
            raise Refused(f"{file} is no script of this machine; these are: {names}")
        path = by_name[0]
    file = str(scripts[path].__file__)
    if file not in _source.texts and is_untouched(path):
        _source.show(file, _source.read(file))
    # So that the watch, if there is one, finds nothing new in it afterwards.
    before = _source.texts.get(file)
    _watch.update_files([path])
    name = os.path.basename(path)
    if path in _watch.refused:
        raise Refused(f"{name} is not taken in; the old version runs on\n{_watch.refused[path]}")
    changed = before != _source.texts.get(file)
    print(f"{name}: {'a new version runs' if changed else 'nothing new'}")


def is_untouched(path: str) -> bool:
    """Whether a file has been left alone since before scripts were imported: its text is the one that runs."""
    try:
        found = os.stat(path)
    except OSError:
        return False
    # A file that takes another's place keeps the time of its text, but not that of its own change.
    return max(found.st_mtime, found.st_ctime) < BEGUN - CLOCK_STEP
