"""What the README shows works as it stands there."""

import re
from pathlib import Path

import pytest
from program import ROOT, metapython


def source(words: str) -> str:
    """The README's Python with these words in it."""
    found = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return next(text for text in found if words in text)


def test_the_first_process_runs(tmp_path: Path) -> None:
    """The README's first process bounces: its speed turns round within ten seconds."""
    script = tmp_path / "ball.py"
    script.write_text(
        source("class Ball")
        + "\n\nball = Ball()\n\n\nclass Watch(Process):\n"
        + "    def run(self, dt: float) -> None:\n"
        + "        if ball.velocity.x < 0:\n"
        + "            print('turned'), self.delete()\n\n\nWatch()\n"
    )
    run = metapython("run", script, "--headless", "--ticks", "600")
    assert (run.returncode, run.stdout, run.stderr) == (0, "turned\n", "")


def test_the_leaves_drift(tmp_path: Path) -> None:
    """The README's leaves are half a unit further after the first of 60 ticks a second."""
    pytest.importorskip("numpy")
    script = tmp_path / "leaves.py"
    script.write_text(
        source("Leaves")
        + "\n\nleaves = [Leaf(), Leaf(drift=Drift(60))]\nWind()\n\n\nclass Watch(Process):\n"
        + "    priority = -1\n\n"
        + "    def run(self, dt: float) -> None:\n"
        + "        print([round(leaf.transform.x, 6) for leaf in leaves]), self.delete()\n\n\nWatch()\n"
    )
    run = metapython("run", script, "--headless", "--ticks", "1")
    assert (run.returncode, run.stdout, run.stderr) == (0, "[0.5, 1.0]\n", "")
