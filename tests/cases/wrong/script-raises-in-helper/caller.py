"""A script whose helper fails."""

import fragile_helper
