"""One new version of a module: from the execution of its body to its commit, or back.

It is a journal of what it changed, and the processes that have yet to make their first step with it.
As long as there is one it can be taken back.
"""

from __future__ import annotations

import ast
import dis
import linecache
import os
from collections.abc import Iterator
from types import CodeType
from typing import Any

from metapython import _declaration, _native, _source
from metapython._adapt import (
    Difference,
    carry_fields,
    carry_over,
    component_of,
    is_equal,
    old_version,
)
from metapython._native import ActionMemory, Component, ComponentMemory, machine, window
from metapython._patch import Redeclared, reconcile, refusal, reopening, replace
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


class NewVersion:
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
        self.redeclared: dict[type[Component], Redeclared] = {}
        """The components that the new version declares, by the class before."""
        self.lost: dict[str, int] = {}
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
        journal.add(ActionMemory())
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
            with reopening(
                self.namespace, self.known, self.journal, self.patched, self.redeclared
            ):
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
            ):
                if old in self.redeclared and self.redeclared[old].now is new:
                    continue
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
        self.exchange_components()
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
        self.carry_components_over()
        for process in self.processes:
            differences[type(process)].apply(process)
        for process in self.processes:
            process.migrate(self.old_versions[type(process)])

    def exchange_components(self) -> None:
        """Have what the text does not define again know the components that it does."""
        names = self.namespace
        names.update((name, self.component_now(value)) for name, value in list(names.items()))
        for cls in dict.fromkeys(self.known.values()):
            for name, value in list(vars(cls).items()):
                now = self.component_now(value)
                if now is not value:
                    self.journal.remember_class(cls)
                    type.__setattr__(cls, name, now)
            if isinstance(cls, ProcessType) and cls not in self.patched:
                self.exchange_defaults(cls)

    def component_now(self, value: Any) -> Any:
        """The component that a class is now, if it is one that has other fields; else the value."""
        redeclared = self.redeclared.get(value) if isinstance(value, type) else None
        return redeclared.now if redeclared else value

    def exchange_defaults(self, cls: ProcessType) -> None:
        """Make the components that a process class declares those that there are now.

        Raises TypeError if they cannot hold the values that the class gives them.
        """
        own = cls._metapython_own
        exchanged: dict[str, Component] = {}
        for name, default in own.components.items():
            redeclared = self.redeclared.get(type(default))
            if redeclared is None:
                continue
            component = redeclared.now.__new__(redeclared.now)
            lost = carry_fields(default, redeclared.defaults, component)
            if lost:
                raise TypeError(
                    f"{cls.__qualname__}.{name} is {default!r}, and {', '.join(lost)} cannot hold "
                    f"that now: define {cls.__qualname__} again in the same text"
                )
            if not is_equal(default, component):
                exchanged[name] = component
        if exchanged:
            self.journal.remember_class(cls)
            self.patched.add(cls)
            _declaration.exchange_components(cls, exchanged)

    def carry_components_over(self) -> None:
        """Give processes the new versions of components that have other fields now."""
        remembered = set(self.processes)
        for old, (new, _) in self.redeclared.items():
            if new is old:
                continue
            for process in machine.processes:
                declared = process._metapython_declaration.components.values()
                # One of another module, whose class has the old one, goes on with that.
                if old not in process or new in process or old in map(type, declared):
                    continue
                if process not in remembered:
                    remembered.add(process)
                    self.journal.add(ComponentMemory(process))
                default = component_of(self.declarations.get(kind_of(process)), old)
                for field in carry_over(process, default, new):
                    self.lost[field] = self.lost.get(field, 0) + 1

    def process_classes(self) -> list[ProcessType]:
        """The process classes that have the new version."""
        return [cls for cls in self.patched if isinstance(cls, ProcessType)]

    def commit(self) -> None:
        """The update has come to its end: the processes go on, on probation."""
        self.journal.settle()
        for field, count in self.lost.items():
            text = f"{field} cannot hold what {count} of its processes had; they have its default"
            _native.raise_alert("update", text, "v")
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


def line_of_class(text: str, name: str) -> int:
    """The line of the last `class` statement of a name outside of all others."""
    statements = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
    return max((node.lineno for node in statements if node.name == name), default=1)


def stored_names(code: CodeType) -> set[str]:
    """The names that the body of a module gives."""
    stores = ("STORE_NAME", "STORE_GLOBAL")
    return {step.argval for step in dis.get_instructions(code) if step.opname in stores}
