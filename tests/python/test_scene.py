"""Scenes at the console: saving the living world, and loading another in its place."""

from pathlib import Path

import pytest
from program import ROOT, metapython

SCRIPT = '''"""All kinds of things that processes hold."""
from __future__ import annotations

import math
from typing import Any

from metapython import Process, Restart, Shape, Transform, Velocity, Vector2, component, window


@component
class Health:
    points: int = 100
    shelter: Vector2 = (0.0, 0.0)
    name: str = ""
    memory: object = None


class Ship(Process):
    """Holds all that a scene can say."""

    priority = 5
    restart = Restart(limit=2, within=4.0)
    transform: Transform = Transform(x=1)
    velocity: Velocity = Velocity(x=0.1, y=1e-300)
    shape: Shape = Shape.polygon([(0, 0), (1, 0.1), (1 / 3, 1)])
    health: Health = Health(memory=["deep", 1.5])
    cargo: tuple[str, ...] = ("tea",)
    trail: list[tuple[float, float]] = []
    seen: set[str] = set()
    sums: dict[str, float] = {}
    other: Process | None = None
    far: float = math.inf

    def __init__(self, name: str) -> None:
        self.title = name
        self.steps = 0

    def start(self) -> None:
        self.transform.x = 0.0
        self.create(Buoy)
        self.raw = b"\\x00\\xff\\""
        self.big = {(1, 2): 2**70, None: [(-0.0, "\\u00e9\\"\\n\\\\")], "tuple": frozenset([(1,), (2,)])}
        self.word = {"tuple": [1]}
        if self.title == "second":
            from metapython import machine
            self.other = machine["First"]
            self.fleet = [self, (machine["First"], 3)]

    def run(self, dt: float) -> None:
        self.steps += 1
        self.trail.append((self.transform.x, dt))
        self.seen.add(f"{self.steps % 7}")
        self.sums["x"] = self.sums.get("x", 0.0) + math.sin(self.transform.x + self.steps)
        self.health.points -= 1
        if self.steps == 3:
            del self[Shape]
            self.add(Buoy(instance_name=f"{self.title}Late"))
        if self.other is not None:
            self.health.shelter = (self.other.transform.x, 2.0)


class Buoy(Process):
    transform: Transform

    def run(self, dt: float) -> None:
        self.transform.y += self.parent.sums["x"] * dt


class Radio(Process):
    """Holds something that no scene can say, and is made anew."""

    volume: float = 1.0
    stations: tuple[str, ...] = ("one",)

    def start(self) -> None:
        self.handle = object()


class Log(Process):
    """Cannot be made anew."""

    def __init__(self, file: Any) -> None:
        self.file = iter(file)


class Clock(Process):
    hours: int = 0

    async def run(self) -> None:
        from metapython import sleep
        while True:
            await sleep(3600)


class Boat(Process):
    speed: float = 0.0
'''

SCENE = '''(
    version: 1,
    title: "Harbour",
    scripts: ["ships.py"],
    processes: [
        (class: "ships.Ship", name: "First", attributes: {"name": "first"}),
        (class: "ships.Ship", name: "Second", missed: "burst", attributes: {"name": "second"}),
    ],
)
'''

STATE = """[(it.instance_name, type(it).__qualname__, it.priority, it.interval, it.missed, str(it.restart), it.memory_size,
it.is_paused, it.parent and it.parent.instance_name, sorted((k, repr(v)) for k, v in vars(it).items()),
[repr(it[kind]) for kind in (Transform, Velocity, Shape, __import__("ships").Health) if kind in it]) for it in machine.processes]"""
"""All that a scene holds of a world, as a console line."""

