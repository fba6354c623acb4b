"""Update of running code: what living objects, classes, functions and modules are after one."""

import builtins
import enum
import importlib
import inspect
import pickle
import re
import sys
import textwrap
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from metapython import Process, Transform, _update, _watch, machine

Save = Callable[..., ModuleType]


def first_step(process: Process, failure: str | None = None) -> bool:
    """Tells of a first step after an update, as the machine does; whether the update was taken back."""
    _update.begin_first_step(process, None)
    return _update.first_step(process, failure)


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The alerts of updates."""
    told: list[str] = []
    for module in (_update, _watch):
        monkeypatch.setattr(
            module, "raise_alert", lambda source, text, level: told.append(f"{level}: {text}")
        )
    return told


@pytest.fixture
def save(tmp_path: Path, alerts: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Save]:
    """Saves a script and takes it in: the first time by importing it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names: set[str] = set()

    def save(name: str, text: str) -> ModuleType:
        path = tmp_path / f"{name}.py"
        path.write_text(textwrap.dedent(text))
        if name in names:
            _watch.update_files([path])
        else:
            names.add(name)
            importlib.invalidate_caches()
            importlib.import_module(name)
            _watch.folders_to_watch()
        return sys.modules[name]

    yield save
    for process in machine.processes:
        if type(process).__module__ in names:
            first_step(process)
    for name in names:
        del sys.modules[name]


PET = """
    from metapython import Process, Transform

    class Pet(Process):
        interval = 0.5
        transform: Transform = Transform(x=1, y=1)
        age: int = 1
        food: list[str] = ["milk"]

        def speak(self):
            return "..."
"""


def test_living_objects_do_what_the_new_version_says(save: Save, alerts: list[str]) -> None:
    module = save("pets", PET)
    cls, pet = module.Pet, module.Pet()
    speak = pet.speak
    save("pets", PET.replace('"..."', '"woof"') + "\n        def run(self, dt):\n            self.age += 1\n")
    assert alerts == ["v: pets.py is taken in"]
    assert module.Pet is cls and type(pet) is cls
    assert pet.speak() == "woof" and speak() == "woof", "a callback is updated, too"
    pet.run(0)
    assert pet.age == 2


def test_what_was_refused_is_tried_again_when_another_script_is_saved(
    save: Save, alerts: list[str]
) -> None:
    save("tools", "def one(): return 1\n")
    user = save("uses", "from tools import one\ndef use(): return one()\n")
    save("uses", "from tools import two\ndef use(): return two()\n")
    save("tools", "def one(): return 1\ndef three(): return 3\n")
    assert user.use() == 1 and len([text for text in alerts if "ImportError" in text]) == 1
    save("tools", "def two(): return 2\n")
    assert user.use() == 2 and alerts[-1] == "v: uses.py is taken in"


def test_what_has_not_changed_is_left_alone(save: Save, alerts: list[str]) -> None:
    module = save("pets", PET)
    assert save("pets", PET) is module and alerts == []


def test_names_that_are_gone_are_gone(save: Save) -> None:
    module = save("pets", PET + "\n    LIMIT = 3\n    def helper(): pass\n")
    pet = module.Pet()
    module.runtime = 5
    save("pets", PET.replace("def speak", "def talk"))
    assert not hasattr(pet, "speak") and pet.talk() == "..."
    assert not hasattr(module, "LIMIT") and not hasattr(module, "helper") and module.runtime == 5


def test_new_defaults_are_added_and_changed_ones_taken_where_the_old_one_is(save: Save) -> None:
    module = save("pets", PET)
    usual, other = module.Pet(), module.Pet(age=9, interval=0.25)
    other.transform.x = 50
    other.food.append("fish")
    save(
        "pets",
        """
        from metapython import Process, Transform, Velocity

        class Pet(Process):
            interval = 0.75
            priority = 3
            transform: Transform = Transform(x=2, y=2)
            velocity: Velocity = Velocity(spin=1)
            age: int = 2
            food: list[str] = ["water"]
            toys: list[str] = []
            name: str = "Rex"
        """,
    )
    assert (usual.interval, usual.priority, usual.age, usual.food) == (0.75, 3, 2, ["water"])
    assert (other.interval, other.priority, other.age, other.food) == (0.25, 3, 9, ["milk", "fish"])
    assert usual.transform == Transform(x=2, y=2) and other.transform == Transform(x=50, y=2)
    assert usual.velocity.spin == 1 and usual.name == "Rex"
    assert usual.toys == [] and usual.toys is not other.toys is not module.Pet.toys


