"""Texts that run: which one each module has, and modules made of a text alone."""

from __future__ import annotations

import functools
import importlib.util
import linecache
import os
import sys
import textwrap
from importlib.machinery import EXTENSION_SUFFIXES
from types import CodeType, ModuleType
from typing import Any

from metapython import _native
from metapython._loading import start_one_of_each

texts: dict[str, str] = {}
"""The text that runs, of each file that is watched, was updated or is none at all."""


def show(file: str, text: str) -> None:
    """Say which text runs under the name of a file; tracebacks and `inspect` show it from now on.

    Without a time of its last change Python does not look whether the file has another one.
    """
    texts[file] = text
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def read(file: str | os.PathLike[str]) -> str:
    """The text of a script. Raises OSError, SyntaxError or UnicodeDecodeError if there is none."""
    with open(file, "rb") as opened:
        return importlib.util.decode_source(opened.read())


@functools.cache
def libraries() -> tuple[str, ...]:
    """Where modules are that nobody edits while they run: this package, Python's own, installed ones."""
    import sysconfig

    paths = sysconfig.get_paths()
    # Its other paths may be those of a whole environment, in which the author's scripts lie too.
    folders = {paths[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders.add(os.path.dirname(__file__))
    return tuple(os.path.realpath(folder) + os.sep for folder in folders)


def is_library(module: ModuleType) -> bool:
    """Whether a module is built in, compiled, or in a folder of libraries: no script."""
    if getattr(getattr(module, "__spec__", None), "origin", None) in ("built-in", "frozen"):
        return True
    file = getattr(module, "__file__", None)
    if not isinstance(file, str):
        return False
    return os.path.realpath(file).startswith(libraries()) or file.endswith(tuple(EXTENSION_SUFFIXES))


def unindented(text: object) -> str:
    """What an author gave as source, from the margin. Raises TypeError if it is no text."""
    if not isinstance(text, str):
        raise TypeError(f"source is text, not {type(text).__name__}")
    return textwrap.dedent(text)


def compiled(text: str, file: str) -> CodeType:
    """The code of a text. Raises SyntaxError."""
    try:
        code: CodeType = compile(text, file, "exec", dont_inherit=True)
    except ValueError as error:
        raise SyntaxError(f"{file} is no Python: {error}") from None
    return code


def spawn_source(text: str, /, **keywords: Any) -> list[Any]:
    """Make a module of a text, and start what it defines; see `machine.spawn_source`."""
    text = unindented(text)
    number = 1
    while f"source{number}" in sys.modules:
        number += 1
    name, file = f"source{number}", f"<source{number}>"
    mark = _native.set_mark(False)
    module = ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    try:
        show(file, text)
        exec(compiled(text, file), vars(module))
        created = _native.created_since(mark)
        if created and keywords:
            raise TypeError("the text creates its processes itself: none takes the keywords")
        if not created:
            start_one_of_each(module, **keywords)
        return _native.created_since(mark)
    except BaseException as error:
        _native.take_back(mark)
        del sys.modules[name]
        forget(file)
        if isinstance(error, SystemExit):
            raise RuntimeError(f"the text ended with SystemExit: {error}") from error
        raise


def forget(file: str) -> None:
    """Say that no text runs under a name any more."""
    texts.pop(file, None)
    linecache.cache.pop(file, None)