STATE = " ".join(STATE.splitlines())


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A scene with its script."""
    (tmp_path / "ships.py").write_text(SCRIPT)
    scene = tmp_path / "harbour.ron"
    scene.write_text(SCENE)
    return scene


def run(scene: str | Path, *lines: str, ticks: int = 120, folder: Path | None = None) -> tuple[list[str], str, str]:
    """What console lines come to, line by line; what is complained of; the digest of the last tick.

    The first line is given in the first tick, each other one when the one before is over.
    """
    given = [part for line in lines for part in ("--eval", line)]
    done = metapython("run", scene, "--headless", "--ticks", str(ticks), "--digest", *given, folder=folder)
    output = done.stdout.splitlines()
    assert output, done.stderr
    return output[:-1], done.stderr, output[-1]


def test_a_saved_scene_goes_on(harbour: Path) -> None:
    """What was changed, saved and run again is at a later tick what the first run has come to."""
    saved = harbour.with_name("saved.ron")
    changes = ["set First.velocity.y 0.7", "Second.cargo += ('salt',)", "priority First -3", "pause Buoy"]
    later = [STATE, "await sleep(0.5)", STATE]
    first, errors, _ = run(harbour, "await sleep(0.1)", *changes, f"save {saved}", *later)
    assert (first[1], errors) == (f"saved 6 processes in {saved}", "")
    second, errors, _ = run(saved, *later)
    assert errors == ""
    assert first[2:] == second
    assert "firstLate" in second[0] and "salt" in second[0] and second[0] != second[2]


def test_a_saved_scene_is_the_same_when_it_is_saved_again(harbour: Path) -> None:
    """A file that was loaded is written as it was, to the last letter; so is one that was run."""
    one, two, three = (harbour.with_name(f"{name}.ron") for name in ("one", "two", "three"))
    lines = ["await sleep(0.1)", f"save {one}", STATE, f"load {one}", STATE, f"save {two}"]
    output, errors, _ = run(harbour, *lines)
    assert errors == ""
    assert output[2] == output[4]
    run(one, f"save {three}")
    assert one.read_text() == two.read_text() == three.read_text()


def test_loading_takes_the_place_of_everything(harbour: Path) -> None:
    """Of the world of before there is neither a process, nor a name, nor an instruction, nor the title."""
    other = harbour.with_name("other.ron")
    other.write_text('(title: "Sea", scripts: ["ships.py"], processes: [(class: "ships.Boat", name: "First"), (class: "ships.Boat")])')
    lines = [
        "await sleep(0.1)",
        "Instruction('First', 'delete').execute(delay=0.1)",
        "First.keep = 5",
        f"load {other}",
        "scene",
        "await sleep(0.2)",
        "[it.instance_name for it in machine.processes], First, window.title",
        "spawn Boat",
    ]
    output, errors, _ = run(harbour, *lines)
    assert errors == ""
    assert output[2:] == [
        f"loaded 2 processes from {other}",
        f"scene {other}",
        'title "Sea"',
        "processes: 2",
        "      2  ships.Boat",
        "0.2",
        "(['First', 'Boat'], <Boat First>, 'Sea')",
        "Boat1",
    ]


BROKEN = {
    "(title: ": "this is no valid RON",
    "(version: 2)": "1:2: this engine reads scenes of version 1, and this one has version 2",
    '(processes: [(class: "ships.Boat", nam: "A")])': "the process has no field `nam`; did you mean `name`?",
    '(processes: [(class: "ships.Boot")])': "1:22: module 'ships' has no class 'Boot'; did you mean `Boat`?",
    '(processes: [(class: "nowhere.Boat")])': "1:22: there is no module 'nowhere'",
    '(processes: [(class: "ships.Boat", name: "First"), (class: "ships.Boat", name: "First")])': "1:80: there is a process named `First`",
    '(processes: [(class: "ships.Boat"), (class: "ships.Boat", attributes: {"sped": 1})])': "'sped' to set; did you mean `speed`?",
    '(processes: [(class: "ships.Boat", components: {"Transform": (x: "left")})])': "Transform.x takes a finite number",
    '(processes: [(class: "ships.Boat", started: true, attributes: {"a": {"process": "Nobody"}})])': "1:22: ",
    '(processes: [(class: "ships.Boat", started: true, attributes: {"a": {"int": "x"}})])': "1:22: invalid literal for int() with base 16: 'x'",
    '(processes: [(class: "ships.Boat"), (class: "ships.Ship")])': "missing 1 required positional argument: 'name'",
    '(scripts: ["nothing.py"])': "1:12: there is no script",
    '(scripts: ["wrong.py"])': "wrong.py:3:6: ZeroDivisionError",
    '(scripts: ["leaves.py"])': "a script of it ends the program as it is imported, with status 3",
    "": "the file is empty",
}


def test_a_broken_scene_changes_nothing(harbour: Path) -> None:
    """Whatever is wrong is told with its place, and the world goes on as if nobody had tried."""
    harbour.with_name("wrong.py").write_text("from metapython import Process\nclass A(Process): ...\nA(), 1 / 0\n")
    harbour.with_name("leaves.py").write_text("raise SystemExit(3)\n")
    lines = []
    for number, text in enumerate(BROKEN):
        scene = harbour.with_name(f"broken{number}.ron")
        scene.write_text(text)
        lines += [f"load {scene}", "n = sum(1 for _ in machine.processes)"]
    _, _, plain = run(harbour, "await sleep(0.1)", *["n = 4"] * len(lines))
    output, errors, digest = run(harbour, "await sleep(0.1)", *lines)
    for number, expected in enumerate(BROKEN.values()):
        told = errors.partition(f"broken{number}.ron\" failed:")[2].partition("--eval")[0]
        assert expected in told, told
    assert digest == plain
    assert len(output) == 1, output


def test_files_that_are_none_are_told(harbour: Path, tmp_path: Path) -> None:
    """A file that is missing, a folder, bytes: each is one error, and nothing is lost."""
    (tmp_path / "bytes.ron").write_bytes(b"\xff\xfe")
    (tmp_path / "folder.ron").mkdir()
    original = harbour.read_text()
    lines = {
        f"load {tmp_path}/nothing.ron": "there is no such scene",
        f"load {tmp_path}": f"is a folder; name the scene in it: {tmp_path}/scene.ron",
        f"load {tmp_path}/bytes.ron": "is no text in UTF-8",
        "load": "FILE is missing: load FILE",
        f"save {tmp_path}/mine": f"the name of a scene ends in .ron: `save {tmp_path}/mine.ron`",
        f"save {tmp_path}/folder.ron": "it is a folder; give the name of a file in it",
        f"save {tmp_path}/no/mine.ron": "choose a folder that exists",
        "save /dev/full": "the name of a scene ends in .ron",
        "save /proc/mine.ron": "cannot save the scene /proc/mine.ron",
    }
    before = sorted(path.name for path in tmp_path.iterdir())
    _, errors, _ = run(harbour, *lines)
    for line, expected in lines.items():
        told = errors.partition(f'--eval "{line}" failed:')[2].partition("--eval")[0]
        assert expected in told, errors
    assert harbour.read_text() == original
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "__pycache__") == before


def test_a_device_is_not_written_to(harbour: Path) -> None:
    """A link to one neither, and a link to a file stays a link."""
    full, link, real = (harbour.with_name(f"{name}.ron") for name in ("full", "link", "real"))
    full.symlink_to("/dev/full")
    link.symlink_to(real)
    _, errors, _ = run(harbour, f"save {full}", f"save {link}")
    assert "it is a device or a pipe, not a file" in errors
    assert link.is_symlink() and real.read_text().startswith("(")


def test_what_no_scene_can_say_is_told(harbour: Path) -> None:
    """What is left out is said, once for all that it is so with; who goes on alone is said too."""
    saved = harbour.with_name("saved.ron")
    lines = [
        "from ships import *",
        "radios = [Radio(volume=number / 4, stations=('a', 'b')) for number in range(30)]",
        "log = Log('ab')",
        "tender = Boat(instance_name='Tender', parent=log)",
        "boat = Boat()",
        "boat.towed = log",
        "clock = Clock()",
        "class Typed(Process): pass",
        "typed = Typed()",
        "First.health.memory = print",
        "await sleep(0.1)",
        f"save {saved}",
        f"load {saved}",
        "Radio29.volume, Radio29.stations, First.health.memory, boat",
    ]
    output, errors, _ = run(harbour, *lines)
    assert errors == ""
    radio = "made anew by its class when it is loaded, as no scene can say what its handle holds: a object"
    assert output[1:] == [
        f"saved 38 processes in {saved}",
        "  __console__.Typed: left out, with its children: its class is in no file; put it into a script",
        "  ships.Boat: made anew by its class when it is loaded, as no scene can say what its towed holds: a process that is left out",
        "  ships.Clock: begins its `async def run` anew when it is loaded",
        "  ships.Log: left out, with its children: no scene can say what its file holds: a str_ascii_iterator; and it cannot be made anew without file",
        f"  ships.Radio (30 of them): {radio}",
        "  ships.Ship: the field memory of its Health is left out: it holds what no scene can say",
        f"loaded 38 processes from {saved}",
        "(7.25, ('a', 'b'), None, <Boat Boat, deleted>)",
    ]


def test_a_script_that_creates_its_processes_can_be_saved(tmp_path: Path) -> None:
    """What its body creates is in the scene, and is not created a second time when that is run."""
    script = tmp_path / "alone.py"
    script.write_text(
        "from metapython import Process\n\n\nclass Counter(Process):\n    count: int = 0\n\n"
        "    def run(self, dt: float) -> None:\n        self.count += 1 + (last.count > 90)\n\n\n"
        "for _ in range(2):\n    Counter()\nlast = Counter()\n"
    )
    saved = tmp_path / "saved.ron"
    output, errors, _ = run(script, "save", "reload", "await sleep(0.5)", f"save {saved}", ticks=60)
    assert f"{script} is a script; save the scene as a file: `save mine.ron`" in errors
    assert f"{script} is a script, no scene; `update alone.py` takes it in anew" in errors
    lines = ["[(it.instance_name, it.count) for it in machine.processes]", "import alone; alone.last is Counter2"]
    output, errors, _ = run(saved, *lines, "reload", lines[1])
    expected = ["[('Counter', 30), ('Counter1', 30), ('Counter2', 30)]", "True"]
    assert (output, errors) == ([*expected, f"loaded 3 processes from {saved}", "True"], "")


def test_reload_reads_the_files_anew(harbour: Path) -> None:
    """The scene and its scripts are those that are there now; a script that is wrong keeps both."""
    boats = '(scripts: ["ships.py"], processes: [(class: "ships.Boat", attributes: {"speed": 7.0})])'
    script = str(harbour.with_name("ships.py"))
    lines = [
        "await sleep(0.1)",
        f"import pathlib; script = pathlib.Path({script!r}); text = script.read_text()",
        f"scene = pathlib.Path({str(harbour)!r}).write_text({boats!r})",
        "script.write_text(text + '\\n    def sail(self): return self.speed\\n') and None",
        "del scene",
        "reload",
        "Boat.sail()",
        "script.write_text('class') and None",
        "reload",
        "Boat.sail()",
    ]
    output, errors, _ = run(harbour, *lines)
    assert output[1:] == [f"loaded 1 process from {harbour}", "7.0", "7.0"]
    assert "ships.py is not taken in; the old version runs on" in errors


def test_what_a_module_binds_outlasts_reload(tmp_path: Path) -> None:
    """Modules are run once: what they bind stays. What a process binds belongs to the scene's run."""
    script = """\
from metapython import Process, input

input.bind("jump", "M")

class Game(Process):
    def start(self) -> None:
        import late
        print(*(input.action(name).bindings[0] for name in ("jump", "late", "duck")))
        input.bind("duck", "P")
"""
    (tmp_path / "game.py").write_text(script)
    (tmp_path / "late.py").write_text("from metapython import input\n\ninput.bind('late', 'L')\n")
    scene = """(version: 1, scripts: ["game.py"],
    actions: {"jump": ["Space"], "duck": ["Down"], "late": ["Up"]}, processes: [(class: "game.Game")])
"""
    (tmp_path / "game.ron").write_text(scene)
    (tmp_path / "bad.ron").write_text(scene.replace("Game", "Nobody"))
    change = "import metapython; metapython.input.bind('duck', 'K'); metapython.input.reset('jump')"
    lines = [change, "load bad.ron", "' '.join(metapython.input.action('jump').bindings)", "reload"]
    output, _, _ = run(tmp_path / "game.ron", "await sleep(0.1)", *lines, "await sleep(0.1)", folder=tmp_path)
    said = [line for line in output if line.startswith(("M", "'"))]
    assert said == ["M L Down", "'Space'", "M L Down"]


