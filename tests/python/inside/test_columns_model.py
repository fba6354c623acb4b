"""Blocks of columns at random, beside a plain model of what they promise."""

import math
from contextlib import nullcontext
from random import Random
from typing import Any

import pytest
from metapython import Process, Transform, Vector2, Velocity, columns, component

np = pytest.importorskip("numpy")


@component
class Charge:
    amount: float = 1.0
    count: int = 2
    on: bool = False
    pull: Vector2 = (1.0, 2.0)


class Particle(Process):
    transform: Transform = Transform()
    velocity: Velocity = Velocity()
    charge: Charge = Charge()


FIELDS = {
    Transform: ("x", "y", "scale"),
    Velocity: ("x", "spin"),
    Charge: ("amount", "count", "on", "pull"),
}

Model = dict[Any, dict[type, dict[str, Any]]]


def values(process: Any, kind: type) -> dict[str, Any]:
    """The fields of a process as it has them, one by one and not by columns."""
    return {name: getattr(process[kind], name) for name in FIELDS[kind]}


def plain(element: Any) -> Any:
    """An element of an array as its field has it."""
    value = element.tolist()
    return tuple(value) if isinstance(value, list) else value


def is_finite(element: Any) -> bool:
    return bool(np.isfinite(element).all())


class Touched:
    """A field that a block of the model has used: its array, and what was read into it."""

    def __init__(self, column: Any, kind: type, name: str) -> None:
        self.kind, self.name = kind, name
        self.array = getattr(column, name)
        self.before = self.array.copy()

    def changed(self) -> list[int]:
        pairs = zip(self.array, self.before, strict=True)
        return [index for index, (one, other) in enumerate(pairs) if one.tobytes() != other.tobytes()]

    def scribble(self, random: Random) -> None:
        """Change some elements, all, or none."""
        count = len(self.array)
        if not count:
            return
        which: Any = random.choice([random.randrange(count), slice(None), slice(0, count, 3), [], [count - 1]])
        if self.array.dtype == bool:
            self.array[which] = ~self.array[which]
        elif random.random() < 0.15:
            self.array[which] = -self.array[which]  # Zeros of both signs differ.
        else:
            self.array[which] = np.asarray(random.randrange(-9, 9)).astype(self.array.dtype)

    def poison(self, random: Random) -> None:
        """Put in a number that is none, where there can be one."""
        if self.array.dtype == np.float64 and len(self.array):
            self.array.reshape(-1)[random.randrange(self.array.size)] = random.choice([math.nan, math.inf])


def merged(one: Touched, index: int, now: Any) -> Any:
    """What a field has after a block: of a vector each number is an element of its own."""
    after, before = np.atleast_1d(one.array[index]), np.atleast_1d(one.before[index])
    is_changed = after.view("u1").reshape(after.size, -1) != before.view("u1").reshape(after.size, -1)
    merged = np.where(is_changed.any(axis=1), after, np.atleast_1d(now))
    return plain(merged if isinstance(now, tuple) else merged[0])


class Trial:
    """Processes, and what a block must leave of them."""

    def __init__(self, seed: int, count: int) -> None:
        self.random = Random(seed)
        self.model: Model = {}
        for index in range(count):
            self.spawn(index)

    def spawn(self, index: int) -> None:
        particle = Particle(transform=Transform(x=index, y=-0.0), charge=Charge(count=index))
        self.model[particle] = {kind: values(particle, kind) for kind in FIELDS}

    def meddle(self) -> None:
        """Change something of the world beside the arrays."""
        particle: Any = self.random.choice(list(self.model))
        kind = self.random.choice(list(FIELDS))
        act = self.random.randrange(8)
        if act == 0 and len(self.model) > 2:
            del self.model[particle]
            particle.delete()
        elif act == 1:
            self.spawn(77)
        elif act == 2 and kind in self.model[particle]:
            del particle[kind], self.model[particle][kind]
        elif act == 3 and kind not in self.model[particle]:
            particle.add(kind())
            self.model[particle][kind] = values(particle, kind)
        elif act >= 4 and kind in self.model[particle]:
            name = FIELDS[kind][0]
            value = float(self.random.randrange(100, 200))
            setattr(particle[kind], name, value)
            self.model[particle][kind][name] = value

    def block(self, depth: int) -> None:
        """One block, with others in it, and what is expected of it."""
        kinds = self.random.sample(list(FIELDS), self.random.randint(1, 3))
        is_left = self.random.random() < 0.1
        block = columns(*kinds)
        touched: list[Touched] = []
        expected: Any = nullcontext()
        with pytest.raises(KeyError) if is_left else nullcontext():
            opened = block.__enter__()
            processes = block.processes
            for _ in range(self.random.randint(1, 6)):
                kind = self.random.choice(kinds)
                used = Touched(opened[kinds.index(kind)], kind, self.random.choice(FIELDS[kind]))
                used = next((one for one in touched if one.array is used.array), used)
                if used not in touched:
                    touched.append(used)
                    self.check_read(used, processes)
                if self.random.random() < 0.7:
                    used.scribble(self.random)
                if self.random.random() < 0.05:
                    used.poison(self.random)
                if self.random.random() < 0.3:
                    self.meddle()
                if depth and self.random.random() < 0.3:
                    self.block(depth - 1)
            is_wrong = any(not is_finite(one.array[index]) for one in touched for index in one.changed())
            if is_left:
                error = KeyError("left")
                block.__exit__(KeyError, error, None)
                raise error
            if is_wrong:
                expected = pytest.raises(ValueError, match="nothing was written back")
            arrays = [one.array.copy() for one in touched]
            with expected:
                block.__exit__(None, None, None)
            for one, array in zip(touched, arrays, strict=True):
                assert one.array.tobytes() == array.tobytes(), "the block's end changes no array"
            if not is_wrong:
                self.apply(touched, processes)
        self.check()

    def check_read(self, used: Touched, processes: list[Any]) -> None:
        for process, element in zip(processes, used.array, strict=True):
            if process in self.model and used.kind in self.model[process]:
                assert plain(element) == self.model[process][used.kind][used.name]

    def apply(self, touched: list[Touched], processes: list[Any]) -> None:
        for one in touched:
            for index in one.changed():
                fields = self.model.get(processes[index], {}).get(one.kind)
                if fields is not None:
                    fields[one.name] = merged(one, index, fields[one.name])

    def check(self) -> None:
        for process, components in self.model.items():
            assert {kind: values(process, kind) for kind in components} == components


@pytest.mark.parametrize(("count", "blocks"), [(2, 60), (9, 80), (300, 6)])
@pytest.mark.parametrize("seed", range(3))
def test_blocks_do_what_the_model_does(seed: int, count: int, blocks: int) -> None:
    trial = Trial(seed * 1000 + count, count)
    for _ in range(blocks):
        trial.meddle()
        trial.block(depth=2)


def test_a_field_first_used_late_is_read_where_its_rows_are_by_then() -> None:
    """What the last block has left does not stand for rows that have moved since the block began."""
    first, second, third = particles = [Particle(), Particle(), Particle()]
    for _ in range(2):
        with columns(Transform) as (transform,):
            transform.x[:] = 1.0
    with columns(Transform) as (transform,):
        del second[Velocity]
        second.transform.x = 100.0
        third.delete()
        del first[Transform]
        first.add(Transform(x=55.0))
        transform.x += 1.0
    assert [particle.transform.x for particle in particles[:2]] == [56.0, 101.0]
