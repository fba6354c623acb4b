"""Public methods that take `decorator=`, `decorators=` and `monkey_patch=` for one call."""

import abc
import asyncio
import copy
import functools
import gc
import inspect
import pickle
import sys
import types
import typing
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from metapython import Base, Process
from metapython._native import Method


def adding(number: int) -> Callable[[Callable[..., int]], Callable[..., int]]:
    def decorator(method: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(method)
        def added(*args: Any, **kwargs: Any) -> int:
            return method(*args, **kwargs) * 10 + number

        return added

    return decorator


def patch(self: "Thing", times: int = 1) -> int:
    return -times


def free(number: int) -> int:
    """Not a method yet."""
    return number


class Thing(Base):
    factor = 2

    def bounce(self, times: int = 1) -> int:
        """Turn round."""
        return times * self.factor

    @classmethod
    def make(cls, factor: int = 3) -> int:
        return factor * cls.factor

    @staticmethod
    def add_up(a: int, b: int = 1) -> int:
        return a + b

    async def wait(self) -> int:
        return self.factor

    def count(self) -> Iterator[int]:
        yield self.factor

    def own(self, decorator: str = "mine", **others: object) -> object:
        return decorator, others

    def takes_all(self, *args: object, **kwargs: object) -> object:
        return args, kwargs

    def _private(self, **kwargs: object) -> object:
        return kwargs

    def __call__(self, **kwargs: object) -> object:
        return kwargs

    @property
    def twice(self) -> int:
        return 2 * self.factor

    @functools.cached_property
    def thrice(self) -> int:
        return 3 * self.factor

    later = functools.partialmethod(bounce, 7)

    class Inner:
        """A class in a class stays one."""


class Heavy(Thing):
    def bounce(self, times: int = 1) -> int:
        return super().bounce(times, decorator=adding(5)) + 1000


class Moving(Process):
    def bounce(self, times: int = 1) -> int:
        return times


thing = Thing()


def test_a_decorator_is_for_one_call() -> None:
    assert thing.bounce(3, decorator=adding(1)) == 61
    assert thing.bounce(3) == 6
    seen = []
    assert thing.bounce(times=4, decorator=lambda method: seen.append(method) or method) == 8
    assert seen == [thing.bounce]


def test_decorators_stand_as_lines_would() -> None:
    @adding(1)
    @adding(2)
    def bounce(times: int) -> int:
        return thing.bounce(times)

    assert thing.bounce(3, decorators=[adding(1), adding(2)]) == bounce(3) == 621
    assert thing.bounce(3, decorators=(adding(2),), decorator=adding(1)) == 621
    assert thing.bounce(3, decorators=[], decorator=None, monkey_patch=None) == 6


def test_a_patch_takes_the_place_of_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "patches", types.SimpleNamespace(patch=patch, Inside=types.SimpleNamespace(patch=patch)))
    assert thing.bounce(3, monkey_patch=patch) == -3
    assert thing.bounce(3, monkey_patch=patch, decorator=adding(1)) == -29
    assert thing.bounce(monkey_patch=lambda self: self) is thing
    assert thing.bounce(5, monkey_patch="operator.is_") is False
    assert thing.bounce(5, monkey_patch="patches.patch") == thing.bounce(5, monkey_patch="patches.Inside.patch") == -5
    assert thing.bounce(3) == 6


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"decorator": 5}, TypeError, r"Thing.bounce\(decorator=...\): a decorator is a callable, not int"),
        ({"decorators": [free, 5]}, TypeError, r"Thing.bounce\(decorators=...\): a decorator is a callable, not int"),
        ({"decorators": free}, TypeError, "needs a list of decorators, not function; one alone is decorator="),
        ({"decorators": 5}, TypeError, "needs a list of decorators, not int"),
        ({"decorator": lambda method: None}, TypeError, "<lambda> must return what to call in its place, not None"),
        ({"monkey_patch": 5}, TypeError, r"Thing.bounce\(monkey_patch=...\) needs a callable or \"module.name\", not int"),
        ({"monkey_patch": "math.sqroot"}, LookupError, "there is no function 'math.sqroot'; did you mean `sqrt`"),
        ({"monkey_patch": "maths.sqrt"}, LookupError, "there is no module 'maths' for the function 'maths.sqrt'"),
        ({"monkey_patch": "not a name"}, LookupError, "is no function: write it with its module"),
        ({"monkey_patch": "math.pi"}, TypeError, "math.pi cannot be called: it is float"),
        ({"decorater": free}, TypeError, "unexpected keyword argument 'decorater'"),
    ],
)
def test_wrong_values_are_told(keywords: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        thing.bounce(**keywords)


def test_keywords_need_not_be_interned() -> None:
    assert thing.bounce(3, **{"".join(["deco", "rator"]): adding(1)}) == 61


def test_every_kind_of_public_method_takes_them() -> None:
    assert Thing.bounce(thing, 3, decorator=adding(1)) == 61
    assert Thing.make(decorator=adding(1)) == thing.make(decorator=adding(1)) == 61
    assert thing.make(5, monkey_patch=lambda cls, factor: (cls, factor)) == (Thing, 5)
    assert Thing.add_up(3, 4, decorator=adding(1)) == thing.add_up(3, b=4, decorator=adding(1)) == 71
    assert thing.add_up(3, monkey_patch=lambda a: -a) == -3
    assert asyncio.run(thing.wait(decorator=lambda method: method)) == 2
    assert list(thing.count(decorator=lambda method: lambda: [*method(), 1])) == [2, 1]
    assert thing.takes_all(1, decorator=lambda method: method, x=2) == ((1,), {"x": 2})
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'self'"):
        Thing.bounce(decorator=adding(1))


def test_what_is_not_public_or_no_method_is_left_alone() -> None:
    assert thing._private(decorator=1) == thing(decorator=1) == {"decorator": 1}
    assert (thing.twice, thing.thrice, thing.later()) == (4, 6, 14)
    assert isinstance(Thing.Inner, type)
    assert thing.own() == ("mine", {})
    assert thing.own(decorator="theirs", decorators=[lambda method: method]) == ("theirs", {})


def test_methods_of_the_framework_take_them() -> None:
    moving = Moving()
    assert moving.pause(decorator=lambda method: lambda: (method(), "paused")) == (None, "paused")
    assert moving.is_paused
    made = moving.create(Moving, decorator=lambda method: lambda *args: [method(*args)])
    assert made[0].parent is moving
    assert moving.delete(monkey_patch=lambda self: self) is moving and moving.is_alive


def test_overriding_and_super_work() -> None:
    assert Heavy().bounce(3) == 1065
    assert Heavy().bounce(3, decorator=adding(1)) == 10651
    assert Thing.bounce(Heavy(), 3) == 6


def test_what_is_assigned_later_is_a_method_too() -> None:
    class Late(Thing):
        pass

    class LateProcess(Process):
        callback: Callable[[int], int] = free

    Late.shout = LateProcess.shout = lambda self, text="ha": text
    assert Late().shout(decorator=lambda method: lambda: method() * 2) == "haha"
    assert LateProcess().shout(decorator=lambda method: lambda: method() * 2) == "haha"
    assert free.__doc__ == "Not a method yet." and type(free) is types.FunctionType
    Late.bounce = Heavy.bounce
    assert Late.bounce is Heavy.bounce
    assert LateProcess().callback(3) == 3 and LateProcess().callback is free
    Late._hidden = free
    assert Late._hidden is free


def test_abstract_methods_stay_abstract() -> None:
    class Shape(Base):
        @abc.abstractmethod
        def area(self) -> float: ...

    class Square(Shape):
        def area(self) -> float:
            return 4

    with pytest.raises(TypeError, match="abstract"):
        Shape()
    assert Shape.area.__isabstractmethod__ and Square().area() == 4


def test_it_looks_like_the_function() -> None:
    method = Thing.bounce
    assert isinstance(method, Method) and type(method.__wrapped__) is types.FunctionType
    assert (method.__name__, method.__qualname__, method.__module__) == ("bounce", "Thing.bounce", __name__)
    assert method.__doc__ == "Turn round." == inspect.getdoc(thing.bounce)
    assert str(inspect.signature(method)) == "(self, times: int = 1) -> int"
    assert str(inspect.signature(thing.bounce)) == "(times: int = 1) -> int"
    assert typing.get_type_hints(method) == {"times": int, "return": int}
    assert inspect.getsource(method).startswith("    def bounce(self, times")
    assert inspect.iscoroutinefunction(Thing.wait) and inspect.iscoroutinefunction(thing.wait)
    assert not inspect.iscoroutinefunction(method) and inspect.isgeneratorfunction(Thing.count)
    assert inspect.isroutine(method) and inspect.ismethod(thing.bounce)
    assert repr(method) == repr(method.__wrapped__)
    assert repr(thing.bounce).startswith("<bound method Thing.bounce of")
    method.tag = "set"
    assert method.tag == method.__wrapped__.tag == "set"
    del method.tag
    with pytest.raises(AttributeError, match="no attribute 'tag'"):
        method.tag
    wrapped = functools.wraps(method)(lambda: 0)
    assert wrapped.__wrapped__ is method and wrapped.__doc__ == "Turn round."
    with pytest.raises(TypeError, match="cannot create"):
        Method()


def test_it_can_be_kept_copied_and_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, __name__, types.SimpleNamespace(Thing=Thing))
    assert pickle.loads(pickle.dumps(Thing.bounce)) is Thing.bounce
    assert pickle.loads(pickle.dumps(thing.bounce))(2) == 4
    assert copy.copy(Thing.bounce) is copy.deepcopy(Thing.bounce) is Thing.bounce
    assert len({Thing.bounce, thing.bounce, thing.bounce, Heavy.bounce}) == 3
    assert weakref.WeakMethod(thing.bounce)()(2) == 4
    assert functools.partial(thing.bounce, 3)(decorator=adding(1)) == 61


