"""Console sessions: a namespace for each, in which texts are evaluated as Python's own console does.

A text that awaits is driven as the coroutine of a process is, one stretch at a time; what it awaits is
looked after in each tick. Each stretch has the session's own standard streams.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
import types
from collections.abc import Callable, Coroutine, Generator, Iterator
from functools import partial
from types import CodeType
from typing import Any

import metapython
from metapython import _native
from metapython._exit import exit_status
from metapython._session_ask import ASK, AWAITABLE, PAIR, awaitable, pair, plainly
from metapython._session_help import Help
from metapython._session_streams import NoInput, Output
from metapython._session_text import Compiler, Definitions
from metapython._traceback import format_exception

Outcome = tuple[str, str | None, bool, str | None]
"""What a text came to so far: what it printed, its traceback if it failed, whether it waits, and what it
asks: what was printed after the last line break, to stand before the answer."""

LOCAL = 0
"""The session of whoever started the machine."""

SOON = 1e-9
"""Seconds: two times that differ by less are the same, as sums of fractions go."""


class Question:
    """What `await input(...)` yields."""


QUESTION = Question()


NAMES = [name for name in metapython.__all__ if name != "input"]
"""What a session has of the package: `input` would hide Python's."""


class Namespace(dict[str, Any]):
    """What a session has defined; then what it has for itself, and every process by its name."""

    def __init__(self, own: dict[str, Any]) -> None:
        super().__init__()
        self.own = own

    def __missing__(self, name: str) -> Any:
        if name in self.own:
            return self.own[name]
        if name in NAMES:
            return getattr(metapython, name)  # `columns`, which imports NumPy when it is named.
        if hasattr(builtins, name) or name not in metapython.machine:
            raise KeyError(name)
        return metapython.machine[name]


class SessionModule(types.ModuleType):
    """The module that a session is, for whoever looks for what its classes were defined among."""

    def __init__(self, name: str, namespace: Namespace, file: str) -> None:
        super().__init__(name)
        self.__file__ = file
        self._metapython_namespace = namespace

    @property
    def __dict__(self) -> Namespace:  # type: ignore[override]
        return self._metapython_namespace

    def __getattr__(self, name: str) -> Any:
        # Not by `[name]`: whoever looks through all modules, on any thread, looks for no process.
        if name in self._metapython_namespace:
            return self._metapython_namespace[name]
        raise AttributeError(f"nothing is called {name!r} in this session")


class Line:
    """A text that is being evaluated."""

    def __init__(self, session: Session, text: str) -> None:
        self.error: BaseException | None = None
        self.coroutine = self.run(session, text)
        self.raised: BaseException | None = None
        """What it goes on with instead of what it waits for."""
        self.request: float | tuple[float | None] | Question | None = None
        self.tick = metapython.machine.tick
        self.time = metapython.machine.time
        """Its own time: sleeps that follow each other are counted from when the one before was due."""

    async def run(self, session: Session, text: str) -> None:
        """Execute the text. What it raises is kept: StopIteration, too, is an exception here."""
        try:
            for code in session.compiler.codes(text, asks="input" not in session.namespace):
                outcome = types.FunctionType(code, session.namespace)()
                if isinstance(outcome, Coroutine):
                    await outcome
        except BaseException as error:
            self.error = error

    @property
    def asks(self) -> bool:
        """Whether it waits for the session's next text."""
        return self.request is QUESTION

    @property
    def is_ready(self) -> bool:
        """Whether it can go on in this tick."""
        if self.raised is not None:
            return True
        machine = metapython.machine
        due = self.time + self.request if isinstance(self.request, float) else self.time
        return not self.asks and machine.tick > self.tick and machine.time >= due - SOON

    def start(self) -> bool:
        """Evaluate up to the first `await`; whether there is one."""
        return self.go_on(lambda: self.coroutine.send(None))

    def resume(self, answer: str | None = None) -> bool:
        """Go on to the next `await`, with what the one before gives; whether it waits again."""
        raised, self.raised = self.raised, None
        if raised is not None:
            return self.go_on(lambda: self.coroutine.throw(raised))
        now = metapython.machine.time
        passed = self.request if isinstance(self.request, float) else now - self.time
        self.time = self.time + passed if isinstance(self.request, float) else now
        value = passed if answer is None else answer
        return self.go_on(lambda: self.coroutine.send(value))

    def go_on(self, act: Callable[[], Any]) -> bool:
        try:
            request = act()
            while not is_known(request):
                # It is told where it awaits what it cannot; if it takes that, it may await again.
                request = self.coroutine.throw(unknown_request(request))
        except StopIteration:
            return False
        self.request, self.tick = request, metapython.machine.tick
        return True


