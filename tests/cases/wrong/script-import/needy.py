"""A script that needs what is not there."""

import surely_not_installed
