"""Components that scripts declare."""

import copy
import gc
import pickle
import sys
import threading
import types
import weakref
from typing import Any, ClassVar, Literal

import pytest
from metapython import (
    Component,
    Process,
    ProcessDeleted,
    Transform,
    Vector2,
    Vector3,
    Vector4,
    Velocity,
    component,
    machine,
)


@component
class Health:
    """How much it can take."""

    LIMIT: ClassVar[int] = 1000

    points: int = 100
    armour: float = 0
    poisoned: bool = False
    wind: Vector2 = (0.0, 1.0)
    title: str = "knight"
    owner: Any = None

    @property
    def is_dead(self) -> bool:
        return self.points <= 0

    def hit(self, points: int) -> "Health":
        self.points -= points
        return self

    def __bool__(self) -> bool:
        return super().__repr__() != ""


@component
class Bag:
    items: list[Any] = []
    turn: "Vector3" = (1, 2, 3)
    color: "Vector4" = (0, 0, 0, 1)
    later: "Unknown" = None  # type: ignore[name-defined]  # noqa: F821


@component
class Enemy:
    """One of the others."""


class Knight(Process):
    health: Health = Health(points=3)


def both(points: int = 100, **fields: Any) -> list[Any]:
    """A component of its own, and one of a process."""
    process = Knight(health=Health(points, **fields))
    return [Health(points, **fields), process.health]


