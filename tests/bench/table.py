"""`make bench`: each row beside its peers, measured in the same run, as one table.

    table.py PROGRAM [--json] [ROW...]

A benchmark prints what it measured as lines of JSON (`report.py`), and fails if the work that it
measured was wrong. Numbers never fail: they are for people to judge. The status is 1 if a row's work
was wrong or it could not be done.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

SCRIPTS = ("steps", "fields", "columns", "messages", "calls")
"""Those that run in the program, where peer and subject are in the same process."""

TICKS = "5000"
"""More than any of them takes: one that is held by a fault goes no further, and fails."""

CARGO = ("draw", "sleepers")
"""Those of the engine, in `engine/benches`."""


def command(row: str, program: Path) -> list[str | Path]:
    """What measures a row."""
    if row in CARGO:
        return ["cargo", "bench", "--quiet", "--locked", "-p", "metapython-engine", "--bench", row]
    return [program, "run", HERE / f"{row}.py", "--headless", "--ticks", TICKS]


def measure(row: str, program: Path) -> list[dict[str, Any]]:
    """What a benchmark measured; RuntimeError if its work was wrong."""
    environment = {**os.environ, "VIRTUAL_ENV": sys.prefix}
    run = subprocess.run(
        command(row, program), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if run.returncode != 0:
        raise RuntimeError(f"{row}: the work was wrong or could not be done, see above")
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]


def summary(measured: dict[str, Any]) -> dict[str, Any]:
    """Medians, and of each peer the median of the ratios of what was measured side by side."""
    (_, ours), *peers = measured["samples"].items()
    goal = measured["goal"]
    beside = {
        name: {"median": median(samples), "ratio": median(a / b for a, b in zip(ours, samples))}
        for name, samples in peers
    }
    first = next(iter(beside.values()))["ratio"]
    reached = median(ours) <= goal["most"] if "most" in goal else first <= goal["ratio"]
    return {
        "row": measured["row"],
        "unit": measured["unit"],
        "median": median(ours),
        "samples": len(ours),
        "beside": beside,
        "goal": goal,
        "reached": reached,
    }


def lines(row: dict[str, Any]) -> list[list[str]]:
    """A row as it is printed: a line for each peer."""
    goal = row["goal"]
    aim = f"<= {goal['most']:g} {row['unit']}" if "most" in goal else f"<= {goal['ratio']:g} x"
    table = []
    for number, (peer, beside) in enumerate(row["beside"].items()):
        ours = [row["row"], f"{row['median']:,.1f}", row["unit"]] if number == 0 else ["", "", ""]
        verdict = [aim, "yes" if row["reached"] else "no"] if number == 0 else ["", ""]
        table.append([*ours, peer, f"{beside['median']:,.1f}", f"{beside['ratio']:.3g} x", *verdict])
    return table


def print_table(rows: list[dict[str, Any]]) -> None:
    """All rows, aligned."""
    head = ["row", "median", "unit", "beside", "median", "ratio", "goal", "reached"]
    table = [head, *(line for row in rows for line in lines(row))]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    numbers = (1, 4, 5)
    for line in table:
        cells = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        )
        print("  ".join(cells).rstrip())


def main() -> int:
    """Measure what is asked for, print it, and return the exit status."""
    parser = argparse.ArgumentParser(description="Measure Metapython beside its peers.")
    parser.add_argument("program", type=Path, help="the program, as optimised as can be")
    parser.add_argument("rows", nargs="*", default=[*SCRIPTS, *CARGO], help="default: all")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    rows, problems = [], []
    for row in arguments.rows:
        if row not in (*SCRIPTS, *CARGO):
            parser.error(f"there is no row {row!r}; the rows are {', '.join((*SCRIPTS, *CARGO))}")
        print(f"{row} ...", file=sys.stderr)
        try:
            rows += map(summary, measure(row, arguments.program.resolve()))
        except RuntimeError as error:
            problems.append(str(error))
    print(json.dumps(rows, indent=2)) if arguments.json else print_table(rows)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
