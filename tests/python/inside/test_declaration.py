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
    with pytest.raises(TypeError, match="Ball has no attribute 'elastic' to set; did you mean `elasticity`?"):
        Ball(elastic=1)


def test_an_attribute_without_default_must_be_given() -> None:
    assert Named(owner="me").owner == "me"
    with pytest.raises(TypeError, match="Named needs owner="):
        Named()


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("priority", 1.5, "priority takes a whole number"),
        ("interval", "soon", "interval takes 0 .* seconds"),
        ("interval", True, "interval takes 0 .* seconds"),
        ("interval", property(lambda self: 1.0), "interval takes 0 .* seconds"),
        ("interval", -1, "interval takes 0 .* not -1"),
        ("priority", 2**40, "priority takes a whole number from -2147483648 to 2147483647"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_class(setting: str, value: object, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"Wrong.{message}"):
        type("Wrong", (Process,), {setting: value, "__module__": __name__})


@pytest.mark.parametrize(
    ("name", "value", "annotation"),
    [
        ("pause", 1.0, float),
        ("pause", 1.0, None),
        ("children", [], None),
        ("parent", lambda self: None, None),
        ("fault", Transform(), None),
        ("start", None, None),
    ],
)
def test_an_attribute_that_would_hide_what_processes_have_is_refused(name, value, annotation) -> None:
    annotations = {} if annotation is None else {name: annotation}
    body = {name: value, "__annotations__": annotations, "__module__": __name__}
    with pytest.raises(TypeError, match=f"Wrong cannot have an attribute '{name}'"):
        type(Process)("Wrong", (Process,), dict(body))
    mixin = type("Mixin", (), {name: value})
    with pytest.raises(TypeError, match=f"Wrong cannot have an attribute '{name}'"):
        type(Process)("Wrong", (mixin, Process), {"__module__": __name__})


def test_methods_may_take_the_place_of_methods() -> None:
    class Own(Process):
        stopped: bool = False

        def pause(self) -> None:
            self.stopped = True
            super().pause()

        @property
        def children(self) -> list[Process]:
            return super().children[:1]

    own = Own()
    own.create(Own), own.create(Own)
    own.pause()
    assert own.stopped and own.is_paused and len(own.children) == 1


def test_two_attributes_of_one_component_are_refused() -> None:
    message = "Two.transform and Two.position are both a Transform"
    with pytest.raises(TypeError, match=message):

        class Two(Process):
            transform: Transform = Transform(x=1)
            position: Transform = Transform(x=2)

    with pytest.raises(TypeError, match=message):

        class Two(Ball):  # noqa: F811
            position: Transform

    class Where(Process):
        position: Transform

    with pytest.raises(TypeError, match="Both.position and Both.transform are both a Transform"):

        class Both(Ball, Where):
            pass


def test_a_keyword_for_an_attribute_without_a_type_says_what_is_missing() -> None:
    class Plain(Process):
        speed = 3
        limit: ClassVar[int] = 7

    with pytest.raises(TypeError, match="Plain has no attribute 'speed' to set; annotate it: speed: int = 3"):
        Plain(speed=4)
    with pytest.raises(TypeError, match="Plain.limit is the same for all objects: a ClassVar"):
        Plain(limit=4)


def test_overriding_needs_no_type() -> None:
    class Light(Ball):
        elasticity = 2.0

    class Mixin:
        elasticity = 3.0

    class Mixed(Mixin, Ball):
        pass

    class Computed(Ball):
        @property
        def elasticity(self) -> float:
            return 4.0

    assert (Light().elasticity, Light(elasticity=0.5).elasticity) == (2.0, 0.5)
    assert (Mixed().elasticity, Computed().elasticity, Ball().elasticity) == (3.0, 4.0, 1.0)
    with pytest.raises(TypeError, match="Bad.transform is a Transform, not 5"):
        type(Process)("Bad", (Ball,), {"transform": 5, "__module__": __name__})


def test_annotating_anew_keeps_the_default() -> None:
    class Same(Ball):
        transform: Transform
        elasticity: float

    assert (Same().transform.x, Same().elasticity) == (320, 1.0)


def test_shapes_are_made_by_what_they_are() -> None:
    circle = Shape.circle(radius=12, color="orange")
    assert (circle.kind, circle.radius, circle.color) == ("circle", 12, "#ffa500")
    line = Shape.line([(0, 0), (3, 4)], thickness=2)
    assert (line.kind, [tuple(point) for point in line.points], line.outline) == ("line", [(0, 0), (3, 4)], 2)


def test_a_run_that_no_step_could_call_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Waiting.run takes no dt, .*`async def run\(self\)`"):

        class Waiting(Process):
            async def run(self, dt: float) -> None: ...
