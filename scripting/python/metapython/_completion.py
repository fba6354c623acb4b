"""What the word that is being typed at a console may become.

The living objects are looked at, and left alone: no property, `__getattr__`, `__dir__` or `__repr__` of
the user's is run for it, so that to press Tab changes nothing and costs little.
"""

from __future__ import annotations

import builtins
import importlib.util
import io
import keyword
import pkgutil
import re
import sys
import tokenize
from collections.abc import Iterable, Mapping
from inspect import _ParameterKind as Kind
from types import FunctionType, MethodType, ModuleType
from typing import Any

import metapython
from metapython import _native
from metapython._declaration import SETTINGS, WHOLE
from metapython._documentation import is_hidden
from metapython._static import (
    IN_C,
    MISSING,
    Parameters,
    contents,
    evaluated,
    in_class,
    inherits,
    is_class,
    is_exactly,
    lookup,
    members,
    name_of,
    parameters,
)
from metapython.process import Process

MAX_CANDIDATES = 1_000
"""More than anybody looks through."""

MAX_SIGNATURES = 50
"""How many signatures are told: to make one takes as long as to find a hundred names."""

MAX_SIGNATURE = 80
"""The longest signature, in characters: a line."""

MAX_LINE = 200
"""How much of the end of a line is looked at for an expression, in characters: each is a place at which one
might begin."""

MAX_TEXT = 4_000
"""How much of the end of a text is looked at for a call, in characters: some tens of lines."""

PLAIN = (int, float, bool, str, bytes, type(None))
"""The types of the defaults that are shown: others have a `__repr__` of their own."""

Candidates = list[tuple[str, str]]
"""What a word may become, and what that is."""

EXPRESSION = r"(?<!\w)((?:[^\W\d]\w*|\"[^\"]*\"|'[^']*'|\[\]|\{\})(?:\.\w+|\[(?:-?\d+|\"[^\"]*\"|'[^']*')\])*)"
"""Names and literals, their attributes and items: what can be looked at without running anything."""

ATTRIBUTE = re.compile(EXPRESSION + r"\s*\.\s*(\w*)$")
KEY = re.compile(EXPRESSION + r"\[\s*([\"'][^\"']*|-?\d*)$")
CALLEE = re.compile(EXPRESSION + r"\s*$")
WORD = re.compile(r"\w*$")
IMPORT = re.compile(r"^\s*import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*([\w.]*)$")
FROM = re.compile(r"^\s*from\s+([\w.]*)$")
FROM_IMPORT = re.compile(r"^\s*from\s+([\w.]+)\s+import\s+\(?\s*(?:\w+(?:\s+as\s+\w+)?\s*,\s*)*(\w*)$")


def completion(text: str, namespace: Mapping[str, Any]) -> tuple[int, Candidates]:
    """What may take the place of the end of a text, sorted, and where that begins, in characters."""
    line = text[max(text.rfind("\n") + 1, len(text) - MAX_LINE) :]
    if match := IMPORT.match(line) or FROM.match(line):
        return of_words(text, match[1], {name: Said("module") for name in modules(match[1])})
    if match := FROM_IMPORT.match(line):
        return of_words(text, match[2], names_in_module(match[1], match[2]))
    if match := KEY.search(line):
        return of_words(text, match[2], keys(match[1], match[2], namespace))
    if is_in_literal(text):
        return len(text), []
    if match := ATTRIBUTE.search(line):
        return of_words(text, match[2], attributes(match[1], match[2], namespace))
    word = WORD.search(line)
    prefix = word[0] if word else ""
    if prefix[:1].isdigit() or line[: len(line) - len(prefix)].rstrip().endswith("."):
        return len(text), []
    return of_words(text, prefix, {**names(prefix, namespace), **keywords(text, prefix, namespace)})


def of_words(text: str, prefix: str, words: Mapping[str, Any]) -> tuple[int, Candidates]:
    """The candidates among words that have something said of them: a text, or the object itself."""
    found = sorted(word for word in words if word.startswith(prefix) and is_shown(word, prefix))
    del found[MAX_CANDIDATES:]
    candidates = []
    for number, word in enumerate(found):
        said = words[word]
        # `isinstance` would ask an object of the user's for its `__class__`.
        is_said = type(said) is Said
        candidates.append((word, said.text if is_said else detail(said, number < MAX_SIGNATURES)))
    return len(text) - len(prefix), candidates


