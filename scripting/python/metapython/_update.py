"""Update of running code: a new version takes the place of the old one while its objects live.

An update either comes to its end or leaves nothing behind. Until each of its processes has made a
first step with it, it can be taken back; later updates of the same module are taken back before.
"""

from __future__ import annotations

import os
import sys
from types import FunctionType
from typing import Any

from metapython import _declaration, _native, _random, _source
from metapython._native import raise_alert
from metapython._new_version import NewVersion, bind
from metapython._patch import classes_of, is_same_code, underlying
from metapython._traceback import format_exception
from metapython._transaction import MISSING
from metapython.process import Process

updates: dict[str, list[NewVersion]] = {}
"""Of each module the updates that can still be taken back, oldest first."""

SHOWN_TEXTS = 8
"""How many texts of a class are kept, so that tracebacks of old versions show their lines."""

shown_texts: dict[str, tuple[int, list[str]]] = {}
"""Of each class that was updated from texts: the number of the last one, and the names they have."""

under_test: dict[int, list[NewVersion]] = {}
"""For each process that makes its first step after an update: the updates that it tries."""

in_progress: list[NewVersion] = []
"""The update that is being made."""


def update(cls: type, text: str) -> None:
    """Give a class and its living objects a new version; see `machine.update`."""
    text = _source.unindented(text)
    namespace = namespace_of(cls)
    title = f"{cls.__module__}.{cls.__qualname__}"
    refused = make(cls.__module__, namespace, new_file(title), text, cls)
    if refused is not None:
        raise refused[0]
    raise_alert("update", f"{title} has a new version", "vv")


def new_file(title: str) -> str:
    """The name under which the next text of a class is compiled and shown."""
    number, files = shown_texts.get(title, (1, []))
    file = f"<{title}, version {number + 1}>"
    if len(files) == SHOWN_TEXTS:
        _source.forget(files.pop(0))
    shown_texts[title] = number + 1, [*files, file]
    return file


def namespace_of(cls: type) -> dict[str, Any]:
    """The names among which a class was defined. Raises TypeError if that was in no script."""
    if isinstance(cls, type):
        module = sys.modules.get(cls.__module__)
        if module is not None and not _source.is_library(module):
            return vars(module)
        if module is None:
            for value in vars(cls).values():
                if isinstance(value, FunctionType):
                    return value.__globals__
    raise TypeError(f"{cls!r} is no class that a script defines, so it has no source to update")


def make(
    module_name: str, namespace: dict[str, Any], file: str, text: str, cls: type | None = None
) -> tuple[BaseException, str] | None:
    """Update a module from the whole text of its file, or one class of it from a text that has it.

    Returns what went wrong, and the same with the lines of the text, after everything went back.
    Raises SyntaxError if there is nothing to go back from.
    """
    if in_progress:
        raise RuntimeError(f"an update within an update: {in_progress[0].file} is being executed")
    code = _source.compiled(text, file)
    known = classes_of(module_name, namespace)
    title = os.path.basename(file)
    if cls is not None:
        known[cls.__name__] = cls
        title = f"{module_name}.{cls.__qualname__}"
    new = NewVersion(title, file, module_name, namespace, known)
    states = _random.state()
    mark = _native.set_mark(False)
    in_progress.append(new)
    try:
        old_text = _source.texts.get(file)
        _source.show(file, text)
        new.execute(code)
        new.settle_names(text)
        if cls is None:
            new.drop_names(old_text, code)
        elif cls not in new.patched and cls not in new.redeclared:
            raise LookupError(
                f"the text defines no class {cls.__name__!r}, so there is nothing to update"
            )
        elif new.before.get(cls.__name__) is not cls:
            bind(namespace, cls.__name__, new.before.get(cls.__name__, MISSING))
        new.adapt_processes()
    except BaseException as error:
        told = format_exception(error)
        new.journal.settle()
        new.undo()
        _native.take_back(mark)
        _random.restore(states)
        if isinstance(error, SystemExit):
            told = f"the new version ended with SystemExit: {error}\n{told}"
            return RuntimeError(f"the new version ended with SystemExit: {error}"), told
        return error, told
    finally:
        in_progress.clear()
    new.commit()
    updates.setdefault(module_name, []).append(new)
    forget_deleted(module_name)
    return None


def begin_first_step(process: Process, coroutine: Any) -> tuple[bool, bool]:
    """Hear that a process makes its first step after an update.

    Returns whether its `run` is a coroutine now, and whether it is the one that the process has.
    """
    under_test[id(process)] = [
        version
        for stack in updates.values()
        for version in stack
        if id(process) in version.on_probation
    ]
    is_async = type(process)._metapython_declaration.is_async
    run = getattr(underlying(type(process).run), "__code__", None)
    return is_async, coroutine is None or is_async and is_same_code(coroutine.cr_code, run)


def first_step(process: Process, failure: str | None) -> bool:
    """Hear how a first step after an update went; whether the update was taken back."""
    tested = under_test.pop(id(process), [])
    if failure is None or not tested:
        for version in tested:
            version.on_probation.pop(id(process), None)
            forget_settled(version.module_name)
        is_waited_for = any(
            id(process) in version.on_probation for stack in updates.values() for version in stack
        )
        _native.set_probation(process, is_waited_for)
        return False
    last = tested[-1]
    stack = updates[last.module_name]
    undone: list[NewVersion] = []
    while last not in undone:
        undone.append(stack.pop())
        undone[-1].undo()
    raise_alert(
        "update",
        f"{last.title} is taken back, because the first step of {process.instance_name} failed; "
        f"the old version runs on: {failure}",
        "error",
    )
    forget_settled(last.module_name)
    return True


def forget_settled(module_name: str) -> None:
    """Forget the oldest updates of a module as far as no step of theirs is yet to come."""
    stack = updates.get(module_name, [])
    while stack and not stack[0].on_probation:
        del stack[0]


def forget_deleted(module_name: str) -> None:
    """Wait no longer for the first steps of processes that were deleted before."""
    for version in updates.get(module_name, []):
        for key, process in list(version.on_probation.items()):
            if not process.is_alive:
                del version.on_probation[key]
    forget_settled(module_name)