def test_what_is_no_longer_declared_stays_with_its_object(save: Save) -> None:
    module = save("pets", PET)
    pet = module.Pet(age=4)
    save("pets", PET.replace("age: int = 1", "").replace("transform: Transform = Transform(x=1, y=1)", ""))
    assert pet.age == 4 and pet[Transform].x == 1
    with pytest.raises(TypeError, match="no attribute 'age'"):
        module.Pet(age=1)


def test_subclasses_here_and_elsewhere_follow(save: Save) -> None:
    module = save("pets", PET + "\n    class Dog(Pet):\n        age: int = 5\n        def speak(self):\n            return super().speak() + '!'\n")
    elsewhere = save("cats", "from pets import Pet\nclass Cat(Pet):\n    def speak(self):\n        return super().speak() + '?'\n")
    dog, cat = module.Dog(), elsewhere.Cat()
    new = PET.replace('"..."', '"hello"').replace("age: int = 1", "age: int = 7\n        tail: bool = True")
    save("pets", new + "\n    class Dog(Pet):\n        age: int = 5\n        def speak(self):\n            return super().speak() + '!!'\n")
    assert (dog.speak(), cat.speak()) == ("hello!!", "hello?")
    assert (dog.age, cat.age, dog.tail, cat.tail) == (5, 7, True, True)
    assert isinstance(dog, module.Pet) and isinstance(cat, module.Pet) and elsewhere.Pet is module.Pet
    assert module.Dog().tail and elsewhere.Cat().age == 7


def test_bases_can_change(save: Save) -> None:
    module = save("pets", PET + "\n    class Loud:\n        volume = 3\n")
    pet = module.Pet()
    changed = PET.replace("class Pet(Process)", "class Pet(Loud, Process)")
    save("pets", changed.replace("class Pet", "class Loud:\n        volume = 4\n\n    class Pet"))
    assert pet.volume == 4 and isinstance(pet, module.Loud)


def test_pickles_and_isinstance_stay_right(save: Save) -> None:
    text = "class Note:\n    def __init__(self, text):\n        self.text = text\n"
    module = save("notes", text)
    note = module.Note("a")
    pickled = pickle.dumps(note)
    save("notes", text + "    def loud(self):\n        return self.text.upper()\n")
    assert isinstance(note, module.Note) and isinstance(pickle.loads(pickled), type(note))
    assert pickle.loads(pickle.dumps(note)).loud() == "A"


def test_modules_that_import_it_have_the_new_functions(save: Save) -> None:
    save("tools", "import functools\ndef double(n):\n    return 2 * n\n@functools.cache\ndef kept(n):\n    return n\n")
    user = save("uses", "from tools import double, kept\ndef use(n):\n    return double(n), kept(n)\n")
    double = user.double
    assert user.use(4) == (8, 4)
    save("tools", "import functools\ndef double(n, by=3):\n    return by * n\n@functools.cache\ndef kept(n):\n    return -n\n")
    assert user.use(4)[0] == 12 and double is sys.modules["tools"].double
    assert user.use(5)[1] == -5


