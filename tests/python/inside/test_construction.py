"""How objects come to be: once each, with names that are the authors'."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import pytest
from metapython import Process, machine

T = TypeVar("T")


class Thing(Process):
    size: float = 1.0


def test_a_singleton_is_created_once() -> None:
    class Single(Process):
        only = None

        def __new__(cls) -> "Single":
            cls.only = cls.only or super().__new__(cls)
            return cls.only

    single = Single()
    count = len(machine)
    with pytest.raises(RuntimeError, match="the process Single exists already"):
        Single()
    assert len(machine) == count and machine["Single"] is single and single.is_alive


def test_an_object_of_another_class_is_handed_through() -> None:
    class Elsewhere(Process):
        def __new__(cls) -> str:  # type: ignore[misc]
            return "no process"

    class Special(Thing):
        size: float = 2.0

    class General(Thing):
        def __new__(cls) -> Thing:
            return Process.__new__(Special) if cls is General else Process.__new__(cls)

    count = len(machine)
    assert Elsewhere() == "no process" and len(machine) == count
    with pytest.raises(RuntimeError, match="not created"):
        General().pause()


def test_a_subclass_may_be_what_is_created() -> None:
    class Shape(Process):
        sides: int = 0

        def __new__(cls) -> "Shape":
            return super().__new__(Square)

    class Square(Shape):
        sides: int = 4

    square = Shape()
    assert (square.sides, square.instance_name, type(square)) == (4, "Square", Square)


PRIVATE = [
    "_interval",
    "_priority",
    "_insert",
    "_spawn",
    "_launch",
    "_abandon",
    "_adopt",
    "_disown",
    "_declaration",
    "_attributes",
]


def test_private_names_are_the_authors() -> None:
    class Own(Thing):
        def __init__(self) -> None:
            super().__init__()
            for name in PRIVATE:
                assert not hasattr(self, name)
                setattr(self, name, "own")

    own = Own(interval=0.5, priority=3)
    own.add(Thing())
    assert (own.interval, own.priority, len(own.children)) == (0.5, 3, 1)
    assert all(getattr(own, name) == "own" for name in PRIVATE)
    body = {name: "own" for name in PRIVATE}
    assert type(Process)("Own", (Thing,), {**body, "__module__": __name__})()._launch == "own"


def test_class_keywords_are_passed_on() -> None:
    class Tagged(Process):
        def __init_subclass__(cls, tag: str = "", **kwargs: object) -> None:
            super().__init_subclass__(**kwargs)
            cls.tag = tag
            cls.interval = 0.25

    class Leaf(Tagged, tag="x"):
        pass

    assert (Leaf.tag, Leaf().interval) == ("x", 0.25)
    with pytest.raises(TypeError, match="__init_subclass__"):

        class Wrong(Process, tag="x"):
            pass


def test_a_process_can_be_abstract() -> None:
    class Animal(Process, ABC):
        @abstractmethod
        def sound(self) -> str: ...

    class Dog(Animal):
        def sound(self) -> str:
            return "woof"

    with pytest.raises(TypeError, match="Animal is abstract: a subclass must define sound"):
        Animal()
    assert Dog().sound() == "woof" and isinstance(Dog(), Animal)


def test_a_process_can_be_generic() -> None:
    class Holder(Process, Generic[T]):
        item: object = None

    assert Holder[int](item=3).item == 3
