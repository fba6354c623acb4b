"""The tests that need a world: pytest itself runs inside of the program for them."""

from pathlib import Path

import pytest
from program import metapython

INSIDE = Path(__file__).parent / "inside"


@pytest.mark.parametrize("path", sorted(INSIDE.glob("test_*.py")), ids=lambda path: path.stem)
def test_inside(path: Path) -> None:
    """Every test of the file passes with the world at hand."""
    run = metapython("run", INSIDE / "session.py", "--headless", "--ticks", "1", INSIDE_TEST=str(path))
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout, run.stdout
