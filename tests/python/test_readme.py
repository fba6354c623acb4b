"""What the README shows works as it stands there."""

from pathlib import Path

import pytest
from program import metapython, readme_examples

EXAMPLES = readme_examples()

OUTPUT = {
    "Wait": "tea\ngoodbye\n",
    "Talk": "all have arrived\n",
    "Fail": "33 steps, 1 fault\n",
    "Hold data": "80 50\n",
    "Be seen": "fires at 308, 500\nthe middle of the window is 300.0 500.0\n",
    "Be heard": "half way: 0.5\nthunder\n",
    "Hear": "half a second after 31 ticks, at most 0.0 loud\n",
    "Be touched": "jumps, walking at -1.0\nsaved\nmouse_motion 320.0 24.0\n",
    "Make panels": "emptied at 35 l\n",
    "Be looked at, and changed for once": "2.5\n1.25\n9.0\n",
}
"""What the examples print, by their headings."""


def test_the_first_process_runs(tmp_path: Path) -> None:
    """The README's first process bounces: its speed turns round within ten seconds."""
    script = tmp_path / "ball.py"
    script.write_text(
        EXAMPLES["A first process"]
        + "\n\nball = Ball()\n\n\nclass Watch(Process):\n"
        + "    def run(self, dt: float) -> None:\n"
        + "        if ball.velocity.x < 0:\n"
        + "            print('turned'), self.delete()\n\n\nWatch()\n"
    )
    run = metapython("run", script, "--headless", "--ticks", "600")
    assert (run.returncode, run.stdout, run.stderr) == (0, "turned\n", "")


@pytest.mark.parametrize("heading", OUTPUT)
def test_an_example_runs(tmp_path: Path, heading: str) -> None:
    """An example prints in ten seconds of simulation what it is to print.

    The step limit is in real time, of which a program that is not optimised needs more on a busy computer.
    """
    script = tmp_path / "example.py"
    script.write_text(EXAMPLES[heading])
    run = metapython("run", script, "--headless", "--ticks", "600", "--step-limit", "10")
    assert (run.returncode, run.stdout) == (0, OUTPUT[heading]), run.stderr


def test_every_example_is_tested() -> None:
    """No example is left out; that of an ordinary interpreter is the wheel's."""
    assert set(EXAMPLES) == {"A first process", "In an ordinary interpreter", *OUTPUT}
