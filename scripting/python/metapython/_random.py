"""Every random source of Python: seeded alike, and written down for digests.

What follows from the seed of the machine: the functions of `random` and of `numpy.random`, and every
generator that is made or seeded without a seed of its own, whichever way: `random.Random()`,
`default_rng()`, `RandomState()`, `PCG64()`, `SeedSequence()`. No class is replaced: only where they
would ask the operating system for entropy do they ask here, in the order in which they are made.

What does not, as it is there to be unforeseeable: `os.urandom` and what is made of it, that is
`secrets`, `uuid.uuid4` and `random.SystemRandom`. Nor does the C class `_random.Random` by itself,
or what other threads draw, in their own time, from a generator that they share.
"""

from __future__ import annotations

import functools
import random
import sys
from typing import Any

#: Entropy for generators without a seed, in bits, as much as Python's own generator has use for.
SEED_BITS = 19_937

#: Where generators without a seed get theirs from.
entropy = random.Random(0)

#: How `random.Random` seeds itself, but for the lack of a seed.
seed_random = random.Random.seed


def seed(value: int) -> None:
    """Seed `random` now, and `numpy.random` now or as soon as NumPy is imported."""
    seed_random(entropy, f"metapython {value}")
    random.Random.seed = seed_or_draw  # type: ignore[method-assign]
    # The module's functions are methods of one generator, bound before.
    random.seed = random._inst.seed
    random.seed(value)
    if "numpy.random" in sys.modules:
        seed_numpy(sys.modules["numpy.random"], value)
    else:
        sys.meta_path.insert(0, NumpySeeder(value))


@functools.wraps(seed_random)
def seed_or_draw(self: random.Random, a: Any = None, version: int = 2) -> None:
    seed_random(self, entropy.getrandbits(SEED_BITS) if a is None else a, version)


def seed_numpy(numpy_random: Any, value: int) -> None:
    """Seed the functions of `numpy.random`, and all that is made there without a seed.

    The module is passed, because while NumPy is being imported it is no attribute of it yet.
    """
    # All of NumPy's entropy comes through this one name, which is `secrets.randbits`.
    numpy_random.bit_generator.randbits = entropy.getrandbits
    numpy_random.seed(value % 2**32)


class NumpySeeder:
    """Seeds NumPy when it has been imported."""

    def __init__(self, value: int) -> None:
        self.value = value

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """Find `numpy.random` as all others would, and stay until it has been executed."""
        if name != "numpy.random":
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next(filter(None, specs), None)
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            loader.exec_module = execute
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            seed_numpy(module, self.value)

        loader.exec_module = exec_module
        return spec


def restore(states: dict[str, Any]) -> None:
    """Have the generators that scripts share go on from the states that `state` returned."""
    random.setstate(states["random"])
    entropy.setstate(states["entropy"])
    if "numpy" in states:
        numpy_random: Any = sys.modules["numpy.random"]
        numpy_random.set_state(states["numpy"])


def state() -> dict[str, Any]:
    """The states of the generators that scripts share, as plain data."""
    states: dict[str, Any] = {"random": random.getstate(), "entropy": entropy.getstate()}
    numpy_random: Any = sys.modules.get("numpy.random")
    if numpy_random is not None:
        states["numpy"] = numpy_random.get_state(legacy=True)
    return states
