"""Processes as saved scenes have them: what one is, and one that goes on as it was."""

from __future__ import annotations

import copyreg
import os
import sys
from collections.abc import Callable, Collection, Iterable
from typing import Any

from metapython import _declaration, _family, _loading, _native, _source, _watch, machine
from metapython._native import ProcessHandle
from metapython._plain import NotPlain, names_processes, plain, restored
from metapython._scene import check_attribute
from metapython.process import Process, attributes, set_attribute


class NotSaved(Exception):
    """Why a process cannot be in a scene."""


Description = tuple[dict[str, Any], bool, list[str]]
"""A process's attributes, whether they are all that it needs to go on, and what is to be said of it."""


def describe(process: Process, missing: Collection[str]) -> Description:
    """What a scene says of a process besides its terms and components.

    A process goes on as it is where all that it holds can be said. Otherwise its class makes it anew,
    with what it takes of that. Raises NotSaved if that cannot be either. Processes that are `missing`
    are not in the scene.
    """
    cls = type(process)
    check_class(cls)
    held = attributes(process)
    slots: list[str] = copyreg._slotnames(cls)  # type: ignore[attr-defined]
    held.update((name, getattr(process, name)) for name in slots if hasattr(process, name))
    said: dict[str, Any] = {}
    unsaid: dict[str, str] = {}
    for name, value in held.items():
        try:
            said[name] = plain(value, missing)
        except NotPlain as error:
            unsaid[name] = str(error)
    family = _family.known(process)
    if family is not None and (family.parent is not None or family.children):
        unsaid["family"] = "an object that is no process"
    if not unsaid:
        is_async = cls._metapython_declaration.is_async
        return said, True, ["begins its `async def run` anew when it is loaded"] if is_async else []
    reason = "; ".join(f"no scene can say what its {name} holds: {what}" for name, what in list(unsaid.items())[:3])
    return taken(cls, held, reason), False, [f"made anew by its class when it is loaded, as {reason}"]


def taken(cls: type[Process], held: dict[str, Any], reason: str) -> dict[str, Any]:
    """Those attributes that a class takes from a scene to make a process anew.

    Raises NotSaved, and gives the reason for making it anew, if it needs others.
    """
    names, needed = set(held), set(cls._metapython_declaration.required)
    if cls.__init__ is not Process.__init__:
        import inspect

        parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
            names &= {parameter.name for parameter in parameters}
        variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        required = [it for it in parameters if it.default is inspect.Parameter.empty and it.kind not in variable]
        needed = {parameter.name for parameter in required}
    values = {name: value for name in held if name in names and (value := scene_value(cls, name, held[name]))}
    if lacking := sorted(needed - set(values)):
        raise NotSaved(f"{reason}; and it cannot be made anew without {', '.join(lacking)}")
    return {name: value for name, (value,) in values.items()}


def scene_value(cls: type[Process], name: str, value: Any) -> tuple[Any, ...]:
    """What a scene says for an attribute that the class is to take; nothing if it takes no such."""
    try:
        said = list(value) if isinstance(value, (tuple, set, frozenset)) else value
        is_same = plain(said) == said and plain(check_attribute(cls, name, said)) == plain(value)
    except (NotPlain, TypeError):
        return ()
    return (said,) if is_same else ()


def check_class(cls: type[Process]) -> None:
    """Raise NotSaved if another program could not find a class by its name."""
    module = sys.modules.get(cls.__module__)
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not os.path.isfile(file):
        raise NotSaved("its class is in no file; put it into a script")
    stem = os.path.splitext(os.path.basename(file))[0]
    if cls.__module__ not in (stem, getattr(getattr(module, "__spec__", None), "name", None)) or not stem.isidentifier():
        raise NotSaved(f"its class is in {file}, which no scene can import: give the script a name of letters")
    if getattr(module, cls.__qualname__, None) is not cls:
        raise NotSaved(f"its class is not what {cls.__module__} has under the name {cls.__qualname__}")


def scripts_of(classes: Iterable[str]) -> list[str]:
    """The scripts that a scene must name to have classes, by real path, in the order of their import."""
    modules = {name.partition(".")[0] for name in classes}
    found = [path for path, module in _watch.scripts().items() if module.__name__ in modules]
    return [path for path in reversed(found) if os.path.basename(path) != "__init__.py"]


Later = list[tuple[Process, str, Any]]
"""Attributes that name processes, which are set when all processes are there."""


def go_on(
    cls: type[Process],
    settings: dict[str, Any],
    said: dict[str, Any],
    later: Later,
    *,
    instance_name: str | None,
    parent: ProcessHandle | None,
    prepare: Callable[[Process], object] | None,
    is_started: bool,
) -> Process:
    """A process that goes on as a scene says, which neither `__new__` nor `__init__` has a part in."""
    if cls.__abstractmethods__:
        raise TypeError(f"{cls.__name__} is abstract, and no process can be one")
    process: Process = ProcessHandle.__new__(cls)
    declaration = cls._metapython_declaration
    name = f"{cls.__module__}.{cls.__qualname__}"
    settings = {**declaration.settings, **settings}
    _native.spawn_process(process, name, settings, instance_name=instance_name, parent=parent)
    try:
        if prepare is not None:
            prepare(process)
        for name, value in declaration.attributes.items():
            is_own = name in declaration.mutable and name not in said
            set_attribute(process, name, _declaration.copied(cls, name, value) if is_own else value)
        for name, value in said.items():
            if names_processes(value):
                later.append((process, name, value))
            else:
                set_attribute(process, name, restored(value))
        _native.launch_process(process, is_started=is_started)
    except BaseException:
        _native.abandon_process(process)
        _family.end(process)
        raise
    return process


def finish(process: Process, name: str, value: Any) -> None:
    """Set an attribute that names processes, all of which there are by now."""
    set_attribute(process, name, restored(value))


def rebind() -> None:
    """Have the variables of scripts that stand for processes of before stand for those of their names."""
    for module in _watch.scripts().values():
        for name, value in list(vars(module).items()):
            if isinstance(value, Process) and not value.is_alive and value.instance_name in machine:
                setattr(module, name, machine[value.instance_name])


def update(paths: Iterable[str]) -> str | None:
    """Take in those scripts that were imported and have been saved since; what is wrong with one."""
    known = _watch.scripts()
    for path in map(os.path.realpath, paths):
        if path not in known or not os.path.isfile(path):
            continue
        if known[path].__file__ not in _source.texts and _loading.stamps.get(path, stamp := _loading.stamp(path)) == stamp:
            continue  # It is the version that was imported, as far as one knows.
        _watch.update_files([path])
        if path in _watch.refused:
            return f"{path} is not taken in; the old version runs on\n{_watch.refused[path]}"
    _watch.remember_texts()
    return None
