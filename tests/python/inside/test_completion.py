"""Completion at a console: what is offered, what is said of it, and that nothing is run for it."""

from collections.abc import Iterator
from time import perf_counter

import pytest
from metapython import Process, _session

SESSION = 600


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    yield
    _session.end(SESSION)


def define(text: str) -> None:
    assert _session.evaluate(SESSION, text)[1:3] == (None, False)


def offered(text: str) -> dict[str, str]:
    """What is offered at the end of a text, and what is said of it."""
    return dict(_session.complete(SESSION, text)[1])


class Ball(Process):
    """Something with attributes of all kinds."""

    elasticity: float = 1.0
    ran: list[str] = []

    def kick(self, force: float, angle: float = 0.0) -> None:
        pass

    @property
    def costly(self) -> int:
        self.ran.append("costly")
        return 1

    def __getattr__(self, name: str) -> int:
        self.ran.append(name)
        raise AttributeError(name)


@pytest.fixture(scope="module")
def ball() -> Iterator[Ball]:
    made = Ball(instance_name="Bella")
    yield made
    made.delete()


def test_names() -> None:
    define("bounce = 1; _private = 2")
    found = offered("x = bo")
    assert found["bounce"] == "int" and found["bool"].startswith("class") and "_private" not in found
    assert list(found) == sorted(found)
    assert offered("_p") == {"_private": "int"}
    assert offered("__na") == {"__name__": "str"}
    assert offered("whi") == {"while": "keyword"}
    assert offered("le")["len"] == "function(obj, /)"
    assert offered("colum")["columns"].startswith("function")
    assert offered("if Tru")["True"] == "keyword"


def test_where_the_word_begins() -> None:
    """Characters are counted, not bytes."""
    define("bounce = 1")
    assert _session.complete(SESSION, "é = boun") == (4, [("bounce", "int")])
    assert _session.complete(SESSION, "a\nbounce.real") == (9, [("real", "int")])


def test_attributes_of_a_living_process(ball: Ball) -> None:
    found = offered("Bella.")
    assert found["kick"] == "method(force, angle=0.0)"
    assert found["elasticity"] == "float" and found["costly"] == "property"
    assert found["parent"] == "NoneType", "the framework's own are known"
    assert not [name for name in found if name.startswith("_")]
    assert "__getattr__" in offered("Bella.__")
    assert not [name for name in offered("Bella._") if "metapython" in name]
    assert offered("Bella.costly.") == {} and offered("Bella.nothing.") == {}
    assert ball.ran == [], "nothing of the user's was run"


def test_attributes_of_all_else() -> None:
    define("import math, collections; d = {'one': [1, 'a'], 2: 'two'}; p = collections.namedtuple('P', 'xx yy')(1, 2)")
    assert offered("math.flo") == {"floor": "function(x, /)"}
    assert offered("'text'.upp") == {"upper": "function()"}
    assert "bit_length" in offered("d['one'][0].bit_")
    assert set(offered("p.x")) == {"xx"}
    assert "from_bytes" in offered("int.from")
    assert offered("d.nothing().") == {}
    assert "xx" in offered("print(1, p.x")


def test_keys() -> None:
    define("d = {'one': 1, 'two words': [], 3: None, 'with\"quote': 0}")
    assert offered("d[") == {'"one"]': "int", '"two words"]': "list", "3]": "NoneType"}
    assert offered("d['t") == {"'two words']": "list"}
    assert offered('x = d["one"]; d["o') == {'"one"]': "int"}


def test_processes(ball: Ball) -> None:
    assert offered("Bel") == {"Bella": "process"}
    assert offered('machine["Be') == {'"Bella"]': "process"}
    assert "kick" in offered('machine["Bella"].ki')


def test_keyword_arguments(ball: Ball) -> None:
    found = offered("Bella.kick(")
    assert found["force="] == "argument force" and found["angle="] == "argument angle=0.0"
    assert set(offered("Bella.kick(1, an")) >= {"angle=", "any"}
    assert "force=" not in offered("Bella.kick(force=1, ")
    assert "force=" not in offered("Bella.kick((1 + ") and "force=" not in offered("Bella.kick(x = fo")
    define("def f(a, /, b, *, c=1): pass\n")
    assert {name for name in offered("f([1, (2)], ") if name.endswith("=")} == {"b=", "c="}
    define("from metapython import Process\nclass Cat(Process):\n    lives: int = 9\n")
    assert "lives=" in offered("Cat(") and "priority=" in offered("Cat(\n    lives=3,\n    pr")