def test_tuples_tables_and_decorated_functions_have_the_objects_that_were_there(save: Save) -> None:
    text = """
    import dataclasses, enum, functools

    def twice(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args) * 2
        return wrapper

    class Color(enum.Enum):
        RED = 1
        BLUE = 2

    @dataclasses.dataclass
    class Point:
        x: int = 1

    @dataclasses.dataclass(slots=True)
    class Slim:
        x: int = 1
        def double(self): return 2 * self.x

    @twice
    def number(): return 1

    ALL = (Point, Slim)
    BY_CLASS = {Point: "point"}
    """
    module = save("shapes", text)
    red, point, slim, number = module.Color.RED, module.Point(), module.Slim(), module.number
    save("shapes", text.replace("return 1", "return 5").replace("2 * self.x", "4 * self.x").replace("BLUE = 2", "GREEN = 3"))
    assert number() == module.number() == 10
    assert module.ALL[0] is type(point) and module.BY_CLASS[type(point)] == "point"
    assert slim.double() == 4 and module.Slim is type(slim) and point == module.Point()
    assert module.Color.RED is red and module.Color(1) is red and [*module.Color] == [red, module.Color.GREEN]
    assert isinstance(module.Color.GREEN, type(red)) and isinstance(red, enum.Enum)


def test_registries_of_subclasses_know_the_class_that_was_there(save: Save) -> None:
    text = """
    LIST = []
    TABLE = {}

    class Shape:
        def __init_subclass__(cls):
            LIST.append(cls)
            TABLE[cls.__name__] = cls

    class Square(Shape):
        corners = 4

    class Circle(Shape):
        corners = 0
    """
    module = save("registry", text)
    square = module.Square
    elsewhere = save("more", "from registry import Shape, LIST, TABLE\nclass Star(Shape): pass\n")
    star = elsewhere.Star
    save("registry", text.replace("corners = 4", "corners = 5"))
    assert module.LIST == [square, module.Circle] and module.TABLE["Square"] is square
    save("more", "from registry import Shape, LIST, TABLE\nclass Star(Shape): tips = 5\n")
    assert elsewhere.LIST[-1] is elsewhere.TABLE["Star"] is star and star.tips == 5


def test_migrate_is_told_of_the_old_version(save: Save) -> None:
    module = save("pets", PET)
    pet = module.Pet(age=3)
    save(
        "pets",
        PET.replace("age: int = 1", "months: int = 0").replace("speak", "talk")
        + """
        def migrate(self, old_version):
            self.months = 12 * self.age
            self.seen = old_version.age, old_version.speak(self), old_version.transform.x, old_version.interval
            del self.age
    """,
    )
    assert (pet.months, pet.seen) == (36, (1, "...", 1.0, 0.5)) and not hasattr(pet, "age")


def state_of(module: ModuleType, pet: Process) -> Any:
    """All that an update could have changed."""
    names = [name for name in vars(module) if name != "__builtins__"]
    contents = dict(vars(pet), food=list(pet.food))
    machine_state = [list(machine), [process.priority for process in machine.processes]]
    return names, contents, pet.transform.x, pet.interval, pet.speak(), module.Pet.age, module.TABLE, machine_state


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text + "\n    def broken(:\n", "SyntaxError: invalid syntax"),
        (lambda text: text + "\n    import no_such_module\n", "No module named 'no_such_module'"),
        (lambda text: text + "\n    TABLE['a'] = 9\n    1 / 0\n", "ZeroDivisionError"),
        (lambda text: text + "\n    exit(3)\n", "SystemExit"),
        (lambda text: text + "\n    raise KeyboardInterrupt\n", "KeyboardInterrupt"),
        (lambda text: text + "\n    def deep(): deep()\n    deep()\n", "RecursionError"),
        (lambda text: text + "\n    class Wrong(Pet):\n        interval = -1\n", "Wrong.interval takes 0"),
        (lambda text: text.replace("(Process)", "(Process, __slots__)"), "__slots__"),
        (lambda text: text.replace("(Process)", "(dict)"), "metaclass|layout"),
        (lambda text: text + "\n        def migrate(self, old):\n            self.age = 99\n            self.food.clear()\n            self.transform.x = 77\n            self.create(Pet)\n            raise ValueError('no')\n", "ValueError: no"),
        (lambda text: text + "\n        __slots__ = ('a',)\n", "__slots__ were"),
    ],
)
def test_what_fails_leaves_nothing_behind(
    save: Save, alerts: list[str], change: Callable[[str], str], reason: str
) -> None:
    text = PET + "\n    TABLE = {'a': 1}\n"
    module = save("pets", text.replace("    TABLE = {'a': 1}\n", "") + "\n    TABLE = {'a': 1}\n")
    pet = module.Pet()
    before = state_of(module, pet)
    table = module.TABLE
    new = PET.replace("age: int = 1", "age: int = 2").replace('"..."', '"new"').replace("interval = 0.5", "interval = 9")
    save("pets", change(new))
    assert state_of(module, pet) == before and module.TABLE is table and table == {"a": 1}
    assert len(alerts) == 1 and alerts[0].startswith("error: pets.py is not taken in; the old version runs on\n")
    assert re.search(reason, alerts[0]), alerts[0]
    assert re.search(r'pets.py(", line |:)\d+', alerts[0]), alerts[0]
    assert module.Pet().age == 1


