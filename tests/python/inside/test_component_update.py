"""Update of components from a text that defines the component alone."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from metapython import Process, _update, machine

TEXT = """
    from metapython import Process, component

    @component
    class Health:
        points: int = 100
        name: str = "nobody"

        def doubled(self):
            return self.points * 2

    class Knight(Process):
        health: Health = Health(points=50)

    class Squire(Process):
        pass

    class Castle:
        @component
        class Gate:
            strength: int = 3

    class Guard(Process):
        gate: Castle.Gate = Castle.Gate(strength=4)
"""

HEALTH = """
    @component
    class Health:
        points: int = 100
        name: str = "nobody"

        def doubled(self):
            return self.points * 2
"""


def first_step(process: Process, failure: str | None = None) -> bool:
    """Tells of a first step after an update, as the machine does; whether the update was taken back."""
    _update.begin_first_step(process, None)
    return _update.first_step(process, failure)


@pytest.fixture
def module() -> Iterator[Any]:
    """A module with components and processes, deleted with all of them."""
    made = ModuleType("knights")
    sys.modules["knights"] = made
    exec(textwrap.dedent(TEXT), vars(made))
    yield made
    for process in machine.processes:
        if type(process).__module__ == "knights":
            first_step(process)
            process.delete()
    del sys.modules["knights"]


@pytest.fixture
def elsewhere(module: Any) -> Callable[[], Process]:
    """A class of another module that declares the component."""

    class Pilgrim(Process):
        health: module.Health = module.Health(points=5)

    return Pilgrim


def test_a_component_with_the_same_fields_stays_the_class_that_it_was(module: Any, elsewhere: Any) -> None:
    health, knight, squire, pilgrim = module.Health, module.Knight(), module.Squire(), elsewhere()
    squire.add(health(points=7))
    kept = knight.health
    machine.update(health, HEALTH)
    assert module.Health is health, "the text was the same"
    machine.update(health, HEALTH.replace("* 2", "* 3"))
    assert module.Health is health and type(knight.health) is health and type(kept) is health
    assert (knight.health.doubled(), squire[health].doubled(), pilgrim.health.doubled()) == (150, 21, 15)
    kept.points = 51
    assert (kept.points, knight.health.points, knight[health].points) == (51, 51, 51)
    assert health(points=2) == module.Health(2, "nobody") and health in knight


def test_changed_defaults_are_those_of_processes_that_have_the_old_one(module: Any) -> None:
    knight, other = module.Knight(), module.Knight()
    other.health.name = "Lancelot"
    machine.update(module.Health, HEALTH.replace("nobody", "a knight").replace("100", "90"))
    assert module.Health() == module.Health(90, "a knight")
    assert [it.health.name for it in (knight, other, module.Knight())] == ["a knight", "Lancelot", "a knight"]
    assert [it.health.points for it in (knight, other, module.Knight())] == [50, 50, 50]
    assert first_step(knight, "ValueError: at the first step")
    assert module.Health() == module.Health(100, "nobody")
    assert [it.health.name for it in (knight, other, module.Knight())] == ["nobody", "Lancelot", "nobody"]


def test_classes_that_the_text_leaves_out_declare_the_component_with_other_fields(module: Any) -> None:
    health, knight, fresh, squire = module.Health, module.Knight(), module.Knight(), module.Squire()
    knight.health.points = 33
    squire.add(health(points=7))
    machine.update(health, HEALTH.replace('name: str = "nobody"', "armour: float = 2.5"))
    now = module.Health
    assert now is not health and type(knight.health) is now
    assert (knight.health, fresh.health, squire[now]) == (now(33), now(50), now(7))
    assert module.Knight().health == now(50, 2.5) and module.Knight(health=now(1)).health.points == 1
    assert all(health not in process for process in (knight, fresh, squire))
    machine.update(now, HEALTH.replace('name: str = "nobody"', "shield: bool = True"))
    assert knight.health == module.Health(33, True)
    assert first_step(knight, "ValueError: at the first step")
    assert module.Health is now and (knight.health, module.Knight().health) == (now(33, 2.5), now(50, 2.5))
    assert not first_step(fresh)


def test_an_update_that_a_class_cannot_follow_leaves_nothing_behind(module: Any) -> None:
    health, knight = module.Health, module.Knight()
    message = r"Knight.health is Health\(points=50.*Health.points cannot hold that now: define Knight again"
    with pytest.raises(TypeError, match=message):
        machine.update(health, HEALTH.replace("points: int = 100", 'points: str = "many"'))
    assert module.Health is health and type(knight.health) is health and module.Knight().health.points == 50
    with pytest.raises(LookupError, match="the text defines no class 'Health'"):
        machine.update(health, "class Wealth: pass")


def test_a_component_within_a_class_is_updated(module: Any) -> None:
    gate, guard = module.Castle.Gate, module.Guard()
    assert gate.__qualname__ == "Castle.Gate"
    same = "@component\nclass Gate:\n  strength: int = 3\n  def open(self): return self.strength"
    machine.update(gate, same)
    assert module.Castle.Gate is gate and guard.gate.open() == 4
    machine.update(gate, same.replace("\n  def", "\n  colour: str = 'red'\n  def"))
    assert type(guard.gate) is module.Castle.Gate is not gate
    assert (guard.gate.strength, guard.gate.colour) == (4, "red") and not hasattr(module, "Gate")
    assert first_step(guard, "ValueError: at the first step")
    assert module.Castle.Gate is gate is type(guard.gate)
