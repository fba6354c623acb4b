"""Console sessions: what a text means, where it is shown, and what it may not do."""

import inspect
import sys
from collections.abc import Iterator

import pytest
from metapython import Process, _session, machine
from metapython._session_streams import MAX_OUTPUT


class Session:
    """A session as its front end sees it."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, text: str) -> str:
        """What a text says, which must not fail or wait."""
        output, error, waits, _ = _session.evaluate(self.number, text)
        assert error is None and not waits, error
        return output

    def failure(self, text: str) -> str:
        """The traceback of a text that must fail."""
        error = _session.evaluate(self.number, text)[1]
        assert error is not None
        return error


@pytest.fixture
def session() -> Iterator[Session]:
    number = max([*_session.sessions, 500]) + 1
    yield Session(number)
    _session.end(number)


@pytest.fixture
def other() -> Iterator[Session]:
    yield Session(400)
    _session.end(400)


def test_sessions_have_their_own_names(session: Session, other: Session) -> None:
    """A name, a last value and a future import are of one session, and nobody else's."""
    session("x = 1; 'mine'")
    other("2")
    assert session("x, _") == "(1, 'mine')\n"
    assert "NameError" in other.failure("x") and other("_") == "2\n"
    import builtins

    assert not hasattr(builtins, "_")
    session("from __future__ import annotations")
    assert session("def f(x: nobody): pass\n\nf.__annotations__") == "{'x': 'nobody'}\n"
    assert "nobody" in other.failure("def f(x: nobody): pass")


@pytest.mark.parametrize(
    ("text", "is_complete"),
    [
        ("1", True),
        ("", True),
        ("if True:", False),
        ("if True:\n    1", False),
        ("if True:\n    1\n", True),
        ("@twice", False),
        ("(1,", False),
        ("'''a", False),
        ("1 +", True),
        ("x = = 1", True),
        ("await sleep(1)", True),
        ("async with a:", False),
        ("a = 1\nb = 2", True),
        ("a = 1\ndef f():", False),
        ("a = 1\ndef f():\n    return 1", False),
        ("a = 1\ndef f():\n    return 1\n", True),
        ("class A:\n    x = 1\n\n    def f(self): ...\n", True),
    ],
)
def test_a_block_ends_with_an_empty_line(session: Session, text: str, is_complete: bool) -> None:
    assert _session.is_complete(session.number, text) is is_complete


def test_a_pasted_text_is_evaluated_as_a_whole(session: Session) -> None:
    """Blank lines end no block in it, and the value of its last expression alone is shown."""
    text = "import math\n'not shown'\nclass A:\n    x = 1\n\n    def f(self):\n        return self.x\n\nA().f()\n"
    assert session(text) == "1\n"
    assert session("    y = 2\n    y\n") == "2\n", "from an indented place"
    assert session("") == session("# nothing") == session("\n\n") == ""


def test_what_stands_in_texts_is_left(session: Session) -> None:
    """Lines of spaces in them too, and what was pasted from an indented place."""
    assert session('x = """a\n   \nb"""\nlen(x)') == "7\n"
    assert session('    y = """a\n    b"""\n    len(y)') == "7\n"
    assert session('    z = f"""{1}\n    b"""\n    len(z)') == "7\n"


def test_an_indented_block_is_whole_at_its_end(session: Session) -> None:
    """As it is evaluated: from the margin."""
    text = " for i in range(2):"
    assert not _session.is_complete(session.number, text)
    assert not _session.is_complete(session.number, f"{text}\n     print(i)")
    assert _session.is_complete(session.number, f"{text}\n     print(i)\n")
    assert session(f"{text}\n     print(i)\n") == "0\n1\n"


def test_a_long_sum_is_added_up(session: Session) -> None:
    assert session(" + ".join(["1"] * 1_200)) == "1200\n"


def test_a_text_that_is_evaluated_again_and_again_is_kept_once(session: Session) -> None:
    """As `watch` does in each tick, with a function in it."""
    from metapython import _source

    session("(lambda: 1)()")
    known = len(_source.texts)
    for _ in range(200):
        session("(lambda: 1)()")
    assert len(_source.texts) == known


def test_the_first_statement_of_a_pasted_text_that_fails_is_the_last_one(session: Session) -> None:
    assert "line 2" in session.failure("a = 1\n1 / 0\nb = 2\n")
    assert session("a") == "1\n" and "NameError" in session.failure("b")


