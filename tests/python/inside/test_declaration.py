"""What a class declares, and what objects of it begin with."""

from typing import ClassVar

import pytest
from metapython import Process, Shape, Transform, Velocity


class Ball(Process):
    """Has one of everything that can be declared."""

    priority = 3
    interval = 0.5
    transform: Transform = Transform(x=320, y=240)
    velocity: Velocity
    elasticity: float = 1.0
    seen: list[str] = []
    limit: ClassVar[int] = 7


class Heavy(Ball):
    """Changes a default and a setting."""

    interval = 0.25
    elasticity: float = 0.1


class Named(Process):
    """Has an attribute without a default."""

    owner: str


def test_defaults_are_those_of_the_class() -> None:
    ball = Ball()
    assert (ball.transform.x, ball.transform.y, ball.velocity.x) == (320, 240, 0)
    assert (ball.priority, ball.interval, ball.elasticity, ball.limit) == (3, 0.5, 1.0, 7)
    assert (Ball.priority, Ball.interval) == (3, 0.5)
    assert Ball.transform == Transform(x=320, y=240)


def test_keywords_override_defaults_of_one_object() -> None:
    ball = Ball(elasticity=0.9, transform=Transform(x=1), priority=-2, interval=2)
    assert (ball.elasticity, ball.transform.x, ball.transform.y) == (0.9, 1, 0)
    assert (ball.priority, ball.interval) == (-2, 2)
    assert Ball().elasticity == 1.0


def test_subclasses_inherit_declarations_and_override_them() -> None:
    heavy = Heavy()
    assert (heavy.priority, heavy.interval, heavy.elasticity) == (3, 0.25, 0.1)
    assert heavy.transform.x == 320
    assert isinstance(heavy, Ball)


def test_objects_do_not_share_what_can_change() -> None:
    first, second = Ball(), Ball()
    first.seen.append("x")
    first.transform.x = 5
    assert second.seen == [] and Ball.seen == []
    assert second.transform.x == 320


def test_a_component_that_is_assigned_is_copied() -> None:
    first, second = Ball(), Ball()
    first.transform = second.transform
    first.transform.x = 9
    assert second.transform.x == 320


def test_an_unknown_keyword_names_the_nearest() -> None:
    with pytest.raises(TypeError, match="Ball has no attribute 'elastic' to set; did you mean 'elasticity'?"):
        Ball(elastic=1)


def test_an_attribute_without_default_must_be_given() -> None:
    assert Named(owner="me").owner == "me"
    with pytest.raises(TypeError, match="Named needs owner="):
        Named()


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("priority", 1.5, "priority is a whole number"),
        ("interval", "soon", "interval is a number of seconds"),
        ("interval", True, "interval is a number of seconds"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_class(setting: str, value: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        type("Wrong", (Process,), {setting: value, "__module__": __name__})


def test_an_attribute_that_would_hide_a_method_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot have an attribute 'pause'"):
        type("Wrong", (Process,), {"pause": 1.0, "__annotations__": {"pause": float}, "__module__": __name__})


def test_a_failed_init_leaves_nothing_behind() -> None:
    class Failing(Process):
        def __init__(self) -> None:
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        Failing(instance_name="Gone")


def test_shapes_are_made_by_what_they_are() -> None:
    circle = Shape.circle(radius=12, color="orange")
    assert (circle.kind, circle.radius, circle.color) == ("circle", 12, "#ffa500")
    line = Shape.line([(0, 0), (3, 4)], thickness=2)
    assert (line.kind, [tuple(point) for point in line.points], line.outline) == ("line", [(0, 0), (3, 4)], 2)


def test_a_run_that_a_call_would_not_run_is_refused() -> None:
    with pytest.raises(TypeError, match="Waiting.run must be an ordinary method"):

        class Waiting(Process):
            async def run(self, dt: float) -> None: ...
