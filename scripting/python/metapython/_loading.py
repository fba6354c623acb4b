"""Finding classes by name, and importing scripts."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from metapython import _native
from metapython._declaration import nearest

if TYPE_CHECKING:
    from metapython.process import Process

BEGUN = time.time()
"""When the package was imported, before any script was: seconds since 1970."""


stamps: dict[str, tuple[int, int]] = {}
"""When scripts were last changed, and their sizes, as they were imported; by real path."""


def stamp(path: str) -> tuple[int, int]:
    """What tells a version of a file from later ones."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


def run_script(path: str | os.PathLike[str]) -> ModuleType:
    """Import a script that the user named, whose name need not be one that others can import.

    Raises what `import_script` does.
    """
    path = os.fspath(path)
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier():
        name = "".join(letter if f"_{letter}".isidentifier() else "_" for letter in name)
        name = name if name.isidentifier() else f"_{name}"
        while name in sys.modules or importlib.util.find_spec(name) is not None:
            name += "_"
    return import_as(name, path)


def import_script(path: str | os.PathLike[str]) -> ModuleType:
    """Import a script as the module of its own name.

    Raises ImportError if it has no name of a module or a module of that name from elsewhere has
    been imported already, and whatever the script raises.
    """
    path = os.fspath(path)
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier():
        raise ImportError(
            f"{path} cannot be imported: a script's name is letters, digits and underscores"
        )
    return import_as(name, path)


def import_as(name: str, path: str) -> ModuleType:
    """Import a file as the module of a name."""
    known = sys.modules.get(name)
    if known is not None:
        file = getattr(known, "__file__", None)
        if file is not None and os.path.realpath(file) == os.path.realpath(path):
            return known
        raise ImportError(
            f"the script {path} has the name of another module ({file or 'built in'}): rename it"
        )
    loader = SourceFileLoader(name, path)
    version = stamp(path)
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
    stamps[os.path.realpath(path)] = version
    return module


def find_class(name: str) -> type:
    """The class that "module.Class" names; the module is imported if need be.

    Raises LookupError if there is no such module or class, TypeError if it is no class.
    """
    module_name, _, class_name = name.rpartition(".")
    if not all(name.split(".")) or not module_name:
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
        classes = [key for key, value in vars(module).items() if isinstance(value, type)]
        raise LookupError(
            f"module {module_name!r} has no class {class_name!r}{nearest(class_name, classes)}"
        )
    if not isinstance(found, type):
        raise TypeError(f"{name} is no class but {type(found).__name__}")
    return found


def find_callable(name: str) -> Callable[..., Any]:
    """The function that "module.name" or "module.Class.method" names.

    Raises LookupError if there is no such module or name, TypeError if it cannot be called.
    """
    import pkgutil

    try:
        found = pkgutil.resolve_name(name)
    except ValueError:
        raise LookupError(
            f"{name!r} is no function: write it with its module, as \"module.name\""
        ) from None
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise
        raise LookupError(f"there is no module {error.name!r} for the function {name!r}") from None
    except AttributeError as error:
        hint = _native.did_you_mean(error.name or "", dir(error.obj))
        raise LookupError(f"there is no function {name!r}{hint}") from error
    if not callable(found):
        raise TypeError(f"{name} cannot be called: it is {type(found).__name__}")
    return cast("Callable[..., Any]", found)


def find_process_class(name: str) -> type:
    """The process class that "module.Class" names.

    Raises what `find_class` does, and TypeError for a class that is no process.
    """
    from metapython.process import Process

    found = find_class(name)
    if not issubclass(found, Process):
        raise TypeError(f"{name} is no process: it must be a subclass of metapython.Process")
    return found


def start_defined(module: ModuleType) -> None:
    """Start one of each process class that a script defines, if it has started none itself."""
    from metapython import machine

    if not len(machine):
        start_one_of_each(module)


def start_one_of_each(module: ModuleType, **keywords: Any) -> None:
    """Start one of each process class that a module defines.

    Raises LookupError if it defines none, or one that cannot be started with these keywords alone.
    """
    from metapython.process import Process

    defined = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Process)
        and value.__module__ == module.__name__
        and not value.__abstractmethods__
    ]
    if not defined:
        raise LookupError(
            f"{module.__file__} creates no process and defines no subclass of metapython.Process"
        )
    for cls in defined:
        needed = [name for name in needed_arguments(cls) if name not in keywords]
        if needed:
            raise LookupError(
                f"{module.__file__}: {cls.__name__} cannot be started without {', '.join(needed)}; "
                "create the processes in the script, or run a scene that does"
            )
    for cls in defined:
        cls(**keywords)


def needed_arguments(cls: type[Process]) -> list[str]:
    """The names of what must be given to create a process of the class."""
    from metapython.process import Process

    if cls.__init__ is Process.__init__:
        return list(cls._metapython_declaration.required)
    import inspect

    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        parameter.name
        for parameter in parameters
        if parameter.default is inspect.Parameter.empty and parameter.kind not in optional
    ]