def test_a_body_that_creates_processes_creates_none_again(save: Save) -> None:
    text = PET + "\n    hero = Pet(instance_name='Hero', age=2)\n    crowd = [Pet(parent=hero) for _ in range(2)]\n    Pet()\n"
    module = save("pets", text)
    hero, crowd, names = module.hero, module.crowd, list(machine)
    for number in range(3):
        save("pets", text.replace('"..."', f'"{number}"'))
        assert list(machine) == names and module.hero is hero and module.crowd is crowd
        assert hero.speak() == crowd[1].speak() == str(number)
    numbers = [int(name[3:]) for name in names if re.fullmatch(r"Pet\d+", name)]
    assert module.Pet().instance_name == f"Pet{max(numbers) + 1}"


def test_a_first_step_that_fails_takes_the_update_back(save: Save, alerts: list[str]) -> None:
    module = save("pets", PET)
    failing, other = module.Pet(), module.Pet()
    save("pets", PET.replace("age: int = 1", "age: int = 2\n        toys: int = 0").replace('"..."', '"new"'))
    other.age, other.food = 50, ["bone"]
    assert not first_step(other)
    assert first_step(failing, "TypeError: what it was")
    assert (failing.speak(), failing.age, other.age, other.food) == ("...", 1, 1, ["bone"])
    assert not hasattr(other, "toys") and not hasattr(module.Pet(), "toys")
    assert "pets.py is taken back, because the first step of " + failing.instance_name in alerts[-1]
    assert "TypeError: what it was" in alerts[-1] and _update.updates["pets"] == []


def test_two_saves_in_quick_succession_go_back_one_by_one(save: Save) -> None:
    module = save("pets", PET)
    pet, other = module.Pet(), module.Pet()
    save("pets", PET.replace('"..."', '"first"').replace("age: int = 1", "age: int = 2"))
    save("pets", PET.replace('"..."', '"second"').replace("age: int = 1", "age: int = 3"))
    assert (pet.speak(), pet.age) == ("second", 3)
    assert first_step(pet, "a")
    assert (pet.speak(), pet.age, other.age) == ("first", 2, 2)
    assert not first_step(other), "it holds for the other"
    save("pets", PET.replace('"..."', '"third"'))
    assert not first_step(other)
    assert first_step(pet, "b") and pet.speak() == "first"
    assert first_step(pet, "c") and pet.speak() == "..."
    assert not first_step(pet, "d") and _update.updates["pets"] == []


def test_lines_shown_are_those_that_run(save: Save, alerts: list[str]) -> None:
    module = save("pets", PET + "\n        def fail(self):\n            raise ValueError('old')\n")
    pet = module.Pet()
    save("pets", PET + "\n        def fail(self):\n            print('new')\n            raise ValueError('new')\n")
    save("pets", "x = (\n" * 30)

    def shown() -> str:
        try:
            pet.fail()
        except ValueError:
            return traceback.format_exc()
        return ""

    assert "raise ValueError('new')" in shown()
    save("pets", PET + "\n    hidden = 'not of this text'\n    1 / (5 - 5)\n")
    assert "    1 / (5 - 5)\n" in alerts[-1], "what is refused is told with its own lines"
    assert "raise ValueError('new')" in shown()
    assert "print('new')" in inspect.getsource(type(pet).fail)


