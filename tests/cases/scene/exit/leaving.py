"""A script that gives up."""

raise SystemExit(7)
