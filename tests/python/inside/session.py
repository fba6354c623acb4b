"""A script that runs one file of tests in the program, while the world is lent to Python."""

import os
import sys

import pytest
from metapython import Process, machine

status = pytest.main(["-q", "-p", "no:cacheprovider", "--import-mode=importlib", os.environ["INSIDE_TEST"]])
sys.stdout.flush()
machine.stop(int(status))


class Idle(Process):
    """Something for the machine to do in the one tick it turns."""


Idle()
