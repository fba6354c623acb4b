"""A failed update leaves the machine as it was: the same digest as of a run without it."""

import subprocess
import sys
from pathlib import Path

import pytest
from program import metapython

SCRIPT = '''
import random
from metapython import Canvas, Instruction, Process, Transform, input, machine, window

input.define("jump", "Space")

class Thing(Process):
    """Steps every 0.3 s."""
    interval = 0.3
    number: float = 0
    seen: list[float] = []
    links: dict[str, list[int]] = {{"a": [1], "b": [2]}}
    transform: Transform = Transform(x=1)
    canvas: Canvas = Canvas(width=8, height=8)

    def run(self, dt):
        self.canvas.circle(self.transform.x, 4, 2)
        self.number = random.random()
        self.seen.append(dt)

class Other(Thing):
    def run(self, dt):
        super().run(dt)
        self.create(Thing)
        self.transform.x += 1

class Writer(Process):
    def run(self, dt):
        if machine.tick == 20:
            try:
                {statement}
            except (Exception, SystemExit, KeyboardInterrupt):
                pass

TEXT = """
class Thing(Process):
    interval = 0.2
    priority = 9
    number: float = 5
    added: int = 3
    seen: list[float] = [0]
    transform: Transform = Transform(x=5)
    canvas: Canvas = Canvas(width=8, height=8)

    def migrate(self, old_version):
        self.links["a"].append(5)
        self.links["c"] = self.links.pop("a")
        self.seen = []
        self.extra = 1
        del self.number
        self.transform.rotation = random.random()
        self.canvas.clear("red")
        if len(self.seen) % 2:
            del self[Canvas]
        {failure}

    def run(self, dt):
        pass

Thing(instance_name="Another"), Thing(), Other()
Instruction("Thing", "pause").execute(delay=0.1)
input.define("new", "N")
input.bind("jump", "N")
window.title = "new"
random.random()
"""
Thing(number=1), Other(), Writer()
'''

MINE = '''
import sys
from metapython import Process, machine

class Mine(Process):
    def run(self, dt):
        print(sys.prefix)
        machine.update(Mine, """
class Mine(Process):
    def run(self, dt):
        print("new")
        machine.stop()
""")

Mine()
'''

FAILURES = [
    "self.delete; raise ValueError",
    "raise SystemExit",
    "raise KeyboardInterrupt",
    "self.migrate(None)",
    "self.create(Thing).create(Other); Instruction('Thing', 'pause').execute(); 1 / 0",
    "\n\nundefined",
    "\n\n) (",
    "\n\nclass Other(Thing, dict): pass",
]


def digest(folder: Path, statement: str, failure: str = "") -> str:
    """The digest after a second, in the middle of which an update was tried."""
    script = folder / "thing.py"
    script.write_text(SCRIPT.format(statement=statement, failure=failure))
    run = metapython("run", script, "--headless", "--ticks", "60", "--digest")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()[-1]


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_update_leaves_the_digest_as_it_was(tmp_path: Path, failure: str) -> None:
    assert digest(tmp_path, "machine.update(Thing, TEXT)", failure) == digest(tmp_path, "pass")


def test_scripts_in_the_folder_of_an_environment_are_no_library(tmp_path: Path) -> None:
    """As after `python -m venv .`: the environment's own folder is the author's."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True, timeout=60)
    script = tmp_path / "mine.py"
    script.write_text(MINE)
    run = metapython("run", script, "--headless", "--ticks", "9", VIRTUAL_ENV=str(tmp_path))
    assert (run.returncode, run.stdout, run.stderr) == (0, f"{tmp_path}\nnew\n", "")


def test_an_update_that_succeeds_makes_a_difference(tmp_path: Path) -> None:
    assert digest(tmp_path, "machine.update(Thing, TEXT)") != digest(tmp_path, "pass")
