"""Where the program says that a script is at fault."""

from pathlib import Path

from program import metapython


def test_a_library_that_raises_is_not_at_fault(tmp_path: Path) -> None:
    """An exception out of a library is told at the author's line that caused it."""
    script = tmp_path / "careless.py"
    script.write_text("import json\n\nDATA = json.loads('{bad')\n")
    run = metapython("run", script, "--headless")
    assert run.returncode == 1
    assert f"× {script}:3:8: json.decoder.JSONDecodeError: " in run.stderr, run.stderr
