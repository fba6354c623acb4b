"""Docstrings for classes whose authors wrote none, composed when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import CodeType
from typing import TYPE_CHECKING, Any

from metapython import _declaration, _native
from metapython._annotation import own_annotations

if TYPE_CHECKING:
    import inspect

MADE = frozenset(
    ("__module__", "__doc__", "__dict__", "__weakref__", "__annotations__", "__annotate__")
    + ("__annotate_func__", "__annotations_cache__", "__abstractmethods__", "__firstlineno__")
    + ("__static_attributes__", "__qualname__", "__orig_bases__", "__parameters__", "__slots__")
)
"""What Python puts into every class, and no author."""


class Composed:
    """Stands in a class as its `__doc__`, and tells what can be told of it."""

    def __get__(self, _item: object, cls: type) -> str:
        return composed(cls)


COMPOSED = Composed()


def composed(cls: type) -> str:
    """The docstring of a class without one: what it is, what it declares, what it does."""
    bases = " and ".join(base.__name__ for base in cls.__bases__)
    declaration = declared(cls)
    paragraphs = [
        [f"{cls.__name__} is a kind of {bases}."],
        headed("Settings:", settings(declaration)),
        headed("Attributes, with their defaults:", attributes(declaration)),
        headed("Methods:", methods(cls)),
        [f"Resolution order: {', '.join(base.__name__ for base in order(cls))}."],
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if lines)


def order(cls: type) -> Iterator[type]:
    """The classes in which attributes are looked for, as far as they tell an author anything."""
    for base in cls.__mro__:
        if base is not object and base is not _native.ProcessHandle:
            yield base


def headed(heading: str, lines: Iterable[str]) -> list[str]:
    """The lines under a heading; nothing, if there are none."""
    found = [f"    {line}" for line in lines]
    return [heading, *found] if found else []


def settings(declaration: _declaration.Declaration) -> Iterator[str]:
    """The settings that are not what they are where nobody says anything."""
    for name, default in _declaration.SETTINGS.items():
        value = declaration.settings.get(name, default)
        if value != default:
            yield f"{name} = {shown(value)}"


def attributes(declaration: _declaration.Declaration) -> Iterator[str]:
    """What keywords can set, with types and defaults."""
    for name in declaration.required:
        yield f"{name}{typed(declaration, name)} (must be given)"
    for name, component in declaration.components.items():
        yield f"{name}: {changed_fields(component)}"
    for name, value in declaration.attributes.items():
        yield f"{name}{typed(declaration, name)} = {shown(value)}"


def changed_fields(component: _native.Component) -> str:
    """A component with those of its fields that are not what they are where nobody says anything."""
    kind = type(component)
    try:
        usual = kind()
        fields = {name: getattr(component, name) for name in own_annotations(kind)}
        changed = {
            name: value for name, value in fields.items() if value != getattr(usual, name)
        }
    except Exception:
        return shown(component)
    return f"{kind.__name__}({', '.join(f'{name}={shown(changed[name])}' for name in changed)})"


def class_signature(cls: type, init: Any, has_own: bool) -> inspect.Signature:
    """What a process class is called with: what its `__init__` takes, or sets where it is ours."""
    import inspect

    if has_own:
        parameters = list(inspect.signature(init).parameters.values())[1:]
    else:
        parameters = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for name, kind, default in keywords(declared(cls), inspect.Parameter.empty)
        ]
    if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
        parameters.append(inspect.Parameter("terms", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(parameters)


def keywords(
    declaration: _declaration.Declaration, empty: Any
) -> Iterator[tuple[str, Any, Any]]:
    """What keywords can set: name, type and default."""
    for name in declaration.required:
        yield name, declaration.annotations.get(name, empty), empty
    for name, component in declaration.components.items():
        yield name, type(component), component
    for name, value in declaration.attributes.items():
        yield name, declaration.annotations.get(name, empty), value


def typed(declaration: _declaration.Declaration, name: str) -> str:
    """The type of an attribute, as an annotation says it."""
    annotation = declaration.annotations.get(name)
    if annotation is None:
        return ""
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return f": {annotation.__name__}"
    return f": {annotation}"


def shown(value: object) -> str:
    """A value as Python writes it, if that is short."""
    try:
        text = repr(value)
    except Exception:
        text = "..."
    return text if len(text) <= 60 and "\n" not in text else "..."


def methods(cls: type) -> Iterator[str]:
    """The public methods that the class itself defines, each with the first line of its docstring."""
    for name, value in vars(cls).items():
        function = getattr(value, "__func__", value)
        if name.startswith("_") or name in declared(cls) or not is_method(function):
            continue
        summary = summary_of(function)
        is_bound = not isinstance(value, staticmethod)
        yield f"{name}{signature(function, is_bound)}" + (f": {summary}" if summary else "")


def declared(cls: type) -> _declaration.Declaration:
    """What a class declares, with what it inherits; nothing, if it is no process class."""
    found: _declaration.Declaration = vars(cls).get(_declaration.WHOLE, _declaration.NOTHING)
    return found


def is_method(value: object) -> bool:
    """Whether a class attribute is a method."""
    return callable(value) and hasattr(value, "__name__") and not isinstance(value, type)


def signature(function: Callable[..., Any], is_bound: bool) -> str:
    """How a method is called, as one reads it: without `self`."""
    import inspect

    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return "(...)"
    parameters = list(found.parameters.values())
    return str(found.replace(parameters=parameters[1:] if is_bound else parameters))


def summary_of(function: Any) -> str:
    """The first line that the author wrote of a method."""
    doc = getattr(getattr(function, "__wrapped__", function), "__doc__", None)
    return doc.strip().partition("\n")[0] if isinstance(doc, str) else ""


def names(cls: type, found: Iterable[str]) -> list[str]:
    """Of the names in a class, those that an author or reader looks for.

    Double underscores count where a class of an author's defines them; what the framework and Python
    put there does not.
    """
    own = {
        name
        for base in cls.__mro__
        if base is not object and not _declaration.is_ours(base)
        for name in vars(base)
        if name not in MADE
    }
    return [name for name in found if not name.startswith("_") or name in own and not is_hidden(name)]


def is_hidden(name: str) -> bool:
    """Whether a name in a class is the framework's or the library's own."""
    return name.startswith(("_metapython_", "_abc_"))


def source(cls: type) -> str | None:
    """The source text of a class, from its file or from what was compiled under a name; None without."""
    import inspect

    code = a_code_of(cls)
    if code is not None and code.co_filename.startswith("<"):
        return source_of_text(cls)  # Its module may have a file, in which an older version stands.
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):
        return None


def a_code_of(cls: type) -> CodeType | None:
    """The code of the first method of a class, or None."""
    codes = (getattr(getattr(value, "__func__", value), "__code__", None) for value in vars(cls).values())
    return next((code for code in codes if code is not None), None)


def source_of_text(cls: type) -> str | None:
    """The source text of a class that was made from a text, which its methods were compiled from."""
    import ast
    import linecache

    code = a_code_of(cls)
    text = "".join(linecache.getlines(code.co_filename)) if code is not None else ""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    except SyntaxError:
        return None
    for node in nodes:
        if node.name == cls.__name__ and code is not None:
            if node.lineno <= code.co_firstlineno <= (node.end_lineno or node.lineno):
                first = min([node.lineno, *(line.lineno for line in node.decorator_list)])
                return "".join(text.splitlines(keepends=True)[first - 1 : node.end_lineno])
    return None