def test_imports() -> None:
    assert offered("import colle")["collections"] == "module"
    assert "xml.dom" in offered("import os, xml.do")
    assert "sleep" in offered("from time import monotonic, sl")
    assert "etree" in offered("from xml import et")
    assert "metapython" in offered("from metap")


def test_nothing_within_texts_and_comments() -> None:
    for text in ("'le", '"""le', "# le", "f('it''s le", "123", "x = 0x1f"):
        assert offered(text) == {}, text
    assert "len" in offered("'a' + le") and "len" in offered("# a\nle")


def test_what_raises_offers_nothing() -> None:
    """No line, however broken, fails to be completed."""
    define(
        "class Meta(type):\n    def __dir__(cls): raise ValueError\n    def __getattribute__(cls, name): raise ValueError\n"
        "class Odd(metaclass=Meta):\n    __slots__ = ('a',)\n    def __getattribute__(self, name): raise ValueError\n"
        "    @property\n    def __signature__(self): raise ValueError\n    def __call__(self): pass\nodd = Odd()\n"
    )
    assert "a" in offered("odd.") and "a" in offered("Odd.")
    for text in ("odd(", "odd.a.", "Odd(", "d[", ")(", "((", "a.b.c.", ".", "..", "[.", "'", "x[1].", "import .", "from . import "):
        _session.complete(SESSION, text)


def test_a_large_world_is_completed_in_time() -> None:
    """Of many names a thousand are offered, in a few milliseconds."""
    define("globals().update({f'name{number}': number for number in range(20_000)})")
    offered("na")
    begun = perf_counter()
    found = offered("na")
    taken = perf_counter() - begun
    assert len(found) == 1_000 and taken < 0.1, taken
    print(f"completion among 20,000 names: {taken * 1e3:.1f} ms")


NOISY = """
ran = []
class Meta(type):
    def __getattr__(cls, name):
        ran.append(('metaclass', name))
        raise AttributeError(name)
    def __hash__(cls): ran.append('hash'); return 1
    def __eq__(cls, other): ran.append('eq'); return cls is other
    def __instancecheck__(cls, item): ran.append('instancecheck'); return False
class Config(metaclass=Meta):
    def __repr__(self): ran.append('repr'); return 'Config()'
    def __str__(self): ran.append('str'); return 'Config()'
    @property
    def __class__(self): ran.append('class'); return int
    @property
    def __signature__(self): ran.append('signature'); return None
    @property
    def __wrapped__(self): ran.append('wrapped'); return None
    def __getattr__(self, name): ran.append(name); raise AttributeError(name)
    def __dir__(self): ran.append('dir'); return []
    def __call__(self, one, *, two=2): ran.append('call')
class Odd:
    __dict__ = property(lambda self: ran.append('dict'))
class Thing(Process):
    setting: Config = Config()
    held = Config()
    def fire(self, at=Config(), /, by: Config() = 3, *others, loud='x', **more): ran.append('fire')
    @classmethod
    def made(cls, of=Config()): ran.append('made')
    strange = classmethod(property(lambda cls: ran.append('strange')))
odd, config, thing = Odd(), Config(), Thing()
ran.clear()
"""


def test_nothing_of_the_users_is_run() -> None:
    """Whatever is looked at: defaults, metaclasses, and what `isinstance` and `inspect` would ask."""
    define(NOISY)
    assert offered("Thing.fi") == {"fire": "function(self, at=..., /, by=3, *others, loud='x', **more)"}
    assert offered("thing.fi") == {"fire": "method(at=..., /, by=3, *others, loud='x', **more)"}
    assert offered("config(t")["two="] == "argument two=2"
    for owner in ("thing", "Thing", "config", "Config", "odd", "Odd", "Meta", "Thing.fire", "thing.held", "Thing.made"):
        for text in (f"{owner}.", f"{owner}(", f"{owner}._", f"{owner}.__", f"{owner}[", owner[:-1]):
            offered(text)
        for name in offered(f"{owner}."):
            offered(f"{owner}.{name}.")
            offered(f"{owner}.{name}(")
    define("kept = list(ran)")
    assert _session.session(SESSION).namespace["kept"] == []
    define("thing.delete()")


def test_a_long_line_is_completed_in_time() -> None:
    """What stands before its end, however long, is not looked through again and again."""
    for text in ("a" * 200_000, "a." * 100_000, "f(" * 50_000, "f(a, " * 30_000, "x[" * 100_000, "import " + "a, " * 50_000):
        begun = perf_counter()
        offered(text)
        taken = perf_counter() - begun
        assert taken < 1, (text[:10], taken)
