"""Components of many processes as arrays."""

import math
import sys
import threading
from typing import Any

import pytest
from metapython import Process, Shape, Transform, Vector2, Velocity, columns, component, machine

np = pytest.importorskip("numpy")


@component
class Body:
    mass: float = 1.0
    count: int = 2
    on: bool = False
    wind: Vector2 = (1.0, 2.0)
    name: str = ""
    owner: Any = None


class Stone(Process):
    transform: Transform = Transform()
    velocity: Velocity = Velocity(x=1, y=2)


class Leaf(Stone):
    body: Body = Body()


@pytest.fixture(autouse=True)
def _alone() -> Any:
    """Each test begins in a world without processes that it would meet."""
    for process in machine.processes:
        for kind in (Transform, Velocity, Body):
            if kind in process:
                del process[kind]


def spawn(cls: type, count: int) -> list[Any]:
    return [cls(transform=Transform(x=index)) for index in range(count)]


def test_arrays_are_fields_of_all_processes() -> None:
    stones, leaves = spawn(Stone, 3), spawn(Leaf, 2)
    Process()
    with columns(Transform, Velocity) as (transform, velocity):
        assert transform.x.tolist() == [0, 1, 2, 0, 1] and transform.x.dtype == np.float64
        transform.x += velocity.x * 10
        transform.y = transform.x + velocity.y
        transform.rotation = 5
    assert [stone.transform.x for stone in stones + leaves] == [10, 11, 12, 10, 11]
    assert [stone.transform.y for stone in stones + leaves] == [12, 13, 14, 12, 13]
    assert {stone.transform.rotation for stone in stones + leaves} == {5}
    with columns(Body) as (body,):
        assert body.mass.shape == (2,)


def test_arrays_have_the_types_of_fields() -> None:
    leaves = spawn(Leaf, 4)
    with columns(Body) as (body,):
        kinds = [(body.mass, "f8"), (body.count, "i8"), (body.on, "?"), (body.wind, "f8")]
        assert all(array.dtype == kind for array, kind in kinds)
        assert body.wind.shape == (4, 2) and body.wind.tolist()[3] == [1, 2]
        body.count[1] = 2**62
        body.on[2] = True
        body.on.view(np.uint8)[3] = 7
        body.wind[:, 1] = [5, 6, 7, 8]
    assert [leaf.body.count for leaf in leaves] == [2, 2**62, 2, 2]
    assert [leaf.body.on for leaf in leaves] == [False, False, True, True]
    assert [leaf.body.wind for leaf in leaves] == [(1, 5), (1, 6), (1, 7), (1, 8)]
    Process().add(Shape(layer=-3))
    with columns(Shape) as (shape,):
        assert shape.layer.dtype == np.int32
        shape.layer -= 1
        shape.visible[:] = False


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda body: body.name, AttributeError, "Body.name takes text, and only numbers"),
        (lambda body: body.owner, AttributeError, "Body.owner takes any object, and only"),
        (lambda body: body.mas, AttributeError, "no field `mas`; did you mean `mass`"),
        (lambda body: setattr(body, "mas", 1), AttributeError, "no field `mas`"),
        (lambda body: setattr(body, "mass", [1, 2]), ValueError, "broadcast"),
        (lambda body: setattr(body, "wind", [1, 2, 3]), ValueError, "broadcast"),
        (lambda body: setattr(body, "count", 1.5), TypeError, "cast"),
    ],
)
def test_what_no_column_is_raises(act: Any, error: type[Exception], message: str) -> None:
    spawn(Leaf, 4)
    with pytest.raises(error, match=message), columns(Body) as (body,):
        body.count += 1
        act(body)
    with columns(Body) as (body,):
        assert set(body.count) == {2}, "nothing is written after an exception"


def test_a_number_that_is_none_leaves_all_as_it_was() -> None:
    stones = spawn(Stone, 3)
    name = stones[1].instance_name
    with pytest.raises(ValueError, match=rf"Velocity.y takes a finite number, and .* {name} "):
        with columns(Transform, Velocity) as (transform, velocity):
            transform.x += 1
            velocity.y[1] = math.nan
    assert [stone.transform.x for stone in stones] == [0, 1, 2]
    assert stones[1].velocity.y == 2