def is_known(request: object) -> bool:
    """Whether it is what one of the framework's awaitables yields; see `_coroutine`."""
    # One that waits to be woken is asked in each tick: it looks itself what has come about.
    is_wake = isinstance(request, tuple) and len(request) == 1
    return request is None or request is QUESTION or isinstance(request, float) or is_wake


def unknown_request(request: object) -> TypeError:
    """The exception for an await of something that is not the framework's."""
    return TypeError(
        "a console line can await input(), sleep(), next_tick(), an Instruction or a process, not what "
        f"yields a {type(request).__name__} (asyncio's awaitables need asyncio's own loop)"
    )


class Session:
    """One user of the console: names, and the text that is being evaluated."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.own = {"help": Help(), ASK: self.ask, AWAITABLE: self.awaitable, PAIR: pair}
        self.namespace = Namespace(self.own)
        self.namespace.update((name, value) for name, value in vars(metapython).items() if name in NAMES)
        self.module = "__console__" if number == LOCAL else f"__console{number}__"
        self.namespace.update(
            __name__=self.module, __doc__=None, __builtins__=builtins, metapython=metapython
        )
        definitions = Definitions(f"<{self.module.strip('_')}>")
        self.compiler = Compiler(definitions)
        sys.modules[self.module] = SessionModule(self.module, self.namespace, definitions.file)
        self.output = Output()
        self.displayhook: Any = self.show
        self.line: Line | None = None
        self.watched: tuple[str, CodeType] | None = None

    def evaluate(self, text: str) -> Outcome:
        """Evaluate a text, or take it as the answer that the line waits for.

        Nothing else comes while a line waits: the console keeps it until then.
        """
        line = self.line
        if line is None:
            line = self.line = Line(self, text)
            return self.go_on(line, line.start)
        if not line.asks:
            raise RuntimeError("the line before this one still waits")
        return self.go_on(line, partial(line.resume, text.rstrip("\n")))

    @property
    def is_ready(self) -> bool:
        """Whether there is something to go on with in this tick."""
        return self.line is not None and self.line.is_ready

    def resume(self) -> Outcome:
        """Go on with the line, which is ready."""
        assert self.line is not None, "only what is ready is resumed"
        return self.go_on(self.line, self.line.resume)

    def go_on(self, line: Line, act: Callable[[], bool]) -> Outcome:
        """Evaluate the next stretch of a line."""
        waits = False
        try:
            with self.streams():
                waits = act()
                failure = None if waits else self.finish(line)
        finally:
            if not waits:
                self.line = None
        output = self.output.take()
        if not line.asks or not waits:
            return output, failure, waits, None
        above, line_break, question = output.rpartition("\n")
        return above + line_break, failure, waits, question

    def watch(self, expression: str) -> Outcome:
        """What an expression comes to, for who asks again and again: `_` stays what it was."""
        failure = None
        with self.streams():
            try:
                print(repr(eval(self.watched_code(expression), self.namespace)))
            except BaseException as error:
                failure = format_exception(error)
        return self.output.take(), failure, False, None

    def watched_code(self, expression: str) -> CodeType:
        """The code of an expression, compiled once for as long as it is the one that is watched."""
        if self.watched is None or self.watched[0] != expression:
            self.watched = expression, self.compiler.expression(expression)
        return self.watched[1]

    def finish(self, line: Line) -> str | None:
        """Tell of the end of a line: why it failed, if it did. SystemExit ends the session."""
        error, line.error = line.error, None
        if error is None:
            return None
        if isinstance(error, SystemExit):
            self.leave(error)
            return None
        # As Python's own console has it, for `pdb.pm()`.
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
        return format_exception(error)

    def perform(self, deed: str, *arguments: Any) -> Outcome:
        """Carry out a deed of a command."""
        from metapython import _deeds

        failure = None
        with self.streams():
            try:
                getattr(_deeds, deed)(self.namespace, *arguments)
            except _deeds.Refused as refused:
                failure = f"{refused}\n"
            except BaseException as error:
                failure = format_exception(error)
        return self.output.take(), failure, False, None

    def leave(self, exit: SystemExit) -> None:
        """End the session, as `exit()` does; that of whoever started the machine ends the machine."""
        if self.number != LOCAL:
            _native.close_session(self.number, exit_status(exit))
            end(self.number)
            return
        with contextlib.redirect_stderr(self.outer_stderr):
            metapython.machine.stop(exit_status(exit))

    @contextlib.contextmanager
    def streams(self) -> Iterator[None]:
        """Have the standard streams be the session's, and what shows values."""
        before = sys.stdin, sys.stdout, sys.stderr, sys.displayhook
        self.outer_stderr = sys.stderr
        sys.stdin, sys.stdout, sys.stderr = NoInput(), self.output, self.output
        sys.displayhook = self.displayhook
        try:
            yield
        finally:
            # A hook that the user has set stays for the lines that follow.
            is_default = sys.displayhook is sys.__displayhook__
            self.displayhook = self.show if is_default else sys.displayhook
            sys.stdin, sys.stdout, sys.stderr, sys.displayhook = before

    def show(self, value: object) -> None:
        """Show a value and call it `_`, in this session."""
        if value is None:
            return
        self.own["_"] = None  # As Python has it: `repr` does not see the one before.
        print(repr(value))
        self.own["_"] = value

    @types.coroutine
    def ask(self, prompt: object = "", /) -> Generator[Question, str, str]:
        """Ask whoever sits at the session: the next text that comes is the answer."""
        if sys.stdout is not self.output:
            raise RuntimeError("only a console line can await input(), not the step of a process")
        print(prompt, end="")
        return (yield QUESTION)

    def awaitable(self, called: Any) -> Callable[..., Any]:
        """What is awaited where something is called that may ask; an `input` of one's own asks itself."""
        return plainly(called) if "input" in self.namespace else awaitable(called)

    def end(self) -> None:
        """Forget everything: what waits is closed, so that its `finally` blocks run."""
        line, self.line = self.line, None
        if line is not None:
            with self.streams(), contextlib.suppress(RuntimeError):  # It would await something else.
                line.coroutine.close()
        sys.modules.pop(self.module, None)


