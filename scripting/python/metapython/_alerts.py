"""Alerts as `machine.alerts` gives them."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["error", "v", "vv", "vvv", "vvvv"]
"""How loud an alert is: the more v, the fewer want to see it."""


class Alert(NamedTuple):
    """An alert that was raised."""

    time: float
    """Simulation time, seconds."""

    source: str
    """The instance name of the process, the name of the logger, or a part of the engine."""

    level: Level
    text: str