def test_a_traceback_shows_the_lines_that_were_typed(session: Session) -> None:
    """Of every text in it, also one that was typed long ago."""
    session("def f(x):\n    return 1 / x\n")
    for number in range(150):
        session(f"{number}")
    shown = session.failure("f(0)").splitlines()
    assert shown[2].strip() == "f(0)" and shown[4:6] == ["    return 1 / x", "           ~~^~~"]
    files = [line.split('"')[1] for line in shown if "File" in line]
    assert len(set(files)) == 2 and all(file.startswith("<console-") for file in files)
    assert isinstance(sys.last_value, ZeroDivisionError)


def test_a_syntax_error_shows_the_place(session: Session) -> None:
    """Also one that is found only after the text was parsed."""
    for text in ("x = 1\nx = = 2", "x = 1\nreturn 2"):
        shown = session.failure(text).splitlines()
        assert "line 2" in shown[0] and shown[1].strip() == text.splitlines()[1] and "^" in shown[2], shown
    assert session.failure("'\0'").startswith("SyntaxError")


def test_a_class_that_was_typed_has_a_source(session: Session) -> None:
    """It is spawned, described and updated like one from a file."""
    text = "class Typed(Process):\n    speed: float = 2.0\n\n    def run(self, dt):\n        pass\n"
    session(text)
    cls = _session.session(session.number).namespace["Typed"]
    assert inspect.getsource(cls.run).strip().startswith("def run")
    assert cls.__dict__["run"].__module__ == cls.__module__
    assert session("typed = Typed(); typed") == "<Typed Typed>\n"
    assert session("print(typed.source)").strip() == text.strip()
    session("machine.update(Typed, '''class Typed(Process):\n    speed: float = 3.0\n    def run(self, dt): pass''')")
    assert session("typed.speed") == "3.0\n"
    session("typed.delete()")


def test_the_source_of_a_class_is_its_newest(session: Session) -> None:
    session("class A:\n    one = 1\n")
    session("class B:\n    two = 2\n")
    session("class A:\n    three = 3\n")
    session("import inspect")
    assert session("print(inspect.getsource(A))").strip() == "class A:\n    three = 3"
    assert session("print(inspect.getsource(B))").strip() == "class B:\n    two = 2"


def test_annotations_as_texts_mean_what_they_mean_in_the_session(session: Session) -> None:
    text = "from __future__ import annotations\nclass Moved(Process):\n    place: Transform = Transform(x=7)\n"
    session(text)
    assert session("moved = Moved(); moved.place.x") == "7.0\n"
    session("moved.delete()")
    session("import dataclasses, pickle, typing")
    session("@dataclasses.dataclass\nclass P:\n    x: int = 1\n")
    assert session("typing.get_type_hints(P)") == "{'x': <class 'int'>}\n"
    assert session("pickle.loads(pickle.dumps(P(2)))") == "P(x=2)\n"


def test_processes_are_known_by_name(session: Session) -> None:
    class Walker(Process):
        pass

    walker = Walker(instance_name="Otto")
    assert session("Otto") == "<Walker Otto>\n"
    assert session("def f(): return Otto\n\nf()") == "<Walker Otto>\n"
    is_name = [_session.is_name(session.number, name) for name in ("Otto", "machine", "step", "set", "help")]
    assert is_name == [True, True, False, False, False]
    assert not hasattr(sys.modules[f"__console{session.number}__"], "Otto")
    session("step = 1")
    assert _session.is_name(session.number, "step")
    walker.delete()


