"""Update of running code: a new version takes the place of the old one while its objects live.

An update either comes to its end or leaves nothing behind. It is one `Update`: a journal of what it
changed, and the processes that have yet to make their first step with it. As long as there is one
the update can be taken back; later updates of the same module are taken back before.
"""

from __future__ import annotations

import ast
import dis
import linecache
import os
import sys
import textwrap
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from metapython import _declaration, _native, _random, _source
from metapython._adapt import Difference, old_version
from metapython._native import ComponentMemory, machine, raise_alert, window
from metapython._patch import (
    classes_of,
    is_same_code,
    reconcile,
    refusal,
    reopening,
    replace,
    underlying,
)
from metapython._traceback import format_exception
from metapython._transaction import (
    MISSING,
    AttributeMemory,
    DictMemory,
    Journal,
    NamespaceMemory,
)
from metapython.process import Process, ProcessType

REMEDY = "undo that, give the new version another name, or start the machine again"
"""What to do about a change that living objects cannot follow."""

WINDOW = ("title", "width", "height", "background")
"""What a script can set of the window."""


class Update:
    """One new version of a module, or of a part of it."""

    def __init__(
        self,
        title: str,
        file: str,
        module_name: str,
        namespace: dict[str, Any],
        known: dict[str, type],
    ) -> None:
        self.title = title
        self.file = file
        self.module_name = module_name
        self.namespace = namespace
        self.known = known
        self.journal = Journal()
        self.patched: set[type] = set()
        self.on_probation: dict[int, Process] = {}
        self.concerned: list[Process] = []
        self.held: list[tuple[Process, _native.HeldFault]] = []
        self.before = dict(namespace)
        classes = set(known.values())
        self.processes: list[Process] = [
            process
            for process in machine.processes
            if not classes.isdisjoint(type(process).__mro__)
        ]
        kinds = set(map(kind_of, self.processes))
        self.declarations = {cls: cls._metapython_declaration for cls in kinds}
        self.old_versions = {cls: old_version(cls) for cls in kinds}
        self.remember()

    def remember(self) -> None:
        """Remember everything that the update may change."""
        journal = self.journal
        journal.add(NamespaceMemory(self.namespace))
        if os.path.exists(self.file):  # Other names are those of one text.
            journal.add(NamespaceMemory(_source.texts, [self.file]))
            journal.add(NamespaceMemory(linecache.cache, [self.file]))
        journal.add(AttributeMemory(window, WINDOW))
        for name, value in self.namespace.items():
            if not name.startswith("__"):
                journal.remember_contents(value)
        for process in self.processes:
            journal.add(DictMemory(vars(process)))
            journal.add(AttributeMemory(process, _declaration.SETTINGS))
            for value in vars(process).values():
                journal.remember_contents(value)
            journal.add(ComponentMemory(process))

    def execute(self, code: CodeType) -> None:
        """Run the new version's body. What it creates is not there afterwards."""
        mark = _native.set_mark(True)
        try:
            with reopening(self.namespace, self.known, self.journal, self.patched):
                exec(code, self.namespace)
            self.keep_living(_native.created_since(mark))
        finally:
            _native.end_stand_ins()
            _native.take_back(mark)

    def keep_living(self, created: list[Any]) -> None:
        """Have names that the body gave to processes, or containers of some, keep the living ones."""
        strangers = set(map(id, created))
        for name, value in list(self.namespace.items()):
            if not name.startswith("__") and any(id(part) in strangers for part in parts(value)):
                bind(self.namespace, name, self.before.get(name, MISSING))

    def settle_names(self, text: str) -> None:
        """Have the names of classes and functions mean the objects that they meant before."""
        namespace = self.namespace
        for qualname, old in self.known.items():
            new = namespace.get(qualname)
            if (
                isinstance(new, type)
                and new is not old
                and new.__module__ == self.module_name
                and new.__qualname__ == qualname
                and not is_other_component(old, new)
            ):
                reason = refusal(old, new)
                if reason is not None:
                    place = f"{self.file}:{line_of_class(text, qualname)}"
                    raise TypeError(
                        f"{place}: {qualname} cannot be updated while it runs: {reason}; {REMEDY}"
                    )
                replace(old, new, self.journal, self.patched)
                namespace[qualname] = old
        for name, value in list(namespace.items()):
            before = self.before.get(name)
            if before is not value and getattr(value, "__module__", None) == self.module_name:
                namespace[name] = reconcile(before, value, self.journal)

    def drop_names(self, old_text: str | None, code: CodeType) -> None:
        """Take away the names that the old version gave and the new one does not."""
        if old_text is None:
            return
        for name in stored_names(_source.compiled(old_text, self.file)) - stored_names(code):
            self.namespace.pop(name, None)

    def adapt_processes(self) -> None:
        """Give the living processes what the new version declares, and have them migrate."""
        for cls in self.process_classes():
            _declaration.redeclare(cls)
        self.processes = [
            process
            for process in self.processes
            if process.is_alive and not self.patched.isdisjoint(type(process).__mro__)
        ]
        differences = {
            cls: Difference(self.declarations[cls], cls._metapython_declaration)
            for cls in set(map(kind_of, self.processes))
        }
        for process in self.processes:
            differences[type(process)].apply(process)
        for process in self.processes:
            process.migrate(self.old_versions[type(process)])

    def process_classes(self) -> list[ProcessType]:
        """The process classes that have the new version."""
        return [cls for cls in self.patched if isinstance(cls, ProcessType)]

    def commit(self) -> None:
        """The update has come to its end: the processes go on, on probation."""
        self.journal.settle()
        for process in self.processes:
            if not process.is_alive:
                continue
            fault = _native.release_process(process)
            if fault is not None:
                self.held.append((process, fault))
            self.on_probation[id(process)] = process
            _native.set_probation(process, True)
        self.concerned = list(self.on_probation.values())
        self.known.clear()
        self.before.clear()
        self.processes.clear()

    def undo(self) -> None:
        """Take everything back that the update has changed."""
        self.journal.undo()
        for cls in self.process_classes():
            _declaration.redeclare(cls)
        for process, fault in self.held:
            if process.is_alive:
                _native.hold_process(process, fault)
        for process in self.concerned:
            # A coroutine of the version that is gone gives way at the next step.
            _native.set_probation(process, process.is_alive)


