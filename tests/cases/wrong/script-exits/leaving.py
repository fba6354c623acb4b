"""A script that gives up."""

import sys

sys.exit("this script wants a joystick")