sessions: dict[int, Session] = {}


def session(number: int) -> Session:
    """A session, which begins when it is first asked for."""
    found = sessions.get(number)
    if found is None:
        found = sessions[number] = Session(number)
    return found


def evaluate(number: int, text: str) -> Outcome:
    """Evaluate a text in a session."""
    return session(number).evaluate(text)


def watch(number: int, expression: str) -> Outcome:
    """What an expression comes to in a session, which does not remember it."""
    return session(number).watch(expression)


def perform(number: int, deed: str, *arguments: Any) -> Outcome:
    """Carry out a deed of a command in a session."""
    return session(number).perform(deed, *arguments)


def is_complete(number: int, text: str) -> bool:
    """Whether a text is whole: if not, more lines are wanted. An answer always is."""
    found = session(number)
    is_answer = found.line is not None and found.line.asks
    return is_answer or found.compiler.is_complete(text)


def is_asking(number: int) -> bool:
    """Whether the next text is the answer to a question."""
    found = sessions.get(number)
    return found is not None and found.line is not None and found.line.asks


def is_name(number: int, name: str) -> bool:
    """Whether a name means something in a session, as every word of an answer does. Python's own names,
    like `set`, do not count: there are commands that have such a name.
    """
    found = session(number)
    if found.line is not None and found.line.asks:
        return True
    return name in found.namespace or name in NAMES or name in metapython.machine


def complete(number: int, text: str) -> tuple[int, list[tuple[str, str]]]:
    """What may take the place of the end of a text, and where that begins."""
    from metapython._completion import completion

    found = session(number)
    if found.line is not None and found.line.asks:
        return len(text), []
    return completion(text, found.namespace)


def words(kind: str, prefix: str, process: str) -> list[tuple[str, str]]:
    """The words of a kind that a command takes, by what has been typed."""
    from metapython import _command_words

    return _command_words.words(kind, prefix, process)


def next_ready() -> int | None:
    """The number of a session that can go on in this tick; None if there is no further one."""
    return next((number for number, found in sorted(sessions.items()) if found.is_ready), None)


def is_anything_waiting() -> bool:
    """Whether a session has something to go on with, in this tick or a later one."""
    return any(found.line is not None for found in sessions.values())


def resume(number: int) -> Outcome:
    """Go on with a session that can."""
    return session(number).resume()


def interrupt(number: int) -> None:
    """Have what a session waits for raise KeyboardInterrupt as it goes on, which is soon."""
    found = sessions.get(number)
    if found is not None and found.line is not None:
        found.line.raised = KeyboardInterrupt()


def end_input(number: int) -> None:
    """Have the question that waits for an answer raise EOFError, as it does in Python at a pipe's end."""
    found = sessions.get(number)
    if found is not None and found.line is not None and found.line.asks:
        found.line.raised = EOFError("EOF when reading a line")


def end(number: int) -> None:
    """Forget a session."""
    found = sessions.pop(number, None)
    if found is not None:
        found.end()
