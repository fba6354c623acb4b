"""The types that authors' editors see are those of the program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from program import ROOT, metapython, readme_examples

CACHE = os.environ.get("MYPY_CACHE_DIR", str(ROOT / "target" / "mypy_cache"))


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--cache-dir", CACHE, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_package_is_typed() -> None:
    """The package passes mypy's strict checks."""
    check = mypy("-p", "metapython")
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("demo", sorted(ROOT.glob("demos/*/*.py")), ids=lambda path: path.stem)
def test_demos_are_typed(demo: Path) -> None:
    """A demo, an author's code, passes mypy's strict checks."""
    check = mypy(str(demo))
    assert check.returncode == 0, check.stdout


def test_the_readme_is_typed(tmp_path: Path) -> None:
    """The README's examples, which authors copy, pass mypy's strict checks."""
    for number, source in enumerate(readme_examples().values()):
        (tmp_path / f"example{number}.py").write_text(source)
    check = mypy("--warn-unused-ignores", *map(str, tmp_path.iterdir()))
    assert check.returncode == 0, check.stdout


def test_declared_components_are_typed() -> None:
    """Type checkers know the fields and the constructor of a component that a script declares."""
    check = mypy("--warn-unused-ignores", "tests/python/typed/components.py")
    assert check.returncode == 0, check.stdout


def test_stubs_are_those_of_the_binary() -> None:
    """What the stub of `_native` says is what the program's module has."""
    script = Path(__file__).parent / "inside" / "stubtest.py"
    run = metapython("run", script, "--headless", "--ticks", "1")
    assert run.returncode == 0, run.stdout + run.stderr
