"""`pip install .` into a fresh virtual environment, and what an ordinary interpreter has of it."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from program import ROOT, TARGET, metapython, readme_examples

AUTHOR = '''
from metapython import Instruction, Process, Shape, Sprite, Transform, Velocity, machine, window


class Ball(Process):
    """Bounces off the walls."""

    interval = 1 / 120
    priority = 10
    transform: Transform = Transform(x=320, y=240)
    velocity: Velocity = Velocity(x=180, y=140)
    shape: Shape = Shape.circle(radius=12, color="orange")
    elasticity: float = 1.0

    def run(self, dt: float) -> None:
        if not 0 < self.transform.x < window.width:
            self.velocity.x *= -self.elasticity
            self.alert("bounced at {:.0f}", self.transform.x, level="vv")
        if Sprite in self:
            del self[Sprite]
        for message in self.read_messages():
            self.send_to("Ball1", message)


machine.hz = 30
ball = Ball(elasticity=0.5, interval=0.1, instance_name="B")
child = ball.create(Ball)
child.transform = Transform(y=ball[Transform].y)
Instruction("B", "pause").execute(delay=0.5)
status: int = machine.run(ticks=60, clock="virtual")
'''


class Environment:
    """A virtual environment with the package in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"

    def run(
        self, *command: str | Path, cwd: Path | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one of its programs in an environment that has nothing of these tests'."""
        kept = {name: os.environ[name] for name in ("HOME", "PATH", "CARGO_HOME") if name in os.environ}
        return subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            cwd=cwd or self.folder,
            env={**kept, "LANG": "C.UTF-8", "ALSA_CONFIG_PATH": "/dev/null", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def script(self, source: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run a script; its status, and what it printed."""
        path = self.folder / "script.py"
        path.write_text(source)
        run = self.run("python", path, *arguments, **environment)
        return run.returncode, run.stdout, run.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The package in a fresh environment, built in the folder and profile of these tests.

    What builds it is taken from the environment of these tests, so that it is not downloaded again.
    """
    folder = tmp_path_factory.mktemp("wheel") / "environment"
    venv.create(folder, symlinks=True)
    environment = Environment(folder)
    own = sysconfig.get_path("scripts")
    pip(
        environment,
        *("install", "--no-build-isolation", "--no-index", "--no-cache-dir", str(ROOT)),
        PATH=f"{own}:{os.environ['PATH']}",
        PYTHONPATH=sysconfig.get_path("purelib"),
        CARGO_TARGET_DIR=str(TARGET.resolve()),
        MATURIN_PEP517_ARGS="--profile dev",
    )
    return environment


def pip(environment: Environment, *arguments: str, **variables: str) -> None:
    """Run pip on an environment; it must succeed."""
    run = subprocess.run(
        [sys.executable, "-m", "pip", "--python", environment.python, *arguments],
        cwd=environment.folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_package_is_installed_whole(wheel: Environment) -> None:
    """It is imported from where it was installed, with its types, and without those who built it."""
    status, out, error = wheel.script(
        "import os, sys, metapython\n"
        "folder = os.path.dirname(metapython.__file__)\n"
        "print(folder.startswith(sys.prefix), sorted(os.listdir(folder + '/demos')))\n"
        "print(*sorted({'py.typed', '_native.pyi'} & set(os.listdir(folder))))\n"
    )
    demos = sorted(demo.name for demo in (ROOT / "demos").iterdir())
    assert (status, out, error) == (0, f"True {demos}\n_native.pyi py.typed\n", "")


def test_a_script_runs_the_machine(wheel: Environment) -> None:
    """A machine comes with the first process, and turns when it is told to, again and again."""
    status, out, error = wheel.script(
        AUTHOR
        + "print(status, machine.tick, machine.time, ball.is_paused, ball.transform.x)\n"
        + "print(machine.run(ticks=30), machine.tick)\n"
        + "machine.stop(3)\n"
        + "print(machine.run(), machine.tick, machine.run(1), machine.tick)\n"
        + "ball.alert('said')\n"
    )
    assert (status, error) == (0, "    3.033 B: said\n")
    assert out == "0 60 2.0 True 404.0\n0 90\n3 90 0 91\n"


def test_the_readme_is_right(wheel: Environment) -> None:
    """What the README shows of an ordinary interpreter works as it stands there."""
    assert wheel.script(readme_examples()["In an ordinary interpreter"]) == (0, "60\n", "")


def test_the_command_is_the_program(wheel: Environment) -> None:
    """The same scene and seed give the same digest, whichever way in, and strings their hashes."""
    arguments = ("run", "pong", "--headless", "--ticks", "120", "--seed", "3", "--digest")
    installed = wheel.run("metapython", *arguments)
    program = metapython(*arguments)
    assert (installed.returncode, installed.stderr) == (0, "")
    assert installed.stdout == program.stdout != ""
    script = wheel.folder / "order.py"
    script.write_text(
        "import sys\nfrom metapython import Process\n\n\nclass P(Process):\n"
        "    def run(self, dt: float) -> None:\n"
        "        print(list({'one', 'two', 'three', 'four'}), sys.argv == [__file__])\n"
    )
    run = ("run", script, "--headless", "--ticks", "1")
    assert wheel.run("metapython", *run).stdout == metapython(*run).stdout
    assert wheel.run("python", "-m", "metapython", *run).stdout == metapython(*run).stdout
    assert wheel.run("metapython", "demos").stdout == metapython("demos").stdout


def test_the_command_says_what_is_wrong(wheel: Environment) -> None:
    """Exit status and message are the program's; the doctor knows where it is."""
    for arguments in (("run", "pongg"), ("check",), ("check", "pong"), ("--version",)):
        installed, program = wheel.run("metapython", *arguments), metapython(*arguments)
        assert installed.returncode == program.returncode
        assert installed.stderr == program.stderr
    doctor = wheel.run("metapython", "doctor").stdout
    assert f"{wheel.folder}/bin/python" in doctor and f"packages from {wheel.folder}" in doctor


def test_a_machine_that_turns_is_not_run_again(wheel: Environment) -> None:
    """A step that steps the machine is refused, in either way in, and the run goes on."""
    source = (
        "from metapython import Process, machine\n\n\nclass P(Process):\n"
        "    def run(self, dt: float) -> None:\n"
        "        try:\n            machine.run(1)\n"
        "        except RuntimeError as error:\n            print(error)\n\n\np = P()\n"
    )
    refusal = "a machine that turns cannot be run again from within"
    status, out, error = wheel.script(source + "machine.run(2)\nprint(p.fault)\n")
    assert (status, error) == (0, "")
    assert out.count(refusal) == 2 and out.endswith("None\n")
    script = wheel.folder / "inside.py"
    script.write_text(source)
    run = metapython("run", script, "--headless", "--ticks", "2")
    assert (run.returncode, run.stderr, run.stdout.count(refusal)) == (0, "", 2)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("machine.run(-1)", "ValueError: machine.run(ticks) takes a whole number from 0, or None for no end, not -1"),
        ("machine.run(clock='slow')", "ValueError: machine.run(clock) takes \"real\" or \"virtual\", not 'slow'"),
        ("machine.hz = 0", "ValueError: machine.hz takes a whole number from 1 to 100000, not 0"),
        ("P(); machine.hz = 30", "RuntimeError: hz can only be set before the first process is"),
        ("machine.run(1); machine.seed = 3", "RuntimeError: seed can only be set before the first"),
        ("machine.run(1, window=True)", "run without one: machine.run(window=False)"),
    ],
)
def test_what_cannot_be_is_refused(wheel: Environment, statement: str, message: str) -> None:
    """What is asked of the machine at the wrong time, or wrongly, gets a message and breaks nothing."""
    source = f"from metapython import Process, machine\n\n\nclass P(Process):\n    pass\n\n\n{statement}\n"
    status, out, error = wheel.script(source)
    assert (status, out) == (1, "") and message in error.splitlines()[-1]


def test_a_window_is_shown(wheel: Environment) -> None:
    """A run is seen in a window, at the pace of the clock, and the next one is not."""
    status, out, error = wheel.script(
        "import time\nfrom metapython import Process, Shape, machine, sound\n\n\nclass P(Process):\n"
        "    shape: Shape = Shape.circle(radius=9)\n"
        "    def run(self, dt: float) -> None:\n        sound.tone(440)\n\n\nP()\n"
        "start = time.monotonic()\n"
        "print(machine.run(12, window=True), machine.run(6, clock='real'))\n"
        "print(time.monotonic() - start > 0.25)\n"
        "print(machine.run(6000), machine.tick)\n",
        SDL_VIDEODRIVER="dummy",
    )
    assert (status, out) == (0, "0 0\nTrue\n0 6018\n"), error


def test_the_seed_is_of_every_random_source(wheel: Environment) -> None:
    """A seed that is set makes numbers repeat; without one, the interpreter's are left alone."""
    source = "import random\nfrom metapython import machine\n{}\nprint(machine.seed, random.random())\n"
    seeded = source.format("machine.seed = 5")
    assert wheel.script(seeded) == wheel.script(seeded)
    assert wheel.script(source.format("")) != wheel.script(source.format(""))


def test_ctrl_c_ends_the_run_and_harms_no_process(wheel: Environment) -> None:
    """It comes between two ticks; a second one ends the step that hangs."""
    status, out, _ = wheel.script(
        "import os, signal\nfrom metapython import Process, machine\n\n\nclass P(Process):\n"
        "    n: int = 0\n\n"
        "    def run(self, dt: float) -> None:\n"
        "        if machine.tick == 3:\n            os.kill(os.getpid(), signal.SIGINT)\n"
        "        self.n += 1\n"
        "        if machine.tick == 6:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "            while True:\n                pass\n\n\n"
        "p = P()\n"
        "for _ in range(2):\n"
        "    try:\n        machine.run()\n"
        "    except KeyboardInterrupt:\n"
        "        print(machine.tick, p.n, p.fault and p.fault.splitlines()[-1])\n"
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)\n"
    )
    assert (status, out) == (0, "3 3 None\n6 6 KeyboardInterrupt\nTrue\n")


def test_the_end_of_the_interpreter_ends_the_machine(wheel: Environment) -> None:
    """Processes that nobody keeps are deleted and find the world; what is kept gets a clean error."""
    status, out, error = wheel.script(
        "from metapython import Process, Transform, machine\n\n\nclass P(Process):\n"
        "    transform: Transform = Transform(x=1)\n\n"
        "    def __del__(self) -> None:\n        print(self.instance_name, machine.tick)\n\n\n"
        "class Late:\n    def __init__(self, transform: Transform) -> None:\n"
        "        self.transform = transform\n\n"
        "    def __del__(self) -> None:\n"
        "        try:\n            print(self.transform.x)\n"
        "        except RuntimeError as error:\n            print(error)\n\n\n"
        "P()\nP()\nmachine.run(2)\nlate = Late(P().transform)\n"
    )
    assert (status, error) == (0, "")
    assert out == "P 2\nP1 2\nP2 2\nthe machine has ended, as the interpreter does\n"


def test_only_the_main_thread_has_the_world(wheel: Environment) -> None:
    """Other threads are refused, before and after there is a machine; their instructions are not."""
    status, out, error = wheel.script(
        "import threading\nfrom metapython import Instruction, Process, machine\n\n\n"
        "class P(Process):\n    def hear(self) -> None:\n        print('heard')\n\n\n"
        "def work() -> None:\n"
        "    for act in (P, lambda: machine.tick, lambda: machine.run(1)):\n"
        "        try:\n            act()\n"
        "        except RuntimeError as error:\n            print(str(error)[:37])\n\n\n"
        "def tell() -> None:\n    Instruction('P', 'hear').execute()\n\n\n"
        "def thread(target: object) -> None:\n"
        "    one = threading.Thread(target=target)\n    one.start()\n    one.join()\n\n\n"
        "thread(work)\nP()\nthread(work)\nthread(tell)\nmachine.run(1)\n"
    )
    assert (status, error) == (0, "")
    assert out == "the world cannot be reached from here\n" * 6 + "heard\n"


def test_a_fork_has_no_machine(wheel: Environment) -> None:
    """A copy of the process says so and ends well, also when a step made it; the parent goes on."""
    status, out, error = wheel.script(
        "import os, sys\nfrom metapython import Process, Transform, machine\n\n\n"
        "class P(Process):\n    transform: Transform = Transform(x=1)\n\n"
        "    def run(self, dt: float) -> None:\n"
        "        if machine.tick == 2:\n            fork()\n\n\n"
        "def fork() -> None:\n    sys.stdout.flush()\n    child = os.fork()\n"
        "    if child:\n        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n\n\n"
        "p = P()\nfork()\n"
        "try:\n    print(machine.run(3), p.transform.x)\n"
        "except RuntimeError as error:\n    print(str(error)[:38])\n"
    )
    refused = "the machine is in the process that thi\n"
    assert (status, out, error) == (0, f"{refused}0\n{refused}0\n0 1.0\n", "")


def test_a_subinterpreter_has_no_package(wheel: Environment) -> None:
    """It is refused at the import, whether the main interpreter has the package or not."""
    create = (
        "try:\n    import _interpreters as interpreters\n"
        "except ImportError:\n    import _xxsubinterpreters as interpreters\n"
        "try:\n    print(interpreters.run_string(interpreters.create(), 'import metapython'))\n"
        "except Exception as error:\n    print(error)\n"
    )
    for source in (create, "import metapython\n" + create):
        status, out, _ = wheel.script(source)
        assert status == 0 and "not in a subinterpreter" in out or "not support loading in subint" in out


def test_the_types_are_accepted(wheel: Environment) -> None:
    """mypy and pyright, both strict, accept an author's file and the demos: those that need no NumPy, which
    is not there."""
    folder = wheel.folder.parent / "author"
    folder.mkdir()
    (folder / "author.py").write_text(AUTHOR)
    for demo in ROOT.glob("demos/*/*.py"):
        if "import numpy" not in (text := demo.read_text()):
            (folder / demo.name).write_text(text)
    settings = {"typeCheckingMode": "strict", "include": ["."], "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    cache = ["--cache-dir", str(folder.parent / "mypy")]
    for command in (
        ["mypy", "--strict", *cache, "--python-executable", wheel.python, "."],
        ["basedpyright", "--pythonpath", wheel.python],
    ):
        program = Path(sysconfig.get_path("scripts")) / command[0]
        check = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True)
        assert check.returncode == 0, check.stdout + check.stderr


def test_nothing_is_left_behind(wheel: Environment) -> None:
    """Uninstalling takes back every file of the package, and what it wrote while it ran."""
    pip(wheel, "uninstall", "--yes", "metapython")
    assert not [path for path in wheel.folder.rglob("*") if "metapython" in path.name.lower()]
