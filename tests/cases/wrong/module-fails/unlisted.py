"""Imported because a class names it."""

SIZE = 1 / 0