def test_a_demo_is_saved_elsewhere(tmp_path: Path) -> None:
    """A demo is nobody's to overwrite; its copy finds the scripts and images where they are."""
    saved = tmp_path / "mine.ron"
    demo = ROOT / "demos" / "pong" / "scene.ron"
    before = demo.read_text()
    lines = ["await sleep(3)", "save", f"save {demo}", f"save {saved}", "Ball.transform.x"]
    first, errors, _ = run("pong", *lines, ticks=240)
    assert f"{demo} is a demo; save it as a file of yours: `save mine.ron`" in errors
    assert f"{demo} is in the folder of the demos; choose one of yours" in errors
    assert demo.read_text() == before
    second, errors, _ = run(saved, "Ball.transform.x")
    assert (second, errors) == (first[-1:], "")


def test_thousands_of_processes_are_saved_and_loaded(tmp_path: Path) -> None:
    """A large world takes its time, and comes back whole."""
    (tmp_path / "many.py").write_text(
        "from metapython import Process, Transform\n\n\nclass One(Process):\n"
        "    interval = 3600.0\n    transform: Transform\n    n: int = 0\n\n\n"
        "for number in range(4_000):\n    One(n=number, transform=Transform(x=number / 3))\n"
    )
    saved = tmp_path / "saved.ron"
    lines = [f"save {saved}", f"load {saved}", "One3999.n, One3999.transform.x", "scene"]
    output, errors, _ = run(tmp_path / "many.py", *lines, ticks=10)
    assert errors == ""
    expected = [f"saved 4000 processes in {saved}", f"loaded 4000 processes from {saved}", f"(3999, {3999 / 3!r})"]
    assert output[:3] == expected and output[-1] == "   4000  many.One"


