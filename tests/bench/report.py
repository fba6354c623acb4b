"""How a benchmark tells what it measured: a line of JSON for each row of the table."""

import json


def report(row: str, unit: str, goal: dict[str, float], samples: dict[str, list[float]]) -> None:
    """Print a row: samples of ours first, then of its peers, taken by turns.

    `goal` says what is aimed for: `ratio`, to the first peer at most, or `most`, of the unit.
    """
    print(json.dumps({"row": row, "unit": unit, "goal": goal, "samples": samples}), flush=True)
