"""What commands of the console have scripts do: each a function that prints what there is to tell."""

from __future__ import annotations

import difflib
import inspect
import os
from collections.abc import Iterable, Mapping
from typing import Any

from metapython import _source, _watch, machine
from metapython.process import Process


class Refused(Exception):
    """What is wrong with a command, in a sentence for who gave it: no traceback is of use."""


def hint(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant, as the end of a message."""
    nearest = difflib.get_close_matches(name, names, 1)
    return f"; did you mean `{nearest[0]}`?" if nearest else ""


def process_classes() -> list[type[Process]]:
    """The process classes that there are, in the order of their making; of each name the newest last."""
    found: dict[type[Process], None] = {}
    left = list(Process.__subclasses__())
    while left:
        cls = left.pop(0)
        found[cls] = None
        left += cls.__subclasses__()
    return list(found)


def process_class(namespace: Mapping[str, Any], name: str) -> type[Process]:
    """The process class that is meant by a name, `Ball` or `pong.Ball`, in a session."""
    own = namespace.get(name)
    if isinstance(own, type) and issubclass(own, Process):
        return own
    classes = process_classes()
    fitting = [cls for cls in classes if name in (cls.__name__, f"{cls.__module__}.{cls.__qualname__}")]
    if not fitting:
        raise Refused(f"there is no process class `{name}`{hint(name, [cls.__name__ for cls in classes])}")
    full = {f"{cls.__module__}.{cls.__qualname__}" for cls in fitting}
    if len(full) > 1:
        raise Refused(f"`{name}` may be any of {', '.join(sorted(full))}: write it out")
    return fitting[-1]


def spawn(namespace: Mapping[str, Any], name: str, arguments: list[Any], named: dict[str, Any]) -> None:
    """Create a process, and print its name."""
    print(process_class(namespace, name)(*arguments, **named).instance_name)


def call(
    namespace: Mapping[str, Any], name: str, method: str, arguments: list[Any], named: dict[str, Any]
) -> None:
    """Call a public method of a process, and print what it returns."""
    process = machine[name]
    names = [one for one in dir(type(process)) if not one.startswith("_")]
    names = [one for one in names if callable(inspect.getattr_static(process, one, None))]
    if method not in names:
        raise Refused(f"{name} has no public method `{method}`{hint(method, names)}")
    if inspect.iscoroutinefunction(getattr(type(process), method)):
        raise Refused(f"{method}() of {name} is an `async def`, which no command can wait for")
    answer = getattr(process, method)(*arguments, **named)
    if answer is not None:
        print(repr(answer))


def source(namespace: Mapping[str, Any], name: str) -> None:
    """Print the source of a process's class, or of a process class."""
    cls = type(machine[name]) if name in machine else process_class(namespace, name)
    try:
        print(inspect.getsource(cls).rstrip())
    except (OSError, TypeError) as error:
        raise Refused(f"the source of {cls.__qualname__} is not to be had: {error}") from None


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
    # So that the watch, if there is one, finds nothing new in it afterwards.
    before = _source.texts.get(str(scripts[path].__file__))
    _watch.update_files([path])
    name = os.path.basename(path)
    if path in _watch.refused:
        raise Refused(f"{name} is not taken in; the old version runs on\n{_watch.refused[path]}")
    changed = before != _source.texts.get(str(scripts[path].__file__))
    print(f"{name}: {'a new version runs' if changed else 'nothing new'}")
