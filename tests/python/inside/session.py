"""A script that runs one file of tests in the program, while the world is lent to Python."""

import os
import sys

import pytest
from metapython import Process, machine

# What is logged goes to the machine here, not to pytest.
options = ["-q", "-p", "no:cacheprovider", "-p", "no:logging", "--import-mode=importlib"]
status = pytest.main([*options, os.environ["INSIDE_TEST"]])
sys.stdout.flush()
machine.stop(int(status))


class Idle(Process):
    """Something for the machine to do in the one tick it turns."""


Idle()