def test_the_world_may_change_in_the_block() -> None:
    stones = spawn(Stone, 5)
    with columns(Transform) as (transform,):
        transform.x += 100
        transform.y  # noqa: B018 - touched, and left alone
        stones[0].transform.y = 7
        del stones[1][Transform]
        stones[2].add(Body())
        stones[3].delete()
        Stone(transform=Transform(x=-1))
        assert transform.x.shape == (5,)
        assert transform.scale[1] == 0, "an array of what has gone"
    assert [stones[index].transform.x for index in (0, 2, 4)] == [100, 102, 104]
    assert stones[0].transform.y == 7
    assert Transform not in stones[1]


def test_blocks_may_be_nested() -> None:
    stones = spawn(Stone, 2)
    with columns(Transform) as (outer,):
        outer.x[0] = 5
        with columns(Transform) as (inner,):
            assert inner.x.tolist() == [0, 1]
            inner.x[1] = 6
            inner.x[0] = 9
        assert stones[0].transform.x == 9
    assert [stone.transform.x for stone in stones] == [5, 6]


def test_a_block_may_stay_open() -> None:
    stones = spawn(Stone, 2)

    def work() -> Any:
        with columns(Transform) as (transform,):
            transform.x += 1
            yield

    worker = work()
    next(worker)
    stones[1].transform.x = 50
    next(worker, None)
    assert [stone.transform.x for stone in stones] == [1, 2]
    worker = work()
    next(worker)
    worker.close()
    assert [stone.transform.x for stone in stones] == [1, 2], "left by GeneratorExit"


def test_arrays_outlive_the_block_as_what_they_are() -> None:
    stones = spawn(Stone, 2)
    block = columns(Transform)
    with block as (transform,):
        x = transform.x
        assert block.processes == stones and len(block) == 2
    x += 5
    assert x.tolist() == [5, 6] and stones[0].transform.x == 0
    with pytest.raises(RuntimeError, match="has ended"):
        transform.x
    with pytest.raises(RuntimeError, match="not open"):
        len(block)
    with block as (transform,), pytest.raises(RuntimeError, match="open already"):
        block.__enter__()


def test_arrays_cannot_be_turned_against_the_block() -> None:
    stones = spawn(Stone, 300)

    def resize(array: Any) -> None:
        array.resize(3, refcheck=False)

    def lock(array: Any) -> None:
        array.flags.writeable = False

    def retype(array: Any) -> None:
        array.dtype = np.int64

    for spoil in (resize, lock, retype):
        with pytest.raises((ValueError, BufferError)):
            with columns(Transform) as (transform,):
                transform.x[:] = 5
                spoil(transform.x)
    assert stones[0].transform.x == 0


def test_a_class_chooses() -> None:
    stones, leaves = spawn(Stone, 2), spawn(Leaf, 3)
    with columns(Transform, of=Leaf) as (transform,):
        assert transform.x.tolist() == [0, 1, 2]
        transform.x += 1
    assert [leaf.transform.x for leaf in leaves] == [1, 2, 3]
    assert [stone.transform.x for stone in stones] == [0, 1]


def test_no_process_is_no_element() -> None:
    with columns(Transform, Body) as (transform, body):
        transform.x += 1
        assert body.wind.shape == (0, 2)
    with pytest.raises(TypeError, match="takes the components"):
        columns()
    with pytest.raises(TypeError, match="no component"), columns(int):
        pass


def test_another_thread_has_no_columns() -> None:
    failures: list[BaseException] = []

    def enter() -> None:
        try:
            with columns(Transform):
                pass
        except RuntimeError as error:
            failures.append(error)

    def leave() -> None:
        try:
            block.__exit__(None, None, None)
        except RuntimeError as error:
            failures.append(error)

    stone = Stone()
    block = columns(Transform)
    (transform,) = block.__enter__()
    transform.x += 1
    for act in (enter, leave):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
    assert len(failures) == 2 and "another thread" in str(failures[0])
    assert stone.transform.x == 0


