"""Commands below the role of Python itself: what they may have scripts do, and that it is no more."""

import builtins
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from metapython import Process, _session, machine
from metapython._deeds import HARMLESS

NUMBER = 700


def run_text(_: object, text: str) -> None:
    exec(text)


class Kite(Process):
    """Something with methods of its author's, and things that look like some."""

    height: float = 1.0
    on_end: Any = run_text
    helper = builtins.exec

    def climb(self, by: float, twice: bool = False) -> float:
        self.height += by * (2 if twice else 1)
        return self.height

    @staticmethod
    def wind() -> str:
        return "north"

    @classmethod
    def of(cls) -> str:
        return cls.__name__

    def _private(self) -> None:
        raise AssertionError

    async def land(self) -> None: ...


class Reel(Process):
    """Something that must be given an attribute."""

    length: float


@pytest.fixture(scope="module")
def kite() -> Iterator[Kite]:
    made = Kite(instance_name="Kite")
    yield made
    made.delete()
    _session.end(NUMBER)


def perform(deed: str, *arguments: Any) -> tuple[str, str]:
    """What a deed says, and what is wrong with it."""
    output, error, *_ = _session.perform(NUMBER, deed, *arguments)
    return output, error or ""


def call(method: str, *arguments: Any, **named: Any) -> tuple[str, str]:
    return perform("call", "Kite", method, list(arguments), named)


def test_methods_of_authors_are_called(kite: Kite) -> None:
    assert call("climb", 2.0) == ("3.0\n", "")
    assert call("climb", 2.0, twice=True) == ("7.0\n", "")
    assert call("wind") == ("'north'\n", "") and call("of") == ("'Kite'\n", "")
    assert call("pause") == ("", "") and kite.is_paused
    kite.resume()
    assert "an `async def`" in call("land")[1]
    assert "did you mean `climb`?" in call("clim")[1]
    assert "no public method" in call("_private")[1]


def test_no_python_of_the_users_own_is_run(kite: Kite, tmp_path: Path) -> None:
    """Neither by the name of a class, nor by that of a function, nor by a keyword of every method."""
    file = tmp_path / "made"
    create = f"open({str(file)!r}, 'w').close()"
    attempts = [
        call("create", "subprocess.Popen", f"touch {file}", shell=True),
        call("pause", create, monkey_patch="metapython._session.evaluate"),
        call("climb", create, monkey_patch=f"{__name__}.run_text"),
        call("climb", 1.0, decorator="builtins.exec"),
        call("climb", 1.0, decorators=["builtins.exec"]),
        call("on_end", create),
        call("helper", create),
        perform("spawn", "subprocess.Popen", [f"touch {file}"], {"shell": True}),
        perform("spawn", "Process", [], {}),
        perform("spawn", "Kite", [], {"_metapython_prepare": "builtins.exec"}),
    ]
    for output, error in attempts:
        assert output == "" and error and "Error" not in error, (output, error)
    assert not file.exists() and not kite.is_paused


def test_few_of_the_frameworks_own_methods_are_called(kite: Kite) -> None:
    """Each other public name of a process is refused: what is added to it later, too."""
    for name in dir(Process):
        if not name.startswith("_") and name not in HARMLESS:
            output, error = call(name, "builtins.exec", "1")
            assert output == "" and "is for Python code" in error, (name, output, error)


def test_a_source_is_shown_and_nothing_run(kite: Kite) -> None:
    """No metaclass is asked for what it lacks, as `inspect` does."""
    output, error = perform("source", "Kite")
    assert error == "" and output.startswith("class Kite(Process):\n") and output.endswith("...\n")
    text = (
        "ran = []\nclass Meta(type(Process)):\n    def __getattr__(cls, name): ran.append(name); raise AttributeError(name)\n"
        "    def __hash__(cls): ran.append('hash'); return 1\n"
        "class Asked(Process, metaclass=Meta):\n    x = 1\n    def f(self): ...\n\nran.clear()\n"
    )
    assert _session.evaluate(NUMBER, text)[1:3] == (None, False)
    output, error = perform("source", "Asked")
    assert (output, error) == ("class Asked(Process, metaclass=Meta):\n    x = 1\n    def f(self): ...\n", "")
    assert _session.session(NUMBER).namespace["ran"] == []
    assert "there is no process class `subprocess`" in perform("source", "subprocess")[1]


class Sail(Process):
    """Something with attributes of all kinds."""

    area: float = 1.0
    name: str = "main"
    reefs: tuple[int, ...] = ()
    mast: Any = builtins.exec
    owner: str

    @property
    def sheet(self) -> float:
        return 1.0

    @sheet.setter
    def sheet(self, value: float) -> None:
        raise AssertionError


class Guarded(Sail):
    """One that wants to know of each change."""

    def __setattr__(self, name: str, value: Any) -> None:
        if getattr(self, "is_ready", False):
            raise AssertionError
        super().__setattr__(name, value)


@pytest.fixture(scope="module")
def sail() -> Iterator[Sail]:
    made = Sail(instance_name="Sail", owner="Ann")
    yield made
    made.delete()


def set_attribute(name: str, attribute: str, value: Any) -> str:
    """What is wrong with setting it."""
    output, error = perform("set_attribute", name, attribute, [value], {})
    assert not output
    return error


def test_attributes_are_set_as_a_scene_sets_them(sail: Sail) -> None:
    assert set_attribute("Sail", "area", 3) == ""
    assert set_attribute("Sail", "reefs", [1, 2]) == ""
    assert set_attribute("Sail", "owner", "Bob") == ""
    assert (sail.area, sail.reefs, sail.owner) == (3, (1, 2), "Bob")
    assert "Sail.area is a number" in set_attribute("Sail", "area", "wide")
    assert "Sail.name is text" in set_attribute("Sail", "name", 3)
    assert (sail.area, sail.name) == (3, "main")


def test_no_code_of_the_authors_sets_an_attribute(sail: Sail) -> None:
    for name in ("sheet", "_private", "__class__", "run", "priority"):
        error = set_attribute("Sail", name, 3)
        assert f"declares no `{name}`" in error and f"only Python sets it: Sail.{name} = ..." in error
    assert "did you mean `area`?" in set_attribute("Sail", "aera", 3)
    assert "is not plain data" in set_attribute("Sail", "mast", 3)
    assert sail.mast is builtins.exec
    guarded = Guarded(instance_name="Guarded", owner="Ann")
    guarded.__dict__["is_ready"] = True
    assert "is not plain data" in set_attribute("Guarded", "area", 3)
    assert guarded.area == 1.0
    guarded.delete()


def test_arguments_are_those_that_are_taken(kite: Kite) -> None:
    """Nobody counts `self`, and a value is of the kind that its attribute has."""
    refused = perform("spawn", "Kite", ["a", "b"], {})[1]
    assert refused.startswith("too many positional arguments: Kite takes (height: float = 1.0, ")
    assert perform("spawn", "Kite", [], {"height": "abc"})[1] == "Kite.height is a number, as 1.0 is, not 'abc'\n"
    assert "no attribute 'hight'" in perform("spawn", "Kite", [], {"hight": 2.0})[1]
    assert perform("spawn", "Reel", [], {"length": "abc"})[1] == (
        "Reel.length is a number, as its type says, not 'abc'\n"
    )
    assert perform("spawn", "Reel", [], {"length": 3.0, "priority": 4}) == ("Reel\n", "")
    machine["Reel"].delete()
    assert call("climb", 1.0, 2.0, 3.0)[1].startswith("too many positional arguments: Kite.climb takes (by: float, ")