updates: dict[str, list[Update]] = {}
"""Of each module the updates that can still be taken back, oldest first."""

SHOWN_VERSIONS = 8
"""How many texts of a class are kept, so that tracebacks of old versions show their lines."""

versions: dict[str, tuple[int, list[str]]] = {}
"""Of each class that was updated from texts: the number of the last one, and the names they have."""

under_test: dict[int, list[Update]] = {}
"""For each process that makes its first step after an update: the updates that it tries."""

in_progress: list[Update] = []
"""The update that is being made."""


def update(cls: type, text: str) -> None:
    """Give a class and its living objects a new version; see `machine.update`."""
    if not isinstance(text, str):
        raise TypeError(f"source is text, not {type(text).__name__}")
    namespace = namespace_of(cls)
    title = f"{cls.__module__}.{cls.__qualname__}"
    refused = make(cls.__module__, namespace, new_file(title), textwrap.dedent(text), cls)
    if refused is not None:
        raise refused[0]
    raise_alert("update", f"{title} has a new version", "vv")


def new_file(title: str) -> str:
    """The name under which the next text of a class is compiled and shown."""
    number, files = versions.get(title, (1, []))
    file = f"<{title}, version {number + 1}>"
    if len(files) == SHOWN_VERSIONS:
        _source.forget(files.pop(0))
    versions[title] = number + 1, [*files, file]
    return file


def namespace_of(cls: type) -> dict[str, Any]:
    """The names among which a class was defined. Raises TypeError if it cannot be updated."""
    if isinstance(cls, type) and not _declaration.is_ours(cls):
        module = sys.modules.get(cls.__module__)
        if module is not None:
            return vars(module)
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
    new = Update(title, file, module_name, namespace, known)
    states = _random.state()
    mark = _native.set_mark(False)
    in_progress.append(new)
    try:
        old_text = _source.texts.get(file)
        _source.show(_source.texts, file, text)
        new.execute(code)
        new.settle_names(text)
        if cls is None:
            new.drop_names(old_text, code)
        elif cls not in new.patched:
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
        update
        for stack in updates.values()
        for update in stack
        if id(process) in update.on_probation
    ]
    is_async = type(process)._metapython_declaration.is_async
    run = getattr(underlying(type(process).run), "__code__", None)
    return is_async, coroutine is None or is_async and is_same_code(coroutine.cr_code, run)


def first_step(process: Process, failure: str | None) -> bool:
    """Hear how a first step after an update went; whether the update was taken back."""
    tested = under_test.pop(id(process), [])
    if failure is None or not tested:
        for update in tested:
            update.on_probation.pop(id(process), None)
            forget_settled(update.module_name)
        is_waited_for = any(
            id(process) in update.on_probation for stack in updates.values() for update in stack
        )
        _native.set_probation(process, is_waited_for)
        return False
    last = tested[-1]
    stack = updates[last.module_name]
    undone: list[Update] = []
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
    for update in updates.get(module_name, []):
        for key, process in list(update.on_probation.items()):
            if not process.is_alive:
                del update.on_probation[key]
    forget_settled(module_name)


def kind_of(process: Process) -> ProcessType:
    """The class of a process."""
    return type(process)


def bind(namespace: dict[str, Any], name: str, value: Any) -> None:
    """Give a value to a name, or take the name away if it is MISSING."""
    if value is MISSING:
        namespace.pop(name, None)
    else:
        namespace[name] = value


def parts(value: Any) -> Iterator[Any]:
    """A value, and what it holds if it is a plain container."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        value = waiting.pop()
        yield value
        if id(value) in seen:
            continue
        seen.add(id(value))
        if type(value) is dict:
            waiting.extend(value.values())
        elif type(value) in (list, tuple, set):
            waiting.extend(value)


def is_other_component(old: type, new: type) -> bool:
    """Whether a class is a component that has not the fields of the one before."""
    if not (issubclass(old, _native.Component) and issubclass(new, _native.Component)):
        return False
    return not _native.is_same_kind(old, new)


def line_of_class(text: str, name: str) -> int:
    """The line of the last `class` statement of a name outside of all others."""
    statements = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    return max((node.lineno for node in statements if node.name == name), default=1)


def stored_names(code: CodeType) -> set[str]:
    """The names that the body of a module gives."""
    stores = ("STORE_NAME", "STORE_GLOBAL")
    return {step.argval for step in dis.get_instructions(code) if step.opname in stores}