class Local(Process):
    n: int = 1

    def value(self) -> int:
        return self.n


def test_a_class_is_updated_from_a_text() -> None:
    local = Local()
    machine.update(
        Local,
        """
        class Local(Process):
            n: int = 4

            def value(self):
                return -self.n
        """,
    )
    assert local.value() == -4 and Local is type(local)
    assert "return -self.n" in str(local.source)
    with pytest.raises(LookupError, match="defines no class 'Local'"):
        machine.update(Local, "class Other: pass")
    assert "Other" not in globals()
    with pytest.raises(SyntaxError) as caught:
        machine.update(Local, "\n\nclass Local(:\n")
    assert caught.value.lineno == 3
    with pytest.raises(TypeError, match="source is text, not int"):
        machine.update(Local, 5)
    with pytest.raises(TypeError, match="no class that a script defines"):
        machine.update(Process, "class Process: pass")
    assert local.value() == -4
    assert not first_step(local)


@pytest.mark.parametrize("cls", [int, type, enum.Enum, Path, pytest.Item, Process, Transform, 5, "Local", None])
def test_what_no_script_defines_is_refused_before_anything_is_executed(cls: Any) -> None:
    with pytest.raises(TypeError, match="is no class that a script defines, so it has no source to update"):
        machine.update(cls, "import builtins\nbuiltins.executed = True\nclass int: pass")
    assert not hasattr(builtins, "executed")


def test_processes_are_made_from_source() -> None:
    count = len(machine)
    text = """
    from metapython import Process

    class Flower(Process):
        petals: int = 5
    """
    (flower,) = machine.spawn_source(text, petals=7, instance_name="Rose")
    module = sys.modules[type(flower).__module__]
    assert (flower.petals, flower.instance_name, module.Flower) == (7, "Rose", type(flower))
    assert "petals: int = 5" in inspect.getsource(type(flower))
    assert len(machine.spawn_source(text + "\n    Flower(); Flower()\n")) == 2
    machine.update(type(flower), "class Flower(Process):\n    petals: int = 5\n    def count(self): return self.petals")
    assert flower.count() == 7 and isinstance(flower, module.Flower)
    assert not first_step(flower)
    assert len(machine) == count + 3


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("class Flower(:", SyntaxError, "invalid syntax"),
        ("1 / 0", ZeroDivisionError, "division"),
        ("x = 1", LookupError, "no subclass of metapython.Process"),
        ("from metapython import Process\nclass A(Process): pass\nA(); A(instance_name='Z')\n1/0", ZeroDivisionError, "division"),
        ("from metapython import Process\nclass A(Process):\n    n: int", LookupError, "cannot be started without n"),
        ("exit()", RuntimeError, "SystemExit"),
        (b"x", TypeError, "source is text, not bytes"),
    ],
)
def test_source_that_fails_leaves_nothing_behind(text: Any, error: type[Exception], message: str) -> None:
    before = list(machine), set(sys.modules), Local().instance_name
    with pytest.raises(error, match=message):
        machine.spawn_source(text)
    assert set(sys.modules) == before[1] and list(machine)[:-1] == before[0]


HEALTH = """
    from typing import Any
    from metapython import Process, component

    @component
    class Health:
        points: int = 100
        name: str = "nobody"
        bag: Any = None

    class Knight(Process):
        health: Health = Health(points=50)

    class Squire(Process):
        pass
"""


