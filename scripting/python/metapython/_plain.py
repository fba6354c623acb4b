"""What attributes hold as plain data that a scene can say, and back: the same, to the kind of each sequence.

What RON has no kind for is a map with one word for a key: `{"tuple": [1, 2]}`, `{"process": "Ball"}`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from metapython import machine
from metapython._native import ProcessHandle

DEEPEST = 32
"""How deep containers may be within each other: the files of scenes are not read to much more."""

LONG = 1 << 63
"""The whole numbers of a scene are below that, and not below its negative."""


class NotPlain(Exception):
    """What an attribute holds that no scene can say: the end of a sentence."""


def plain(value: Any, missing: Collection[str] = (), depth: int = 0) -> Any:
    """A value as None, truth values, numbers, texts, bytes, lists and dicts.

    Raises NotPlain if it holds anything but these, tuples, sets, and processes that live and are not
    `missing`.
    """
    kind = type(value)
    if depth > DEEPEST:
        raise NotPlain("data that is nested too deeply, or holds itself")
    if value is None or kind in (bool, float, bytes):
        return value
    if kind is str:
        return checked_text(value)
    if kind is int:
        return value if -LONG <= value < LONG else {"int": hex(value)}
    if kind is list:
        return [plain(item, missing, depth + 1) for item in value]
    if kind is tuple:
        return {"tuple": [plain(item, missing, depth + 1) for item in value]}
    if kind in (set, frozenset):
        # In an order that is not that of a hash table.
        return {kind.__name__: sorted((plain(item, missing, depth + 1) for item in value), key=repr)}
    if kind is dict:
        pairs = [[plain(key, missing, depth + 1), plain(value[key], missing, depth + 1)] for key in list(value)]
        is_word = len(pairs) == 1 and isinstance(pairs[0][0], str) and pairs[0][0] in WORDS
        if is_word or any(isinstance(key, (list, dict)) for key, _ in pairs):
            return {"dict": pairs}
        return dict(pairs)
    if isinstance(value, ProcessHandle):
        name = value.instance_name
        if not value.is_alive or name in missing:
            raise NotPlain(f"a process that is {'left out' if value.is_alive else 'deleted'}")
        return {"process": name}
    raise NotPlain(f"a {kind.__qualname__}")


def checked_text(text: str) -> str:
    """The text. Raises NotPlain if a file cannot hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotPlain("a text with half a character") from None
    return text


def restored(value: Any) -> Any:
    """The value that `plain` has made such data of.

    Raises LookupError for a process that there is not, and what Python raises for data of no value.
    """
    if isinstance(value, list):
        return [restored(item) for item in value]
    if not isinstance(value, dict):
        return value
    word, inner = word_of(value)
    if word is not None:
        return WORDS[word](restored(inner))
    return {key: restored(item) for key, item in value.items()}


def names_processes(value: Any) -> bool:
    """Whether plain data stands for something that has a process in it."""
    if isinstance(value, list):
        return any(map(names_processes, value))
    if not isinstance(value, dict):
        return False
    return word_of(value)[0] == "process" or any(map(names_processes, value.values()))


def word_of(value: dict[Any, Any]) -> tuple[str | None, Any]:
    """The word for what a dict stands for, if that is no dict, and what stands under it."""
    if len(value) == 1:
        [(word, inner)] = value.items()
        if isinstance(word, str) and word in WORDS:
            return word, inner
    return None, None


WORDS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "int": lambda text: int(text, 16),
    "process": lambda name: machine[name],
}
"""What stands for values that RON has no kind for, with what makes them."""