def test_a_declared_component_is_a_component() -> None:
    assert issubclass(Health, Component) and Health.__name__ == "Health"
    for one in both(7, wind=(2, 3)):
        assert repr(one) == (
            "Health(points=7, armour=0.0, poisoned=False, wind=(2.0, 3.0), title='knight', owner=None)"
        )
        assert one == Health(7, wind=(2, 3)) and one != Health(7) and one != Transform()
        assert copy.copy(one) == one and pickle.loads(pickle.dumps(one)) == one
        assert one.hit(9) is one and one.points == -2 and one.is_dead and bool(one)
        with pytest.raises(AttributeError):
            one.point = 5
    assert Health.LIMIT == 1000 and Health.__doc__ == "How much it can take."
    assert Health.armour.__doc__ == "Takes a finite number."


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("points", [0, -1, 2**63 - 1, -(2**63)]),
        ("armour", [0.0, -0.5, 1e308, 5e-324]),
        ("poisoned", [True, False]),
        ("wind", [(0.0, 0.0), (1e300, -2.5)]),
        ("title", ["", "naïve 🐍", "\0", "x" * 10_000]),
        ("owner", [None, 1, 2**100, float("nan"), [1, [2]], object(), Health, sys]),
    ],
)
def test_a_field_gives_back_what_it_is_given(field: str, values: list[Any]) -> None:
    for value in values:
        for one in [*both(), *both(**{field: value})]:
            setattr(one, field, value)
            got = getattr(one, field)
            assert (got is value if field == "owner" else got == value) and type(got) is type(value)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("points", 1.5, r"Health.points takes a whole number of 64 bits, not a number \(1.5\)"),
        ("points", 2**63, r"Health.points takes a whole number of 64 bits, not 9223372036854775808"),
        ("armour", 10**1000, r"Health.armour takes a finite number, not a number of 3322 bits"),
        ("points", True, r"Health.points takes a whole number of 64 bits, not a truth value"),
        ("armour", float("inf"), r"Health.armour takes a finite number, not a number \(inf\)"),
        ("armour", "much", r"Health.armour takes a finite number, not text"),
        ("poisoned", 1, r"Health.poisoned takes true or false, not a whole number \(1\)"),
        ("wind", (1.0,), r"Health.wind takes a tuple of 2 finite numbers, not a list \(\[1.0\]\)"),
        ("wind", (1.0, float("nan")), r"Health.wind takes a tuple of 2 finite numbers"),
        ("wind", 3.0, r"Health.wind takes a tuple of 2 finite numbers"),
        ("title", None, r"Health.title takes text, not nothing"),
        ("title", "\ud800", r"Health.title takes text, not str"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(field: str, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Health(**{field: value})
    for one in both():
        before = getattr(one, field)
        with pytest.raises(ValueError, match=message):
            setattr(one, field, value)
        assert getattr(one, field) == before


def test_a_process_has_it_as_any_other() -> None:
    knight, process = Knight(), Knight(health=Health(50))
    assert (knight.health.points, process[Health].points) == (3, 50)
    assert knight.health is knight[Health] and Health in knight and Enemy not in knight
    knight.add(Enemy())
    assert Enemy in knight and repr(knight[Enemy]) == "Enemy()"
    view = knight.health
    del knight[Health]
    assert Health not in knight
    with pytest.raises(ProcessDeleted):
        view.points
    with pytest.raises(ProcessDeleted):
        view.owner = 3
    knight.add(Health(5, owner=knight))
    assert view.points == 5 and view.owner is knight
    with pytest.raises(TypeError, match="takes a Health, not Enemy"):
        knight.health = Enemy()  # type: ignore[assignment]


def test_a_component_outlives_nothing() -> None:
    knight = Knight()
    view = knight.health
    knight.delete()
    # In the middle of a tick the process is still there or is not: never anything else.
    try:
        assert view.points == 3
    except ProcessDeleted:
        pass
    failures: list[BaseException] = []

    def touch() -> None:
        for act in (lambda: view.points, lambda: setattr(view, "points", 1), lambda: Knight().health):
            try:
                act()
            except BaseException as error:
                failures.append(error)

    thread = threading.Thread(target=touch)
    thread.start()
    thread.join()
    assert [type(error) for error in failures] == [RuntimeError] * 3


def test_objects_are_copied_for_each_process() -> None:
    class Porter(Process):
        bag: Bag = Bag(items=[[1]])

    one, other = Porter(), Porter()
    one.bag.items[0].append(2)
    assert (one.bag.items, other.bag.items, Porter.bag.items) == ([[1, 2]], [[1]], [[1]])
    first, second = Bag(), Bag()
    first.items.append(1)
    assert second.items == [] and first != second
    mine: list[int] = []
    one.add(Bag(items=mine))
    assert one.bag.items is mine
    assert copy.copy(one.bag).items is mine and copy.deepcopy(one.bag).items is not mine
    assert one.bag.turn == (1, 2, 3) and one.bag.later is None


def make(text: str, module: str = __name__) -> Any:
    """The class that a text declares in a module."""
    space = {"__name__": module, "component": component}
    exec(text, space)
    return space["Made"]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ("x: int", TypeError, "Made.x needs a default: scenes and processes give a component"),
        ("x: int = 1.5", ValueError, "Made.x takes a whole number of 64 bits"),
        ("x: float = 'a'", ValueError, "Made.x takes a finite number"),
        ("x: float = object()", ValueError, "Made.x takes a finite number"),
        ("__eq__: int = 1", TypeError, "cannot have a field '__eq__'"),
        (f"x: tuple[{'float, ' * 17}] = (0.0,) * 17", TypeError, "has 17 numbers, and 16 are the most"),
    ],
)
def test_what_cannot_be_declared_is_refused(body: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make(f"@component\nclass Made:\n  {body}\n")


def test_a_component_extends_no_other() -> None:
    for base in (Health, Transform):
        with pytest.raises(TypeError, match="a component cannot extend another"):
            component(type("More", (base,), {}))


def test_a_class_is_no_two_components() -> None:
    class Sturdy(Health):
        def is_alive(self) -> bool:
            return self.points > 0

    class Loud(Sturdy, Health):
        pass

    assert Loud(points=3).is_alive() and Loud(points=3) == Health(points=3)
    for bases in ((Health, Transform), (Sturdy, Velocity), (Transform, Loud)):
        message = f"Both extends two components, {bases[0].__name__} and {bases[1].__name__}: "
        with pytest.raises(TypeError, match=message):
            type("Both", bases, {})
        with pytest.raises(TypeError, match=message):
            component(type("Both", bases, {}))


def test_a_declaration_of_the_same_fields_is_the_same_component() -> None:
    text = "@component\nclass Made:\n  x: int = {}\n  y: {} = 0\n"
    first, second, third = (
        make(text.format(*rest)) for rest in ((1, "float"), (2, "float"), (3, "int"))
    )
    process = Process()
    process.add(first())
    assert process[second].x == 1 and second().x == 2 and first in process
    assert first(5) == second(5) and first(5) != third(5)
    process[second].x = 7
    assert process[first].x == 7
    assert third not in process
    process.add(third())
    assert (process[third].x, process[first].x) == (3, 7)
    elsewhere = make(text.format(4, "float"), "elsewhere")
    assert elsewhere not in process


def test_a_field_of_another_kind_is_refused() -> None:
    field = Health.__dict__["points"]
    with pytest.raises(TypeError, match="Health.points is no field of Enemy"):
        field.__get__(Enemy())


class Touchy:
    """Touches the world whenever Python lets it."""

    def __init__(self, log: list[Any], process: Any) -> None:
        self.log, self.process = log, process

    def touch(self) -> None:
        self.log.append(self.process.health.points)
        self.process.health.owner = None

    def __del__(self) -> None:
        try:
            self.touch()
        except BaseException as error:
            self.log.append(error)

    def __eq__(self, other: object) -> bool:
        self.touch()
        return True

    def __repr__(self) -> str:
        self.touch()
        return "Touchy"

    def __hash__(self) -> int:
        return 1


def test_an_object_that_touches_the_world_as_it_goes_finds_it_whole() -> None:
    log: list[Any] = []
    knight = Knight()

    def put() -> None:
        knight.health.owner = Touchy(log, knight)

    put()
    knight.health.owner = None
    assert log == [3]
    put()
    knight.health = Health(4)
    assert log == [3, 4]
    put()
    del knight[Health]
    knight.add(Health(5))
    assert len(log) == 3 and isinstance(log[2], ProcessDeleted | int)
    log.clear()
    put()
    assert knight.health == knight.health or True
    one, other = Health(owner=Touchy(log, knight)), Health(owner=Touchy(log, knight))
    assert one == other and "Touchy" in repr(one)
    del one, other
    knight.health.owner = None
    detached = Health(owner=Touchy(log, knight))
    log.clear()
    detached.owner = None
    assert log == [5]


def test_an_object_goes_with_its_process() -> None:
    class Thing:
        pass

    thing = Thing()
    gone = weakref.ref(thing)
    knight = Knight()
    knight.health.owner = [thing, knight]
    knight.add(Bag(items=[knight.health]))
    del thing
    gc.collect()
    assert gone() is not None
    del knight[Health]
    assert gone() is None


def test_a_circle_through_a_component_of_its_own_is_collected() -> None:
    class Thing:
        pass

    thing = Thing()
    gone = weakref.ref(thing)
    holder = Bag(items=[thing])
    holder.items.append(holder)
    shared = copy.copy(holder)
    del thing, holder
    gc.collect()
    assert gone() is not None and shared.items[0] is gone()
    circle = Bag(items=[gone()])
    circle.items.append(circle)
    del circle, shared
    gc.collect()


def test_another_thread_may_drop_the_last_one() -> None:
    log: list[Any] = []

    class Noisy:
        def __del__(self) -> None:
            log.append(threading.get_ident())

    box = [Health(owner=Noisy())]
    thread = threading.Thread(target=box.clear)
    thread.start()
    thread.join()
    for _ in range(100):
        pass
    assert log == [threading.get_ident()]