class Said:
    """What there is to say of a word whose object is not at hand."""

    def __init__(self, text: str) -> None:
        self.text = text


def is_shown(word: str, prefix: str) -> bool:
    """Whether a word is one that somebody who types this looks for: private ones only if asked."""
    last, begun = word.rpartition(".")[2], prefix.rpartition(".")[2]
    if is_hidden(last):
        return False
    if last.startswith("__"):
        return begun.startswith("__")
    return not last.startswith("_") or begun.startswith("_")


def names(prefix: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The names that mean something: keywords, builtins, processes, what the session has."""
    words = {word: Said("keyword") for word in (*keyword.kwlist, *keyword.softkwlist) if word != "_"}
    processes = _native.process_names(prefix, MAX_CANDIDATES) if prefix else []
    unread = set(metapython.__all__) - set(vars(metapython))  # To name them imports something.
    return {
        **vars(builtins),
        **words,
        **{name: Said("process") for name in processes},
        **{name: Said("function") for name in unread},
        **dict(namespace),
    }


def attributes(owner: str, prefix: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of what an expression means."""
    found = evaluated(owner, namespace)
    if found is MISSING:
        return {}
    return {name: value_or_kind(found, name) for name in members(found) if name.startswith(prefix)}


def value_or_kind(owner: Any, name: str) -> Any:
    """An attribute, or what to say of one that only running code of the user's could tell."""
    value = lookup(owner, name)
    return Said("property") if value is MISSING else value


def keys(owner: str, prefix: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of what an expression means, as they are written: those of a dict, names of processes."""
    found = evaluated(owner, namespace)
    quote = prefix[:1] if prefix[:1] in ("'", '"') else '"'
    if found is _native.machine:
        processes = _native.process_names(prefix[1:], MAX_CANDIDATES)
        return {f"{quote}{name}{quote}]": Said("process") for name in processes}
    if not issubclass(type(found), dict):
        return {}
    written = {}
    for key in dict.keys(found):
        if type(key) is str and key.isprintable() and quote not in key and "\\" not in key:
            written[f"{quote}{key}{quote}]"] = dict.get(found, key)
        elif type(key) is int:
            written[f"{key}]"] = dict.get(found, key)
    return written


def keywords(text: str, prefix: str, namespace: Mapping[str, Any]) -> dict[str, Said]:
    """The keyword arguments that the call takes in whose parentheses the text ends."""
    opened = innermost_call(text[: len(text) - len(prefix)][-MAX_TEXT:])
    if opened is None:
        return {}
    callee, arguments = opened
    match = CALLEE.search(callee[-MAX_LINE:])
    found: Any = evaluated(match[1], namespace) if match else MISSING
    taken = parameters_of(found)
    if taken is None:
        return {}
    given = set(re.findall(r"\b(\w+)\s*=(?!=)", arguments))
    by_name = (Kind.POSITIONAL_OR_KEYWORD, Kind.KEYWORD_ONLY)
    words = {one[0]: f"argument {shown(*one)}" for one in taken if one[1] in by_name}
    if inherits(found, Process):
        words.update((name, "setting") for name in (*SETTINGS, "instance_name", "parent"))
    return {f"{name}=": Said(said) for name, said in words.items() if name not in given}


def parameters_of(found: Any) -> Parameters | None:
    """What something is called with; a process class without an `__init__` takes what it declares."""
    if not inherits(found, Process) or in_class(found, "__init__") is not Process.__dict__["__init__"]:
        return parameters(found)
    declared = in_class(found, WHOLE)
    defaults = {**dict.fromkeys(declared.required, MISSING), **declared.components, **declared.attributes}
    taken: Parameters = [(name, Kind.KEYWORD_ONLY, default) for name, default in defaults.items()]
    return [*taken, ("terms", Kind.VAR_KEYWORD, MISSING)]


def shown(name: str, kind: Kind, default: Any) -> str:
    """A parameter as Python writes it; of a default that is not plain, that there is one."""
    stars = {Kind.VAR_POSITIONAL: "*", Kind.VAR_KEYWORD: "**"}.get(kind, "")
    if default is MISSING:
        return stars + name
    return f"{name}={default!r}" if is_exactly(default, PLAIN) else f"{name}=..."


def signature(taken: Parameters) -> str:
    """Parameters as Python writes them, with its marks between the kinds."""
    words = []
    last = Kind.POSITIONAL_ONLY
    for number, (name, kind, default) in enumerate(taken):
        if kind is not Kind.POSITIONAL_ONLY and last is Kind.POSITIONAL_ONLY and number:
            words.append("/")
        if kind is Kind.KEYWORD_ONLY and last < Kind.VAR_POSITIONAL:
            words.append("*")
        words.append(shown(name, kind, default))
        last = kind
    if taken and last is Kind.POSITIONAL_ONLY:
        words.append("/")
    return f"({', '.join(words)})"


def innermost_call(text: str) -> tuple[str, str] | None:
    """What stands before and in the parenthesis that is open at the end of a text, if an argument
    begins there."""
    if not text.rstrip().endswith(("(", ",")):
        return None
    opened: list[tuple[str, int]] = []
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokens(text):
        if token.type == tokenize.OP and token.string in "([{":
            opened.append((token.string, starts[token.start[0] - 1] + token.start[1]))
        elif token.type == tokenize.OP and token.string in ")]}" and opened:
            opened.pop()
    if not opened or opened[-1][0] != "(":
        return None
    position = opened[-1][1]
    return text[:position], text[position + 1 :]


def tokens(text: str) -> list[tokenize.TokenInfo]:
    """The tokens of a text, as far as it has any."""
    found: list[tokenize.TokenInfo] = []
    try:
        found.extend(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        pass
    return found


def is_in_literal(text: str) -> bool:
    """Whether a text ends within a string or a comment."""
    state = ""
    position = 0
    while position < len(text):
        if state:
            if text.startswith("\\", position) and state != "#":
                position += 1
            elif state == "#" and text[position] == "\n" or text.startswith(state, position) and state != "#":
                position += len(state) - 1
                state = ""
        elif text.startswith(('"""', "'''"), position):
            state = text[position : position + 3]
            position += 2
        elif text[position] in "\"'#":
            state = text[position]
        position += 1
    return bool(state)


module_names: dict[tuple[str, ...], list[str]] = {}
"""The modules that can be imported from the folders of `sys.path`, which takes a while to find out."""


def modules(prefix: str) -> list[str]:
    """The modules that can be imported, by what has been typed of a name; none is imported for it."""
    parent = prefix.rpartition(".")[0]
    if parent:
        return [f"{parent}.{name}" for name in submodules(parent)]
    path = tuple(sys.path)
    if path not in module_names:
        module_names.clear()
        module_names[path] = [module.name for module in pkgutil.iter_modules()]
    return [*module_names[path], *sys.builtin_module_names, *(n for n in sys.modules if "." not in n)]


def submodules(parent: str) -> Iterable[str]:
    """The modules in a package."""
    module = sys.modules.get(parent)
    folders: Any = contents(module).get("__path__") if module is not None else None
    if module is None and "." not in parent:
        try:
            spec = importlib.util.find_spec(parent)
        except (ImportError, ValueError):
            return []
        folders = spec.submodule_search_locations if spec is not None else None
    return [module.name for module in pkgutil.iter_modules(folders)] if folders else []


def names_in_module(name: str, prefix: str) -> dict[str, Any]:
    """What can be imported from a module; of one that is not imported yet, the modules in it."""
    words: dict[str, Any] = {module: Said("module") for module in submodules(name)}
    module = sys.modules.get(name)
    if issubclass(type(module), ModuleType):
        words.update((name, value) for name, value in contents(module).items() if name.startswith(prefix))
    return words


def detail(value: Any, has_signature: bool) -> str:
    """What an object is: a kind and how it is called, or a type."""
    kind = kind_of(value)
    taken = parameters_of(value) if has_signature and callable(value) else None
    if taken is None:
        return kind
    text = signature(taken)
    return f"{kind}{text}" if len(text) <= MAX_SIGNATURE else f"{kind}(...)"


def kind_of(value: Any) -> str:
    """What sort of object it is, in a word or two."""
    if is_class(value):
        return "class"
    if issubclass(type(value), ModuleType):
        return "module"
    if type(value) is MethodType:
        return "method"
    if is_exactly(value, (*IN_C, FunctionType, _native.Method)):
        return "function"
    return name_of(type(value))
