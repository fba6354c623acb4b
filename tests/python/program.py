"""Runs the program `metapython` as the tests' users do."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "debug" / "metapython"


def metapython(
    *arguments: str | Path,
    timeout: float = 120,
    stdin: str = "",
    folder: Path | None = None,
    before: Sequence[str] = (),
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run the program in the virtual environment of these tests; what it printed, and its status.

    `stdin` is what it can read, `folder` where it runs, if not in that of the tests, `before` what runs it. After `timeout`
    seconds it has hung.
    """
    return subprocess.run(
        [*before, PROGRAM, *arguments],
        env={**os.environ, "VIRTUAL_ENV": sys.prefix, **environment},
        input=stdin,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def readme_examples() -> dict[str, str]:
    """The Python that the README shows, one example under each heading."""
    readme = (ROOT / "README.md").read_text()
    sections = re.findall(r"^#+ (.*)\n((?:(?!#+ ).*\n)*)", readme, re.MULTILINE)
    found = {heading: re.findall(r"```python\n(.*?)```", text, re.DOTALL) for heading, text in sections}
    return {heading: "".join(sources) for heading, sources in found.items() if sources}
