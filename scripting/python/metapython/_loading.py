"""Finding classes by name, and importing scripts."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any


def import_script(path: str | os.PathLike[str]) -> ModuleType:
    """Import a script as the module of its own name.

    Raises ImportError if a module of that name from elsewhere has been imported already, and
    whatever the script raises.
    """
    path = os.fspath(path)
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier():
        raise ImportError(
            f"{path} cannot be imported: a script's name is letters, digits and underscores"
        )
    known = sys.modules.get(name)
    if known is not None:
        file = getattr(known, "__file__", None)
        if file is not None and os.path.realpath(file) == os.path.realpath(path):
            return known
        raise ImportError(
            f"the script {path} has the name of another module ({file or 'built in'}): rename it"
        )
    loader = SourceFileLoader(name, path)
    try:
        code = loader.get_code(name)
    except (SyntaxError, ValueError) as error:
        if isinstance(error, SyntaxError) and error.filename is not None:
            raise
        # It holds null bytes, and no line of it can be shown.
        raise ImportError(f"{path} is no Python script: {error}") from None
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None and code is not None, "a source file has a specification and code"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(code, vars(module))
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def find_class(name: str) -> type:
    """The class that "module.Class" names; the module is imported if need be.

    Raises LookupError if there is no such module or class, TypeError if it is no class.
    """
    module_name, _, class_name = name.rpartition(".")
    if not module_name:
        raise LookupError(f"{name!r} is no class: write it with its module, as \"module.Class\"")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise
        raise LookupError(
            f"there is no module {module_name!r} for the class {name!r}; name its script in the "
            "scene's `scripts`"
        ) from None
    found = getattr(module, class_name, None)
    if found is None:
        from metapython._declaration import nearest

        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        raise LookupError(
            f"module {module_name!r} has no class {class_name!r}{nearest(class_name, classes)}"
        )
    if not isinstance(found, type):
        raise TypeError(f"{name} is no class but {type(found).__name__}")
    return found


def find_process_class(name: str) -> type:
    """The process class that "module.Class" names.

    Raises what `find_class` does, and TypeError for a class that is no process.
    """
    from metapython.process import Process

    found = find_class(name)
    if not issubclass(found, Process):
        raise TypeError(f"{name} is no process: it must be a subclass of metapython.Process")
    return found


def check_attribute(cls: type, name: str, value: Any) -> Any:
    """A scene's value for an attribute of a class, as the kind of sequence that the class declares.

    Raises TypeError if the class declares no such attribute.
    """
    declaration = cls._declaration  # type: ignore[attr-defined]
    if "__init__" not in cls.__dict__:
        declaration.check(cls, name)
    default = declaration.attributes.get(name)
    if isinstance(value, list) and isinstance(default, (tuple, set, frozenset)):
        return type(default)(value)
    return value


def start_defined(module: ModuleType) -> None:
    """Start one of each process class that a script defines, if it has started none itself."""
    from metapython import machine
    from metapython.process import Process

    if len(machine):
        return
    defined = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Process)
        and value.__module__ == module.__name__
    ]
    if not defined:
        raise LookupError(
            f"{module.__file__} creates no process and defines no subclass of metapython.Process"
        )
    for cls in defined:
        cls()
