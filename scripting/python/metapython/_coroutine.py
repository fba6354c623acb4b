"""What the coroutine of a process can await.

An awaitable yields when it wants to be resumed: `None` for the next tick, a float for so many seconds
later, and a tuple of one for "when somebody wakes the process", with a limit in seconds or None. What
it gets back is the time since, in seconds.
"""

from __future__ import annotations

import types
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from metapython import _native

if TYPE_CHECKING:
    from metapython.process import Process

Request = Generator[float | tuple[float | None] | None, float, Any]
"""The generator that an awaitable is."""

@types.coroutine
def sleep(seconds: float) -> Generator[float | None, float, float]:
    """Wait for so many seconds of simulation time, and return how many it were.

    They are counted from the due time of the step that asks, so that a loop of sleeps does not drift;
    0 is the next tick. Raises ValueError for another time than 0 to 1e9 seconds, TypeError for what
    is no number.
    """
    seconds = _native.checked_seconds("sleep(seconds)", seconds)
    return (yield seconds or None)


@types.coroutine
def next_tick() -> Generator[None, float, float]:
    """Wait for the next tick, and return the seconds since the step before."""
    return (yield None)


def message(process: Process, timeout: float | None) -> Request:
    """Wait for a message to a process that is its own reader, and take it."""
    if timeout is not None:
        timeout = _native.checked_seconds("message(timeout)", timeout)
    end = None if timeout is None else _native.machine.time + timeout
    while True:
        found = _native.take_message(process)
        if found is not None:
            return found
        left = None if end is None else end - _native.machine.time
        if left is not None and left <= 0:
            raise TimeoutError(f"no message came to {process.instance_name} in {timeout:g} s")
        if _native.await_message(process):
            yield None
        else:
            yield (left,)


def answer(execution: _native.Execution) -> Request:
    """Wait for the answer of an instruction."""
    try:
        while not execution.done:
            execution.wake_when_done()
            yield (None,)
        return execution.result()
    finally:
        # What it raised knows this frame by its traceback: a cycle, that would be garbage.
        del execution


def end(process: _native.ProcessHandle) -> Request:
    """Wait until a process is deleted; what its coroutine returned, if it has one.

    Raises RuntimeError in a process that would wait for its own end, itself or by way of others.
    """
    waiter = None
    try:
        while process.is_alive:
            waiter = _native.await_end(process)
            yield (None,)
    finally:
        if waiter is not None:
            _native.stop_awaiting_end(waiter)
    return _native.process_result(process)


def position(coroutine: Any) -> list[tuple[str, int, dict[str, Any]]]:
    """Where a coroutine is: for each frame its function, its instruction, and its local variables."""
    frames = []
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is None:
            break
        frames.append((frame.f_code.co_qualname, frame.f_lasti, dict(frame.f_locals)))
        inner = getattr(coroutine, "cr_await", None)
        coroutine = inner if inner is not None else getattr(coroutine, "gi_yieldfrom", None)
    return frames
