"""Scripts that are saved while they run: which files matter, and taking them in."""

from __future__ import annotations

import os
import sys
from types import ModuleType

from metapython import _source
from metapython._native import raise_alert
from metapython._traceback import format_exception
from metapython._update import make

seen: tuple[int, ModuleType | None] = 0, None
"""How many modules there were when folders were last looked for, and the newest of them."""

refused: dict[str, str] = {}
"""The scripts whose newest text is not the one that runs, by real path, with what was wrong."""


def scripts() -> dict[str, ModuleType]:
    """The scripts among the modules, by the real paths of their files; the imported ones first."""
    found: dict[str, ModuleType] = {}
    for module in reversed(list(sys.modules.values())):
        file = getattr(module, "__file__", None)
        if isinstance(module, ModuleType) and isinstance(file, str) and file.endswith(".py"):
            path = os.path.realpath(file)
            if not path.startswith(_source.libraries()):
                found.setdefault(path, module)
    return found


def folders_to_watch() -> list[str] | None:
    """The folders of the scripts, if there are modules that were not there at the last call.

    The texts of the scripts are read on the way: those that run now.
    """
    global seen
    modules = len(sys.modules), next(reversed(sys.modules.values()))
    if modules == seen:
        return None
    seen = modules
    return sorted({os.path.dirname(path) for path in remember_texts()})


def remember_texts() -> dict[str, ModuleType]:
    """Read the texts of those scripts that run and are not known yet; all scripts, as `scripts` has them."""
    found = scripts()
    for module in found.values():
        file = str(module.__file__)
        if file not in _source.texts:
            try:
                _source.show(file, _source.read(file))
            except (OSError, SyntaxError, UnicodeError):
                continue  # It is gone since, and its next version will be told of.
    return found


def update_files(files: list[str | os.PathLike[str]]) -> None:
    """Take in what became of files; what is wrong with one is told by an alert, once.

    Scripts that could not be taken in before are tried again: what they import may be right now.
    """
    saved = {os.path.realpath(file) for file in files}
    known = dict(refused)
    if any(path.endswith(".py") for path in saved):
        saved.update(refused)
    modules = scripts()
    left = [path for path in modules if path in saved]
    while any([take_in(path, modules[path]) for path in left]):
        left = [path for path in left if path in refused]
    for path, failure in refused.items():
        if known.get(path) != failure:
            text = f"{os.path.basename(path)} is not taken in; the old version runs on\n{failure}"
            raise_alert("update", text, "error")


def take_in(path: str, module: ModuleType) -> bool:
    """Take in what became of a script; whether it has a new version."""
    file = str(module.__file__)
    name = os.path.basename(file)
    refused.pop(path, None)
    try:
        text = _source.read(file)
        if text == _source.texts.get(file):
            return False
        problem = make(module.__name__, vars(module), file, text)
    except FileNotFoundError:
        raise_alert("update", f"{name} is gone; its last version runs on", "v")
        return False
    except BaseException as error:
        refused[path] = format_exception(error)
        return False
    if problem is not None:
        refused[path] = problem[1]
        return False
    raise_alert("update", f"{name} is taken in", "v")
    return True
