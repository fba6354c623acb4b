"""What the README shows works as it stands there."""

import re
from pathlib import Path

from program import ROOT, metapython


def test_the_first_process_runs(tmp_path: Path) -> None:
    """The README's first process bounces: its speed turns round within ten seconds."""
    source, _ = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    script = tmp_path / "ball.py"
    script.write_text(
        source
        + "\n\nball = Ball()\n\n\nclass Watch(Process):\n"
        + "    def run(self, dt: float) -> None:\n"
        + "        if ball.velocity.x < 0:\n"
        + "            print('turned'), self.delete()\n\n\nWatch()\n"
    )
    run = metapython("run", script, "--headless", "--ticks", "600")
    assert (run.returncode, run.stdout, run.stderr) == (0, "turned\n", "")