def test_numpy_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(ImportError, match="pip install numpy"):
        columns(Transform)


def read(kind: type, field: str) -> list[Any]:
    """A field of all processes, by a block of its own that leaves its arrays for the next one."""
    with columns(kind) as (column,):
        return list(getattr(column, field).tolist())


def test_what_a_block_leaves_is_what_the_next_one_finds() -> None:
    stones = spawn(Stone, 3)
    assert read(Transform, "x") == [0, 1, 2]
    stones[1].transform.x = 7
    assert read(Transform, "x") == [0, 7, 2], "changed by another in between"
    stones[2].transform = Transform(x=9)
    assert read(Transform, "x") == [0, 7, 9], "replaced in between"
    with columns(Transform) as (transform,):
        transform.x += 1
    assert read(Transform, "x") == [1, 8, 10], "changed by a block"
    with pytest.raises(ValueError), columns(Transform) as (transform,):
        transform.x[:] = math.inf
    assert read(Transform, "x") == [1, 8, 10], "changed by a block that failed"
    with columns(Transform, Velocity) as (transform, _):
        transform.x *= 2
    assert read(Transform, "x") == [2, 16, 20], "changed by a block of others"


def test_what_a_block_leaves_is_of_the_processes_that_it_had() -> None:
    stones, leaves = spawn(Stone, 4), spawn(Leaf, 2)
    assert read(Transform, "x") == [0, 1, 2, 3, 0, 1]
    # Two change their places: there are as many as before in each, and no position is newer.
    stones[1].add(Body())
    del leaves[0][Body]
    block = columns(Transform)
    with block as (transform,):
        transform.x[:] = np.arange(6)
        processes = block.processes
    assert [process.transform.x for process in processes] == list(range(6))
    stones[2].delete()
    del stones[3][Transform]
    assert len(read(Transform, "x")) < 6


def test_an_array_that_is_kept_is_not_used_again() -> None:
    stones = spawn(Stone, 3)
    with columns(Transform) as (transform,):
        whole, part = transform.x, transform.y[1:]
        memory = memoryview(transform.rotation)
    with columns(Transform) as (transform,):
        transform.x += 1
        transform.y += 1
        transform.rotation += 1
    assert whole.tolist() == [0, 1, 2] and part.tolist() == [0, 0] and list(memory) == [0, 0, 0]
    whole[:] = 100
    assert read(Transform, "x") == [1, 2, 3] and stones[0].transform.x == 1


def test_an_array_of_another_form_is_not_used_again() -> None:
    spawn(Leaf, 4)
    with columns(Body) as (body,):
        body.mass.shape = (2, 2)
        body.on.dtype = np.uint8
    with columns(Body) as (body,):
        assert body.mass.shape == (4,) and body.on.dtype == np.bool_


def test_inner_blocks_leave_nothing_stale_behind() -> None:
    stones = spawn(Stone, 2)
    with columns(Transform) as (outer,):
        outer.x[0] = 5
        with columns(Transform) as (inner,):
            inner.x[1] = 6
    assert read(Transform, "x") == [5, 6] == [stone.transform.x for stone in stones]
    with columns(Transform, Transform) as (one, other):
        assert one.x is not other.x
        one.x[0], other.x[1] = 7, 8
    assert read(Transform, "x") == [7, 8]


def test_a_component_that_a_block_has_twice_is_read_anew() -> None:
    stones = spawn(Stone, 3)
    for expected in ([0, 1, 2], [7, 9, 2], [14, 17, 2]):
        with columns(Transform, Transform) as (one, other):
            assert one.x.tolist() == expected == other.x.tolist()
            one.x[0] += 7
            other.x[1] += 8
    assert [stone.transform.x for stone in stones] == [21, 25, 2]


def test_many_processes_are_written_in_parts() -> None:
    stones = spawn(Stone, 2500)
    with columns(Transform) as (transform,):
        transform.x[[0, 1023, 1024, 2499]] = -1
        transform.y[:] = np.arange(2500)
    assert [index for index, stone in enumerate(stones) if stone.transform.x < 0] == [0, 1023, 1024, 2499]
    assert [stone.transform.y for stone in stones] == list(range(2500))
