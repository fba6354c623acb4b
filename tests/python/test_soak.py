"""A million ticks of trouble: no innocent is harmed, and memory stays flat."""

import json
from pathlib import Path

from program import metapython

TOWN = Path(__file__).parent / "soak" / "town.py"
TICKS = 1_000_000
HZ = 60

FLICK = 705_600_000
"""The machine's units of time in a second."""


def steps(interval: float) -> int:
    """How many steps a process makes that is created before the first tick, and first stepped in it."""
    first = min(FLICK // HZ, round(interval * FLICK))
    return 1 + (TICKS * FLICK // HZ - first) // round(interval * FLICK)


def test_a_million_ticks() -> None:
    """Each innocent process makes exactly the steps that are its due, while others fail beside it."""
    environment = {"SOAK_TICKS": str(TICKS)}
    run = metapython("run", TOWN, "--headless", "--ticks", str(TICKS + 1), timeout=600, **environment)
    found = json.loads(run.stdout)
    innocent = found["innocent"]
    # Nothing was wrong, and nobody was held.
    assert {name: tuple(rest) for name, (_, *rest) in innocent.items()} == dict.fromkeys(innocent, (0, None))
    counts = {name: count for name, (count, *_) in innocent.items()}
    assert counts["Every"] == TICKS
    for name, interval in (("Fast", 0.013), ("Odd", 0.123), ("Slow", 3.7)):
        assert counts[name] == steps(interval), name
    # Its first sleep begins with the first tick.
    assert counts["Sleeper"] == (TICKS - 1) * FLICK // HZ // round(0.37 * FLICK)
    # What was sent in the last tick is not read yet, nor what waits while the reader sleeps.
    assert 0 <= counts["Writer"] - counts["Reader"] <= 4
    assert counts["Writer"] + found["refused"] == steps(1 / 3) and found["refused"] > 100
    assert counts["Asker"] > TICKS / HZ / 1.1
    # There was trouble.
    assert found["created"] > TICKS / 200
    for text in ("held: ValueError", "restarted (1 of 2", "held: MailboxFull", "overran"):
        assert text in run.stderr, text
    memory = {int(tick): size for tick, size in found["memory"]}
    assert memory[TICKS] - memory[TICKS // 5] < 1 << 20, memory
