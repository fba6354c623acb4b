"""Every random source of Python: seeded alike, and written down for digests."""

from __future__ import annotations

import random
import sys
from typing import Any


def seed(value: int) -> None:
    """Seed `random` now, and `numpy.random` now or as soon as NumPy is imported."""
    random.seed(value)
    if "numpy.random" in sys.modules:
        seed_numpy(value)
    else:
        sys.meta_path.insert(0, NumpySeeder(value))


def seed_numpy(value: int) -> None:
    """Seed NumPy's global generator, and give generators without a seed one that follows from it."""
    # The package `numpy` has no attribute `random` while that is still being imported.
    numpy_random: Any = sys.modules["numpy.random"]
    numpy_random.seed(value % 2**32)
    make = numpy_random.default_rng
    sequence = numpy_random.SeedSequence(value)

    def default_rng(seed: Any = None) -> Any:
        return make(sequence.spawn(1)[0] if seed is None else seed)

    default_rng.__doc__ = make.__doc__
    numpy_random.default_rng = default_rng


class NumpySeeder:
    """Seeds NumPy when it has been imported."""

    def __init__(self, value: int) -> None:
        self.value = value

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != "numpy.random":
            return None
        sys.meta_path.remove(self)
        import importlib.util

        spec = importlib.util.find_spec(name)
        loader = spec.loader if spec is not None else None
        if loader is None:
            return None
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            seed_numpy(self.value)

        loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def state() -> dict[str, Any]:
    """The states of the generators that scripts share, as plain data."""
    states: dict[str, Any] = {"random": random.getstate()}
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        states["numpy"] = numpy_random.get_state(legacy=True)
    return states
