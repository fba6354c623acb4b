"""Components as values, and as views of the world."""

import copy
import pickle

import pytest
from metapython import Component, Process, ProcessDeleted, Shape, Transform, Velocity


class Thing(Process):
    transform: Transform = Transform(x=1, y=2)


def test_a_detached_component_is_a_value() -> None:
    one = Transform(1, 2, rotation=0.5)
    assert repr(one) == "Transform(x=1.0, y=2.0, rotation=0.5, scale=1.0, relative=False)"
    assert one == Transform(1, 2, 0.5) and one != Transform(1, 2) and one != Velocity(1, 2)
    other = copy.copy(one)
    other.x = 9
    assert (one.x, other.x) == (1, 9)
    assert pickle.loads(pickle.dumps(one)) == one


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Transform(1, 2, 3, 4, True, 6), TypeError, "Transform has 5 fields, not 6"),
        (lambda: Transform(1, x=2), TypeError, "Transform is given its x twice"),
        (lambda: Transform(z=1), AttributeError, "component Transform has no field `z`"),
        (lambda: Transform(x="far"), ValueError, "Transform.x takes a finite number"),
        (lambda: Transform(x=float("nan")), ValueError, "Transform.x takes a finite number"),
        (lambda: Shape(kind="blob"), ValueError, 'one of "'),
        (lambda: Shape(color="no color"), ValueError, "Shape.color takes a color"),
        (lambda: Shape(layer=2**40), ValueError, "whole number of 32 bits"),
        (lambda: Component(), TypeError, "is no component that processes can have"),
    ],
)
def test_what_no_field_holds_is_refused(make, error, message) -> None:
    with pytest.raises(error, match=message):
        make()


def test_an_attribute_that_is_no_field_cannot_be_set() -> None:
    thing = Thing()
    with pytest.raises(AttributeError):
        thing.transform.z = 1
    with pytest.raises(AttributeError):
        del thing.transform.x


def test_a_refused_value_changes_nothing() -> None:
    thing = Thing()
    with pytest.raises(ValueError, match=r"Transform\.x takes a finite number, not text \(\"far\"\)"):
        thing.transform.x = "far"
    with pytest.raises(ValueError, match=r"Transform\.x takes a finite number"):
        thing.transform.x = object()
    assert thing.transform.x == 1


def test_a_view_is_the_same_object_each_time() -> None:
    thing = Thing()
    assert thing.transform is thing.transform is thing[Transform]


def test_components_come_and_go() -> None:
    thing = Thing()
    assert Transform in thing and Velocity not in thing
    with pytest.raises(KeyError, match="has no Velocity"):
        thing[Velocity]
    thing.add(Velocity(x=4))
    assert thing[Velocity].x == 4
    view = thing[Velocity]
    del thing[Velocity]
    assert Velocity not in thing
    with pytest.raises(ProcessDeleted):
        view.x
    with pytest.raises(KeyError):
        del thing[Velocity]


def test_a_wrong_component_is_refused() -> None:
    with pytest.raises(TypeError, match="this attribute takes a Transform, not Velocity"):
        Thing().transform = Velocity()
    with pytest.raises(TypeError, match="no component"):
        int in Thing()


def test_numbers_of_other_kinds_are_taken() -> None:
    numpy = pytest.importorskip("numpy")
    thing = Thing()
    thing.transform.x = numpy.float64(2.5)
    thing.transform.y = numpy.int32(7)
    assert (thing.transform.x, thing.transform.y) == (2.5, 7)


def test_a_whole_number_is_as_good_as_a_float() -> None:
    thing = Thing()
    thing.transform.x = 2**63
    assert (thing.transform.x, Transform(x=-(10**300)).x) == (2.0**63, -1e300)
    assert Shape(points=[(2**64, 0), (0, 1)]).points[0] == [2.0**64, 0.0]
    with pytest.raises(ValueError, match=r"Transform\.x takes a finite number, not a number of 16610 bits"):
        thing.transform.x = 10**5000


class Both(Transform):
    """Has the fields of two components, and is one of them."""

    __slots__ = ()


Both.__bases__ = (Transform, Shape)  # In a `class` statement this is refused.


@pytest.mark.parametrize("component", [Both(), Velocity(), 5])
def test_a_field_of_another_component_is_refused(component: object) -> None:
    field = Shape.__dict__["visible"]
    message = f"Shape.visible is no field of {type(component).__name__}"
    with pytest.raises(TypeError, match=message):
        field.__get__(component)
    with pytest.raises(TypeError, match=message):
        field.__set__(component, True)
    with pytest.raises(TypeError, match=message):
        field.__delete__(component)


def test_a_component_of_two_kinds_is_the_first() -> None:
    assert Both(x=3).x == 3
    with pytest.raises(TypeError, match="Shape.visible is no field of Both"):
        Both().visible


def test_a_field_says_what_it_is() -> None:
    assert Transform.x.__doc__ == "Distance of the centre from the left edge, px. Takes a finite number."