def test_a_component_keeps_its_values_when_its_fields_change(save: Save, alerts: list[str]) -> None:
    """Fields that stay keep their values, wherever the component is; those that are new have their default."""
    module = save("health", HEALTH)
    knight, fresh, squire = module.Knight(), module.Knight(), module.Squire()
    stranger = Local()
    bag = ["key"]
    knight.health.points, knight.health.bag = 33, bag
    for process in (squire, stranger):
        process.add(module.Health(points=7))
    text = HEALTH.replace('        name: str = "nobody"\n', "        armour: float = 2.5\n")
    text = text.replace("points: int = 100", "points: int = 90").replace("points=50", "points=60")
    save("health", text)
    assert alerts == ["v: health.py is taken in"]
    health = module.Health
    assert isinstance(knight.health, health) and not hasattr(health, "name")
    assert (knight.health.points, knight.health.armour) == (33, 2.5) and knight.health.bag is bag
    assert (fresh.health.points, fresh.health.armour) == (60, 2.5), "it still had the old default"
    for process in (squire, stranger):
        assert process[health] == health(points=7, armour=2.5)
    assert module.Knight().health == health(points=60)
    save("health", text + "\n    # The same fields.")
    assert knight.health.points == 33 and knight.health.bag is bag
    assert all(not first_step(process) for process in (knight, fresh, squire))


def test_a_field_of_another_type_keeps_what_it_can_hold(save: Save) -> None:
    module = save("health", HEALTH)
    knight, other = module.Knight(), module.Knight()
    knight.health.points, knight.health.name = 33, "Lancelot"
    other.health.points = 34
    save("health", HEALTH.replace("points: int", "points: float"))
    assert knight.health.points == 33.0 and isinstance(knight.health.points, float)
    save("health", HEALTH.replace("points: int = 100", 'points: str = "many"').replace("points=50", ""))
    assert (knight.health.points, knight.health.name) == ("many", "Lancelot")
    told = "Health.points cannot hold what 2 of its processes had; they have its default"
    assert machine.alerts[-1].text == told
    assert not first_step(knight) and not first_step(other)


def test_an_update_of_fields_goes_back_whole(save: Save, alerts: list[str]) -> None:
    module = save("health", HEALTH)
    old, knight, stranger = module.Health, module.Knight(), Local()
    bag = ["key"]
    knight.health.points, knight.health.bag = 33, bag
    stranger.add(old(points=7, name="far"))
    text = HEALTH.replace('        name: str = "nobody"\n', "")
    failing = text.replace("Health(points=50)", "Health(points=50)\n\n        def migrate(self, old_version): raise ValueError")
    save("health", failing)
    assert alerts[-1].startswith("error: health.py is not taken in")
    for _ in range(2):
        assert module.Health is old and (knight.health.points, knight.health.name) == (33, "nobody")
        assert knight.health.bag is bag and stranger[old] == old(points=7, name="far")
        save("health", text)
        assert knight.health.points == 33 and stranger[module.Health] == module.Health(points=7)
        assert not hasattr(knight.health, "name")
        assert first_step(knight, "ValueError: at the first step")


def test_a_process_of_another_module_keeps_the_component_that_its_class_has(save: Save) -> None:
    module = save("health", HEALTH)
    elsewhere = save("elsewhere", """
        from health import Health
        from metapython import Process

        class Guard(Process):
            health: Health = Health(points=5)
    """)
    guard = elsewhere.Guard()
    guard.health.points = 6
    save("health", HEALTH.replace('        name: str = "nobody"\n', ""))
    assert (guard.health.points, guard.health.name) == (6, "nobody") and module.Health not in guard
    assert elsewhere.Guard().health.points == 5


def test_components_of_one_name_go_back_each_to_its_own(save: Save, alerts: list[str]) -> None:
    """What a failed migration did to a component is undone where another module has one of its name."""
    armoured = """
        from metapython import Process, component

        @component
        class Shell:
            {field}: int = 1

        class {name}(Process):
            shell: Shell = Shell()
    """
    save("snails", armoured.format(field="spirals", name="Snail"))
    text = armoured.format(field="spikes", name="Urchin")
    save("urchins", text)
    urchin: Any = sys.modules["urchins"].Urchin()
    urchin.shell.spikes = 5
    failing = """
            def migrate(self, old_version):
                self.shell.spikes = 7
                1 / 0
    """
    save("urchins", text + failing)
    assert alerts and "ZeroDivisionError" in alerts[-1]
    assert urchin.shell.spikes == 5