def test_what_is_printed_goes_to_the_session(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    assert session("import sys; print('a'); print('b', file=sys.stderr); 3") == "a\nb\n3\n"
    assert capsys.readouterr() == ("", "")
    assert session("print('\\ud800')") == "\\ud800\n"


def test_output_is_bounded(session: Session) -> None:
    shown = session(f"print('x' * {MAX_OUTPUT + 41})")
    assert shown.startswith("x" * 100) and shown.endswith("\n... (42 characters are left out)\n")
    assert len(shown) < MAX_OUTPUT + 100
    assert session("'again'") == "'again'\n"


def test_help_needs_no_pager(session: Session) -> None:
    """It is told at once, by whatever name, and asks nothing."""
    session("def f(x):\n    'Doubles it.'\n    return 2 * x\n")
    assert "Doubles it." in session("help(f)") and "f(x)" in session("help(f)")
    assert "help(object)" in session("help") and "help(x)" in session("help()")
    assert "membership" in session("help('in')").lower()


def test_input_does_not_hold_the_machine(session: Session) -> None:
    """It says what to write instead where a text cannot wait, in the functions of libraries too."""
    session("def ask(): return input('? ')\n")
    for text in (
        "list(map(lambda _: ask(), 'a'))",
        "(lambda: input())()",
        "list(input() for _ in range(1))",
        "class A:\n    name = input()\n",
        "import sys; sys.stdin.readline()",
        "for line in sys.stdin: pass",
    ):
        assert "use `await input(prompt)`" in session.failure(text), text


def test_input_is_that_of_python(session: Session) -> None:
    """Called in a line itself it gives the session's next text, as in Python's own console."""
    number = session.number
    assert _session.evaluate(number, "x = input('name? ')") == ("", None, True, "name? ")
    assert _session.evaluate(number, "Bob\n") == ("", None, False, None)
    assert session("x") == "'Bob'\n"
    text = "answers = []\nfor n in range(2):\n    answers.append(input(f'{n}? ') + input())\n"
    expected = [("", None, True, "0? "), ("", None, True, ""), ("", None, True, "1? "), ("", None, True, ""), ("", None, False, None)]
    assert [_session.evaluate(number, text) for text in (text, "a", "b", "c", "d")] == expected
    assert session("answers") == "['ab', 'cd']\n"
    assert _session.evaluate(number, "[input() for _ in 'ab']") == ("", None, True, "")
    assert _session.evaluate(number, "1") == ("", None, True, "")
    assert _session.evaluate(number, "2") == ("['1', '2']\n", None, False, None)
    assert _session.evaluate(number, "input(input('a'))") == ("", None, True, "a")
    assert _session.evaluate(number, "b") == ("", None, True, "b")
    assert _session.evaluate(number, "") == ("''\n", None, False, None)


ASK_OK = """
def ask_ok(prompt, retries=4, *, reminder='Please try again!'):
    'The one of the tutorial.'
    while True:
        reply = input(prompt)
        if reply in {'y', 'ye', 'yes'}:
            return True
        if reply in {'n', 'no', 'nop', 'nope'}:
            return False
        retries = retries - 1
        if retries < 0:
            raise ValueError('invalid user response')
        print(reminder)
"""


def test_functions_typed_here_ask(session: Session) -> None:
    """As Python's tutorial has it; while they wait, nothing holds the machine."""
    number = session.number
    session(ASK_OK)
    assert _session.evaluate(number, "ask_ok('OK? ')") == ("", None, True, "OK? ")
    assert _session.evaluate(number, "maybe") == ("Please try again!\n", None, True, "OK? ")
    assert _session.evaluate(number, "yes") == ("True\n", None, False, None)
    assert _session.evaluate(number, "ask_ok('sure? ', 0)")[3] == "sure? "
    failure = _session.evaluate(number, "hm")[1] or ""
    assert failure.endswith("ValueError: invalid user response\n") or failure.endswith("invalid user response")
    assert failure.count("File") == 2 and "in ask_ok" in failure, "as in Python, no line of ours is in it"
    assert "The one of the tutorial" in session("ask_ok.__doc__") and "in {'y', 'ye'" in session(
        "import inspect; print(inspect.getsource(ask_ok))"
    )


def test_what_asks_is_what_python_calls(session: Session) -> None:
    """Methods, closures, recursion, defaults that are evaluated once, and functions that call such ones."""
    number = session.number
    session(ASK_OK)
    session("def both(): return [ask_ok(name) for name in 'ab']\n")
    assert _session.evaluate(number, "if both(): print('done')\n")[3] == "a"
    assert _session.evaluate(number, "y")[3] == "b"
    assert _session.evaluate(number, "n") == ("done\n", None, False, None)
    session(
        "class Form:\n    def __init__(self, mark): self.mark = mark\n"
        "    def fill(self, depth, done=[]):\n"
        "        def ask():\n            nonlocal depth\n            depth -= 1\n            return input(f'{depth}{self.mark}')\n\n"
        "        done.append(ask())\n        return self.fill(depth) if depth else done\n"
    )
    assert session("sorted(name for name in vars(Form) if 'metapython' in name)") == "[]\n"
    assert _session.evaluate(number, "Form('?').fill(2)")[3] == "1?"
    assert _session.evaluate(number, "x")[3] == "0?"
    assert _session.evaluate(number, "y") == ("['x', 'y']\n", None, False, None)
    assert session("Form.fill.__defaults__") == "(['x', 'y'],)\n"
    # One that has the name of another, and asks nothing.
    session("def ask_ok(x): return x\n")
    assert session("ask_ok(3)") == "3\n"


def test_what_asks_can_be_ended(session: Session) -> None:
    """By Ctrl-C, and by the end of the session: what stands in `finally` is done."""
    number = session.number
    session("log = []\ndef ask():\n    try:\n        return input('? ')\n    finally:\n        log.append('over')\n")
    assert _session.evaluate(number, "ask()")[3] == "? "
    _session.interrupt(number)
    assert (_session.resume(number)[1] or "").rstrip().endswith("KeyboardInterrupt")
    assert session("log") == "['over']\n"
    assert _session.evaluate(number, "ask()")[3] == "? "
    log = _session.sessions[number].namespace["log"]
    _session.end(number)
    assert log == ["over", "over"]


def test_what_is_watched_is_not_remembered(session: Session) -> None:
    """Nor compiled anew each time; its value is shown, whatever it is."""
    session("40 + 2")
    number = session.number
    assert _session.watch(number, "_ + 1") == ("43\n", None, False, None)
    assert _session.watch(number, "None") == ("None\n", None, False, None)
    code = _session.sessions[number].watched_code("[_ for x in (1, 2)]")
    assert _session.watch(number, "[_ for x in (1, 2)]")[0] == "[42, 42]\n"
    assert _session.sessions[number].watched_code("[_ for x in (1, 2)]") is code
    assert session("_") == "42\n"
    assert "ZeroDivisionError" in (_session.watch(number, "1 / 0")[1] or "")


def test_input_of_ones_own_is_ones_own(session: Session) -> None:
    """A name that the text or the session gives another meaning means that."""
    assert session("f = lambda input: input('abc')\nf(len)") == "3\n"
    assert session("from builtins import len as input; input('abc')") == "3\n"
    session("del input")
    assert session("input = len; input('abc')") == "3\n"
    assert session("input('abcd')") == "4\n"


def test_an_answer_is_awaited(session: Session) -> None:
    """The next text is the answer, whatever it looks like; what comes later waits for its turn."""
    number = session.number
    text = "async def ask():\n    return await input('name? ')\n\nname = await ask(); name"
    assert _session.evaluate(number, text) == ("", None, True, "name? ")
    assert _session.is_complete(number, "if True:") and _session.is_name(number, "ps")
    assert _session.evaluate(number, "if True:\n") == ("'if True:'\n", None, False, None)
    assert session("name") == "'if True:'\n"
    session("async def input(text): return text * 2\n")
    assert session("await input('own')") == "'ownown'\n"


def test_an_answer_may_look_like_anything(session: Session) -> None:
    """It is no text to be evaluated; while a line waits for anything else, none is taken."""
    number = session.number
    assert _session.evaluate(number, "x = await input('x? '); await sleep(60)") == ("", None, True, "x? ")
    assert _session.evaluate(number, "await sleep(60)\n") == ("", None, True, None)
    with pytest.raises(RuntimeError, match="still waits"):
        _session.evaluate(number, "print(x)")
    _session.interrupt(number)
    assert _session.next_ready() == number
    output, error, waits, _ = _session.resume(number)
    assert (output, waits) == ("", False) and error is not None and error.endswith("\nKeyboardInterrupt")
    assert _session.next_ready() is None and not _session.is_anything_waiting()
    assert session("x") == "'await sleep(60)'\n"


def test_an_interrupt_can_be_taken(session: Session) -> None:
    text = "try:\n    await sleep(60)\nexcept KeyboardInterrupt:\n    print('taken')\n    await sleep(9)\n"
    assert _session.evaluate(session.number, text) == ("", None, True, None)
    _session.interrupt(session.number)
    assert _session.resume(session.number) == ("taken\n", None, True, None)
    assert _session.next_ready() is None


def test_what_is_not_awaitable_here_is_refused(session: Session) -> None:
    session("import types\n@types.coroutine\ndef strange():\n    yield object()\n")
    assert "yields a object (asyncio's" in session.failure("await strange()")
    assert session("try:\n    await strange()\nexcept TypeError: 'told'\n") == "'told'\n"
    assert "can't be used in 'await'" in session.failure("await 3")


def test_the_end_of_a_session_closes_what_waits(session: Session) -> None:
    session("log = []")
    log = _session.session(session.number).namespace["log"]
    _session.evaluate(session.number, "try:\n    await sleep(60)\nfinally:\n    log.append('closed')\n")
    _session.end(session.number)
    assert log == ["closed"]
    assert "NameError" in session.failure("log")


def test_exit_ends_the_session_and_nothing_else(session: Session) -> None:
    session("x = 1")
    assert _session.evaluate(session.number, "exit('bye')") == ("bye\n", None, False, None)
    assert session.number not in _session.sessions and "NameError" in session.failure("x")
    assert _session.evaluate(session.number, "import sys; sys.exit()") == ("", None, False, None)
    assert machine.tick == 0