def test_cycles_through_methods_are_collected() -> None:
    def doomed() -> list[weakref.ref[object]]:
        class Doomed(Base):
            def loop(self) -> None: ...

        Doomed.loop.cycle = [Doomed, Doomed.loop]
        return [weakref.ref(Doomed), weakref.ref(Doomed.loop), weakref.ref(Doomed.loop.__wrapped__)]

    references = doomed()
    gc.collect()
    assert [reference() for reference in references] == [None, None, None]


def test_references_are_counted() -> None:
    """Nothing is leaked or freed too early, with and without a keyword, when it raises too."""
    marks = [object() for _ in range(3)]

    def count() -> list[int]:
        return [sys.getrefcount(mark) for mark in marks] + [sys.getrefcount(Thing.takes_all), sys.getrefcount(None) // 50]

    before = count()
    for _ in range(200):
        thing.takes_all(*marks, x=marks[0])
        thing.takes_all(*marks, x=marks[0], decorator=lambda method: method)
        with pytest.raises(TypeError):
            thing.takes_all(*marks, decorator=5)
    assert count()[:-1] == before[:-1]


def test_deep_recursion_is_an_exception() -> None:
    class Endless(Base):
        def down(self) -> None:
            self.down()

        def down_decorated(self) -> None:
            self.down_decorated(decorator=lambda method: method)

    for method in (Endless().down, Endless().down_decorated):
        with pytest.raises(RecursionError):
            method()
