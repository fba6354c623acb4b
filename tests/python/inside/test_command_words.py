"""What the words of commands may become, and that nothing of the user's runs for it."""

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from metapython import Process, _session

ran: list[str] = []
"""What of the classes below was run."""


class Watchful(type(Process)):  # type: ignore[misc]
    """Notes everything that a class is asked for."""

    def __getattribute__(cls, name: str) -> Any:
        ran.append(name)
        return super().__getattribute__(name)

    def __getattr__(cls, name: str) -> Any:
        ran.append(name)
        raise AttributeError(name)


class Lantern(Process, metaclass=Watchful):
    """With methods of all kinds, and with much that could run."""

    brightness: float = 1.0

    def light(self, seconds: float, color: str = "red") -> None:
        ran.append("light")

    async def burn(self) -> None:
        ran.append("burn")

    @staticmethod
    def limit() -> int:
        return 3

    @classmethod
    def largest(cls) -> int:
        return 3

    def _hidden(self) -> None:
        pass

    @property
    def lit(self) -> bool:
        ran.append("lit")
        return True

    def __getattribute__(self, name: str) -> Any:
        ran.append(name)
        return super().__getattribute__(name)


def define(name: str) -> type[Process]:
    """A class of a name that there is already, in another module."""
    return type("Lamp", (Process,), {"__module__": name})


near, far = define("near"), define("far")


class LanternModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        ran.append(name)
        raise AttributeError(name)


@pytest.fixture(scope="module", autouse=True)
def lantern() -> Iterator[None]:
    made = Lantern(instance_name="Lucy")
    yield
    made.delete()


@pytest.fixture(autouse=True)
def nothing_runs(lantern: None) -> Iterator[None]:
    ran.clear()
    yield
    assert ran == [], "completion has run code of the user's"


def words(kind: str, prefix: str = "", process: str = "") -> list[str]:
    return [word for word, _ in _session.words(kind, prefix, process)]


def test_classes() -> None:
    assert words("class", "Lant") == ["Lantern"]
    assert words("class", "Lamp") == []
    assert words("class", "far") == ["far.Lamp"] and "near.Lamp" in words("class")
    assert words("class", f"{__name__}.L") == [f"{__name__}.Lantern"]
    assert dict(_session.words("class", "Lant", ""))["Lantern"].startswith("class(")
    assert words("class") == sorted(words("class"))


def test_methods() -> None:
    found = dict(_session.words("method", "", "Lucy"))
    assert {"light", "limit", "largest", "pause", "delete"} <= found.keys()
    assert not {"burn", "lit", "_hidden", "brightness", "create", "run"} & found.keys()
    assert found["light"] == "method(seconds, color='red')" and found["largest"] == "method()"
    assert found["limit"] == "function()"
    assert words("method", "li", "Lucy") == ["light", "limit"]
    assert words("method", "", "Nobody") == []


def test_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, file in (("one", "/there/one.py"), ("two", "/there/two.py"), ("other", "/here/two.py")):
        module = LanternModule(name)
        module.__file__ = file
        monkeypatch.setitem(sys.modules, name, module)
    nameless: Callable[[str], ModuleType] = LanternModule
    monkeypatch.setitem(sys.modules, "nameless", nameless("nameless"))
    found = dict(_session.words("script", "", ""))
    assert found["one.py"] == "/there" and found["/here/two.py"] == "/here"
    assert "two.py" not in found and "inspect.py" not in found and "_session.py" not in found
    assert words("script", "on") == ["one.py"]
