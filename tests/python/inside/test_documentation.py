"""Docstrings that nobody wrote."""

import inspect
import linecache
import pydoc
import sys
import types

import pytest
from metapython import Base, Process, Transform, Velocity


class Spinner(Base):
    def spin(self, speed: float = 1.0) -> float:
        """Turn.

        And turn."""
        return speed


class Ball(Process):
    interval = 0.5
    transform: Transform = Transform(x=320, y=240)
    velocity: Velocity
    elasticity: float = 1.0
    owner: str
    seen: list[str] = []

    def bounce(self, times: int = 1) -> int:
        """Turn round."""
        return times

    def run(self, dt: float) -> None:
        pass

    @classmethod
    def make(cls, number: int) -> "Ball":
        return cls(owner=str(number))

    @staticmethod
    def add_up(a: int, b: int = 2) -> int:
        return a + b

    def _inner(self) -> None: ...


class Heavy(Ball, Spinner):
    priority = 3
    elasticity: float = 0.5


class Told(Ball):
    """A ball that is told of."""


BALL = """\
Ball is a kind of Process.

Settings:
    interval = 0.5

Attributes, with their defaults:
    owner: str (must be given)
    transform: Transform(x=320.0, y=240.0)
    velocity: Velocity()
    elasticity: float = 1.0
    seen: list[str] = []

Methods:
    bounce(times: int = 1) -> int: Turn round.
    run(dt: float) -> None
    make(number: int) -> 'Ball'
    add_up(a: int, b: int = 2) -> int

Resolution order: Ball, Process, Base."""


def test_a_class_tells_of_itself() -> None:
    assert Ball.__doc__ == inspect.getdoc(Ball) == Ball(owner="me").__doc__ == BALL


def test_what_is_inherited_counts() -> None:
    text = Heavy.__doc__
    assert text.startswith("Heavy is a kind of Ball and Spinner.")
    assert "    interval = 0.5" in text and "    priority = 3" in text and "elasticity: float = 0.5" in text
    assert "bounce" not in text and "Resolution order: Heavy, Ball, Process, Spinner, Base." in text


def test_a_plain_object_tells_of_itself() -> None:
    assert Spinner.__doc__ == (
        "Spinner is a kind of Base.\n\nMethods:\n    spin(speed: float = 1.0) -> float: Turn.\n\n"
        "Resolution order: Spinner, Base."
    )


def test_it_follows_the_class() -> None:
    class Changing(Process):
        speed: float = 1.0

    assert "speed: float = 1.0" in Changing.__doc__
    Changing.speed = 2.0
    Changing.hop = lambda self: None
    assert "speed: float = 2.0" in Changing.__doc__ and "    hop()" in Changing.__doc__
    Changing.__doc__ = "Written later."
    assert Changing.__doc__ == "Written later." == Changing().__doc__


def test_what_the_author_wrote_stands_alone() -> None:
    assert Told.__doc__ == "A ball that is told of."
    assert Base.__doc__.startswith("Alerts, messages") and Process.__doc__.startswith("Something that")


def test_a_value_that_cannot_be_written_spoils_nothing() -> None:
    class Shy:
        def __repr__(self) -> str:
            raise OSError

    class Holder(Process):
        shy: object = Shy()
        long: str = "x" * 100

    assert "shy: object = ..." in Holder.__doc__ and "long: str = ..." in Holder.__doc__


def test_a_method_without_words_says_where_it_is() -> None:
    number = Ball.make.__func__.__code__.co_firstlineno
    assert Ball.make.__doc__ == f"Defined in test_documentation.py, line {number}."
    assert Ball.run.__doc__ == Process.run.__doc__, "an override says what the method it overrides says"
    assert Ball.run.__wrapped__.__doc__ is None


def test_help_is_readable() -> None:
    text = pydoc.plain(pydoc.render_doc(Ball))
    for line in [
        " |  Ball is a kind of Process.",
        " |  bounce(self, times: int = 1) -> int\n |      Turn round.",
        " |      Do one step; `dt` is the time since the process's last step, seconds.",
        " |  pause(self, /)\n |      Stops the steps of the process until it is resumed.",
        " |  Methods inherited from metapython.process.Process:",
    ]:
        assert line in text, text
    for noise in ["_metapython", "__", "abc", "_inner"]:
        assert noise not in text, text
    assert text.index("Ball is a kind") < text.index("Turn round.") < text.index("inherited from")
    assert "Turn round." in pydoc.plain(pydoc.render_doc(Ball.bounce))


def test_the_signature_is_that_of_the_keywords() -> None:
    text = str(inspect.signature(Ball))
    assert text.startswith("(*, owner: str, transform: metapython.components.Transform = Transform(x=320")
    assert text.endswith("elasticity: float = 1.0, seen: list[str] = [], **terms)")

    class Own(Process):
        def __init__(self, x: int, *rest: int) -> None: ...

    assert str(inspect.signature(Own)) == "(x: int, *rest: int, **terms)"


def test_names_of_a_class_are_those_that_one_looks_for() -> None:
    names = dir(Ball)
    assert {"bounce", "transform", "alert", "pause", "_inner"} <= set(names)
    assert not any(name.startswith(("__", "_metapython", "_abc")) for name in names)
    assert "__class__" in dir(Ball(owner="me"))

    class Sized(Base):
        def __len__(self) -> int:
            return 0

    assert "__len__" in dir(Sized)


def test_an_object_knows_the_source_of_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Spinner().source.startswith("class Spinner(Base):\n    def spin")
    text = "from metapython import Base\n@str\ndef other(): ...\nclass Made(Base):\n    def go(self):\n        return 1\n"
    linecache.cache["<made>"] = (len(text), None, text.splitlines(True), "<made>")
    module = types.ModuleType("made_up")
    exec(compile(text, "<made>", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "made_up", module)
    assert module.Made().source == "class Made(Base):\n    def go(self):\n        return 1\n"
    typed: dict[str, type[Base]] = {"__name__": "typed"}
    exec("from metapython import Base\nclass Typed(Base): pass", typed)
    assert typed["Typed"]().source is None
