"""What a word of a command may become: process classes, methods of a process, scripts.

Sessions that may run no Python ask too. So classes and methods are read as they stand there: nothing of
the user's runs, be it a property, a metaclass or a `__getattr__`.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from inspect import CO_COROUTINE
from types import FunctionType, MethodType, ModuleType
from typing import Any

from metapython import _deeds, _source
from metapython._completion import Candidates, Said, of_words
from metapython._native import Method, machine
from metapython._static import contents, name_of

PLAIN_WORD = re.compile(r"[^\s\"'()\[\]{}]+")
"""A word that a command line takes as it is, without quotes."""


def words(kind: str, prefix: str, process: str) -> Candidates:
    """The words of a kind that begin with what has been typed, sorted, each with what it is."""
    found: dict[str, Any] = {}
    if kind == "class":
        found = classes(is_full="." in prefix)
    elif kind == "method":
        found = methods(process)
    elif kind == "script":
        found = scripts()
    return of_words(prefix, prefix, {word: of for word, of in found.items() if PLAIN_WORD.fullmatch(word)})[1]


def classes(is_full: bool) -> dict[str, Any]:
    """The process classes by their names; with their modules where there are several of a name, or all are
    asked for so."""
    newest = {_deeds.full_name(cls): cls for cls in _deeds.process_classes()}
    alike = Counter(name_of(cls) for cls in newest.values())
    return {full if is_full or alike[name_of(cls)] > 1 else name_of(cls): cls for full, cls in newest.items()}


def methods(process: str) -> dict[str, Any]:
    """What `call` calls of a process: no coroutine, for which it cannot wait."""
    if process not in machine:
        return {}
    owner = machine[process]
    found = _deeds.callable_methods(type(owner))
    return {name: bound(value, owner) for name, value in found.items() if not is_async(value)}


def bound(value: Any, owner: object) -> Any:
    """A method as it stands in a class, bound to a process without asking anybody."""
    if type(value) is staticmethod:
        return value.__func__
    if type(value) is classmethod:
        return MethodType(value.__func__, type(owner))
    return MethodType(value, owner)


def is_async(value: Any) -> bool:
    """Whether a method as it stands in a class is an `async def`."""
    function = value.__func__ if type(value) in (staticmethod, classmethod) else value
    plain = function.__wrapped__ if type(function) is Method else function
    return type(plain) is FunctionType and bool(plain.__code__.co_flags & CO_COROUTINE)


def scripts() -> dict[str, Said]:
    """The files of the scripts, by name; by path where there are several of a name."""
    libraries = _source.libraries()
    files = set()
    for module in list(sys.modules.values()):
        file: Any = contents(module).get("__file__") if issubclass(type(module), ModuleType) else None
        is_script = type(file) is str and file.endswith(".py") and not file.startswith(libraries)
        if is_script and not os.path.realpath(file).startswith(libraries):
            files.add(file)
    alike = Counter(os.path.basename(file) for file in files)
    return {
        file if alike[name := os.path.basename(file)] > 1 else name: Said(os.path.dirname(file)) for file in files
    }
