"""The digest tells states apart, and equal ones never: in runs of their own, where addresses differ."""

from pathlib import Path

import pytest
from program import metapython

SCRIPT = """
import numpy as np
from collections import deque
from metapython import Instruction, Process, Transform

class Thing:
    def __init__(self, *links):
        self.links = links

class Holder(Process):
    __slots__ = ("slot",)
    transform: Transform = Transform()

    def run(self, dt):
        {statement}

Holder()
"""


def digest(folder: Path, statement: str) -> str:
    """The digest after two ticks of a process that executes the statement."""
    script = folder / "holder.py"
    script.write_text(SCRIPT.format(statement=statement))
    run = metapython("run", script, "--headless", "--ticks", "2", "--digest")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("self.a = deque([1])", "self.a = deque([2])"),
        ("self.slot = 1", "self.slot = 2"),
        ("self.a = 10 ** 5000", "self.a = 10 ** 5000 + 1"),
        ("self.a = np.array([1, 2])", "self.a = np.array([1, 3])"),
        ("self.a = np.zeros((2, 3))", "self.a = np.zeros((3, 2))"),
        ("self.a = np.zeros(1, 'i4')", "self.a = np.zeros(1, 'u4')"),
        ("self.a = np.zeros(4)[::2]", "self.a = np.zeros(4)[::-1]"),
        ("self.a = np.array([Thing(1), {Thing(2)}])", "self.a = np.array([Thing(1), {Thing(3)}])"),
        ("self.a = np.array([(1, 2)], 'i1, f8')", "self.a = np.array([(1, 3)], 'i1, f8')"),
        ("self.a = np.array(['2000'], 'M8[Y]')", "self.a = np.array(['2001'], 'M8[Y]')"),
        ("self.a = np.float64(1)", "self.a = np.float32(1)"),
        ("self.a = np.random.default_rng(1)", "self.a = np.random.default_rng(2)"),
        ("self.a = np.random.RandomState(1)", "self.a = np.random.RandomState(2)"),
        ("self.a = np.ma.array([1, 2], mask=[0, 1])", "self.a = np.ma.array([1, 2], mask=[1, 0])"),
        ("self.a = np, np.sin, self, object()", "self.a = np, np.cos, self, object()"),
        ("self.a = {Thing(n) for n in range(99)}", "self.a = {Thing(n) for n in range(98)}"),
        ("Instruction('Holder', 'jump', Thing(1)).execute(9)", "Instruction('Holder', 'jump', Thing(2)).execute(9)"),
        ("Instruction('Holder', 'jump', by=1).execute(9)", "Instruction('Holder', 'jump', by=2).execute(9)"),
        ("Instruction('Holder', 'jump', self.transform).execute(9)", "Instruction('Holder', 'jump').execute(9)"),
        ("self.a = Instruction('Holder', 'jump', 1)", "self.a = Instruction('Holder', 'jump', 2)"),
    ],
)
def test_states_are_told_apart(tmp_path: Path, statement: str, other: str) -> None:
    first = digest(tmp_path, statement)
    assert first == digest(tmp_path, statement)
    assert first != digest(tmp_path, other)


@pytest.mark.parametrize(
    ("statement", "other"),
    [
        ("self.a = np.array([np.nan, 0.0])", "self.a = np.array([-np.nan, -0.0])"),
        ("self.a = np.zeros(2)[::-1]", "self.a = np.zeros(4)[::2]"),
        ("self.a = {Thing(n) for n in range(99)}", "self.a = {Thing(n) for n in reversed(range(99))}"),
    ],
)
def test_equal_states_are_equal(tmp_path: Path, statement: str, other: str) -> None:
    assert digest(tmp_path, statement) == digest(tmp_path, other)


COROUTINE = """
from metapython import Instruction, Process, next_tick, sleep

class Walker(Process):
    async def run(self):
        {body}
        await sleep(50)

    async def helper(self, number):
        await sleep(50)

class Other(Process):
    async def run(self):
        await sleep(1000)

Other()
Walker()
"""


def digest_of_coroutine(folder: Path, body: str) -> str:
    script = folder / "walker.py"
    script.write_text(COROUTINE.format(body=body))
    run = metapython("run", script, "--headless", "--ticks", "5", "--digest")
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("body", "other"),
    [
        # Where it is.
        ("if True: await sleep(50)", "if not True: await sleep(50)"),
        ("await sleep(50); await next_tick()", "await next_tick(); await sleep(50)"),
        # What it has.
        ("number = 1; await sleep(50)", "number = 2; await sleep(50)"),
        ("await self.helper(1)", "await self.helper(2)"),
        ("await self.helper(1)", "await sleep(50)"),
        # What it waits for.
        ("await sleep(50)", "await sleep(51)"),
        ("await self.message()", "await self.message(50)"),
        ("await self.message()", "await sleep(50)"),
    ],
)
def test_where_a_coroutine_is_belongs_to_the_state(tmp_path: Path, body: str, other: str) -> None:
    first = digest_of_coroutine(tmp_path, body)
    assert first == digest_of_coroutine(tmp_path, body)
    assert first != digest_of_coroutine(tmp_path, other)
