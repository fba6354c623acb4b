"""What is drawn follows from the seed of the machine, however it is drawn."""

from pathlib import Path

import pytest
from program import metapython

SCRIPT = """
import copy, pickle, random
from metapython import Process
{preparation}

class Drawer(Process):
    def run(self, dt):
        print(repr({drawn}))
"""

PYTHON = [
    "random.random()",
    "[random.random(), random.seed(), random.random()][-1]",
    "random.Random().random()",
    "[random.Random().random() for _ in range(2)]",
    "Mine().random()",
    "copy.copy(random.Random()).random()",
    "pickle.loads(pickle.dumps(random.Random())).random()",
]
NUMPY = [
    "np.random.rand()",
    "[np.random.rand(), np.random.seed(), np.random.rand()][-1]",
    "np.random.default_rng().random()",
    "np.random.RandomState().rand()",
    "np.random.Generator(np.random.PCG64()).random()",
    "np.random.Generator(np.random.MT19937()).random()",
    "np.random.SeedSequence().entropy",
    "np.random.default_rng(np.random.SeedSequence()).integers(1 << 60)",
    "default_rng().random()",
]
IMPORTS = "import numpy as np\nfrom numpy.random import default_rng"
MINE = "class Mine(random.Random): pass"


def draw(folder: Path, preparation: str, drawn: str, seed: int) -> list[str]:
    """Two ticks of a process that draws once a tick, then the digest."""
    script = folder / "drawer.py"
    script.write_text(SCRIPT.format(preparation=preparation, drawn=drawn))
    run = metapython("run", script, "--headless", "--ticks", "2", "--seed", str(seed), "--digest")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()


@pytest.mark.parametrize(
    ("preparation", "drawn"), [(MINE, drawn) for drawn in PYTHON] + [(IMPORTS, drawn) for drawn in NUMPY]
)
def test_what_is_drawn_follows_from_the_seed(tmp_path: Path, preparation: str, drawn: str) -> None:
    first, again, other = (draw(tmp_path, preparation, drawn, seed) for seed in (1, 1, 2))
    assert len(first) == 3 and first == again
    assert len({*first, *other}) == 6, "the same numbers twice"


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("random.Random(5).random()", "0.6229016948897019"),
        ("np.random.default_rng(5).random()", "0.8050029237453802"),
        ("np.random.RandomState(5).rand()", "0.22199317108973948"),
        ("isinstance(np.random.default_rng(), np.random.Generator)", "True"),
        ("type(pickle.loads(pickle.dumps(np.random.default_rng()))) is np.random.Generator", "True"),
        ("np.random.default_rng is default_rng and default_rng.__module__", "'numpy.random'"),
        ("type(random.Random()) is random.Random is type(copy.deepcopy(random.Random()))", "True"),
        ("random.SystemRandom().random() != random.SystemRandom().random()", "True"),
    ],
)
def test_all_else_is_as_python_has_it(tmp_path: Path, drawn: str, expected: str) -> None:
    first, second, _ = draw(tmp_path, IMPORTS, drawn, 1)
    assert first == second == expected


def test_a_script_that_only_asks_for_numpy_may_import_it_later(tmp_path: Path) -> None:
    asking = f"import importlib.util\nassert importlib.util.find_spec('numpy.random')\n{IMPORTS}"
    drawn = "default_rng().random()"
    assert draw(tmp_path, asking, drawn, 1)[:2] == draw(tmp_path, IMPORTS, drawn, 1)[:2]
