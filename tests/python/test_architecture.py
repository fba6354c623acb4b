"""ARCHITECTURE.md is a map of what there is."""

import re

import pytest
from program import ROOT

ROOMS = {
    "engine": ("engine/src", "*.rs", {"lib"}),
    "scripting": ("scripting/src", "*.rs", {"lib"}),
    "scripting/python/metapython": ("scripting/python/metapython", "*.py", {"__init__"}),
}
"""For each table of rooms: where the modules are, and those that only list the others."""


@pytest.mark.parametrize("place", ROOMS)
def test_every_module_has_its_room(place: str) -> None:
    """Each module stands in the table of its rooms once, and no other does."""
    folder, pattern, lists = ROOMS[place]
    modules = {path.stem for path in (ROOT / folder).glob(pattern)} - lists
    section = (ROOT / "ARCHITECTURE.md").read_text().partition(f"## Rooms of `{place}`\n")[2].partition("\n## ")[0]
    rooms = [name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)]
    assert sorted(rooms) == sorted(modules)