def test_paths_start_at_the_current_folder(harbour: Path) -> None:
    """A scene is saved where it was loaded from, or where somebody says; its scripts are found from there."""
    (folder := harbour.with_name("mine")).mkdir()
    _, errors, _ = run("../harbour.ron", "save saved.ron", "load saved.ron", "save", ticks=4, folder=folder)
    assert errors == ""
    text = (folder / "saved.ron").read_text()
    assert 'assets: "..",' in text and 'scripts: ["../ships.py"],' in text
    _, errors, _ = run("harbour.ron", "save", ticks=4, folder=harbour.parent)
    assert errors == ""
    assert 'scripts: ["ships.py"],' in harbour.read_text() and "assets" not in harbour.read_text()
    moved = harbour.parent.rename(harbour.parent.with_name("moved"))
    output, errors, _ = run(moved / "mine" / "saved.ron", "First.title", ticks=4)
    assert (output, errors) == (["'first'"], "")


def test_a_folder_that_cannot_be_written_is_named(harbour: Path) -> None:
    """Nothing is lost where nothing can be written, and the machine goes on."""
    output, errors, _ = run(harbour, "save /proc/self/mine.ron", "1 + 1")
    assert output == ["2"]
    assert "cannot save the scene /proc/self/mine.ron: " in errors
