"""Compares the stub of `_native` with the module in this program."""

import sys

from metapython import Process, machine
from mypy import stubtest

sys.path.insert(0, sys.modules["metapython"].__path__[0] + "/..")
options = stubtest.parse_options(["metapython._native", "--mypy-config-file", "pyproject.toml", "--concise"])
machine.stop(stubtest.test_stubs(options))


class Idle(Process):
    pass


Idle()
