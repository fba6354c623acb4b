"""Assigning on a class: a new default for objects to come, and nothing else for those that are."""

from collections.abc import Iterator

import pytest
from metapython import Process, Transform, Velocity


class Ball(Process):
    interval = 0.5
    transform: Transform = Transform(x=1)
    elasticity: float = 1.0
    seen: list[str] = []
    owner: str
    shared = 1


class Heavy(Ball):
    interval = 0.25


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """What a test assigns is undone after it."""
    yield
    Ball.interval, Ball.priority, Ball.transform = 0.5, 0, Transform(x=1)
    Ball.elasticity, Ball.seen = 1.0, []


def make(cls: type[Ball] = Ball) -> Ball:
    return cls(owner="me")


def test_terms_of_old_objects_stay() -> None:
    old = make()
    Ball.interval, Ball.priority = 0.0, 7
    assert (Ball.interval, Ball.priority) == (0.0, 7)
    assert (old.interval, old.priority) == (0.5, 0)
    assert (make().interval, make().priority) == (0.0, 7)
    old.interval = 2
    assert (old.interval, Ball.interval) == (2, 0.0)


def test_components_of_old_objects_stay() -> None:
    old = make()
    Ball.transform = Transform(x=7)
    assert (old.transform.x, make().transform.x, Ball.transform.x) == (1, 7, 7)
    old.transform.x = 3
    assert (old.transform.x, make().transform.x) == (3, 7)


def test_attributes_of_old_objects_stay() -> None:
    old = make()
    Ball.elasticity, Ball.seen = 0.5, ["wall"]
    assert (old.elasticity, old.seen) == (1.0, [])
    new = make()
    assert (new.elasticity, new.seen) == (0.5, ["wall"])
    new.seen.append("floor")
    assert Ball.seen == ["wall"]


def test_subclasses_inherit_what_they_do_not_declare() -> None:
    Ball.interval, Ball.elasticity, Ball.transform = 0.1, 0.2, Transform(x=9)
    heavy = make(Heavy)
    assert (heavy.interval, heavy.elasticity, heavy.transform.x) == (0.25, 0.2, 9)
    del Heavy.interval
    assert (Heavy.interval, make(Heavy).interval) == (0.1, 0.1)
    Heavy.interval = 0.25


def test_a_missing_default_can_be_given() -> None:
    class Owned(Ball):
        pass

    Owned.owner = "you"
    assert Owned().owner == "you"
    with pytest.raises(TypeError, match="Ball needs owner="):
        Ball()


def test_what_is_deleted_is_no_default_any_more() -> None:
    class Fast(Ball):
        elasticity: float = 3.0
        velocity: Velocity = Velocity(x=1)

    fast = make(Fast)
    del Fast.elasticity, Fast.velocity
    assert (fast.elasticity, fast[Velocity].x) == (3.0, 1)
    assert make(Fast).elasticity == 1.0 and Velocity not in make(Fast)
    with pytest.raises(AttributeError):
        del Fast.elasticity
    with pytest.raises(AttributeError, match="Fast itself has no interval"):
        del Fast.interval


def test_what_a_body_could_not_say_is_refused_and_changes_nothing() -> None:
    for name, value, message in [
        ("interval", -1, "Ball.interval takes 0"),
        ("priority", "high", "Ball.priority takes a whole number"),
        ("transform", 5, "Ball.transform is a Transform, not 5"),
        ("transform", Velocity(), "Ball.transform is a Transform, not Velocity"),
        ("position", Transform(), "Ball.transform and Ball.position are both a Transform"),
        ("children", [], "Ball cannot have an attribute 'children'"),
    ]:
        with pytest.raises((TypeError, ValueError), match=message):
            setattr(Ball, name, value)
    assert (Ball.interval, Ball.transform, hasattr(Ball, "position")) == (0.5, Transform(x=1), False)
    assert make(Heavy).transform.x == 1


def test_other_attributes_are_shared_as_ever() -> None:
    old = make()
    Ball.shared = 2
    Ball.shout = lambda self: "ha"
    assert (old.shared, old.shout()) == (2, "ha")
    del Ball.shout
    assert not hasattr(old, "shout")
