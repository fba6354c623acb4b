"""The tests that need many ticks of a world: in the program each is the coroutine of a process."""

from pathlib import Path

import pytest
from program import metapython

TICKING = Path(__file__).parent / "ticking"


@pytest.mark.parametrize("path", sorted(TICKING.glob("test_*.py")), ids=lambda path: path.stem)
def test_ticking(path: Path) -> None:
    """Every test of the file passes in the ticks that it takes."""
    arguments = ("run", TICKING / "session.py", "--headless", "--step-limit", "30")
    run = metapython(*arguments, TICKING_TEST=str(path))
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout, run.stdout
