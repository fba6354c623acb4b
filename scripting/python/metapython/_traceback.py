"""Exceptions for people: tracebacks without the framework's own frames, and the place at fault."""

from __future__ import annotations

import importlib
import os
import traceback
from types import TracebackType

from metapython import _native

INNER = (
    os.path.dirname(os.path.abspath(__file__)),
    os.path.dirname(os.path.abspath(importlib.__file__)),
    "<frozen importlib",
)
"""How the files begin whose frames tell an author nothing: the framework's, the import system's."""


def own_frames(tb: TracebackType | None) -> TracebackType | None:
    """The traceback from the first frame on that is the user's: not ours, not the import system's."""
    while tb is not None and is_inner(tb):
        tb = tb.tb_next
    return tb


def is_inner(tb: TracebackType) -> bool:
    """Whether a frame belongs to the framework or the import system."""
    return tb.tb_frame.f_code.co_filename.startswith(INNER)


def is_library_frame(tb: TracebackType) -> bool:
    """Whether a frame belongs to Python's library or an installed package, whose callers err."""
    from metapython._source import libraries

    return os.path.realpath(tb.tb_frame.f_code.co_filename).startswith(libraries())


def strip(told: traceback.TracebackException) -> None:
    """Leave only the frames of the user's, in an exception and in those that led to it."""
    waiting: list[traceback.TracebackException | None] = [told]
    while waiting:
        one = waiting.pop()
        if one is not None:
            one.stack[:] = [frame for frame in one.stack if not frame.filename.startswith(INNER)]
            waiting.extend((one.__cause__, one.__context__, *(one.exceptions or ())))


def format_exception(error: BaseException) -> str:
    """The exception as Python prints it, with the user's frames alone; the middle of a very long one
    is left out.
    """
    told = traceback.TracebackException.from_exception(error)
    strip(told)
    return _native.bounded_traceback("".join(told.format()).rstrip("\n"))


def format_stack(lines: list[tuple[str, int, str]]) -> str:
    """The user's lines of a stack, (file, line, function) from the outermost on, as a traceback."""
    own = [(*line, None) for line in lines if not line[0].startswith(INNER)]
    stack = traceback.StackSummary.from_list(own)
    return "".join(["Traceback (most recent call last):\n", *stack.format()]).rstrip("\n") if own else ""


def place(error: BaseException) -> tuple[str, int, int, str, str | None] | None:
    """Where an exception's cause stands: file, line, column, message, and traceback if it helps.

    None for an exception that comes from no file of the user's.
    """
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        column = max(error.offset or 1, 1)
        return error.filename, error.lineno, column, f"{type(error).__name__}: {error.msg}", None
    frames = [
        frame
        for frame in iterate(own_frames(error.__traceback__))
        if not is_inner(frame) and os.path.exists(frame.tb_frame.f_code.co_filename)
    ]
    if not frames:
        return None
    last = ([frame for frame in frames if not is_library_frame(frame)] or frames)[-1]
    summary = traceback.extract_tb(last, limit=1)[0]
    column = (getattr(summary, "colno", None) or 0) + 1
    message = "".join(traceback.format_exception_only(type(error), error)).strip()
    trace = format_exception(error) if len(frames) > 1 else None
    return summary.filename, last.tb_lineno, column, message, trace


def iterate(tb: TracebackType | None) -> list[TracebackType]:
    """The frames of a traceback, outermost first."""
    frames = []
    while tb is not None:
        frames.append(tb)
        tb = tb.tb_next
    return frames
