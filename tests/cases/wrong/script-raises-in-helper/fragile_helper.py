"""Fails when it is imported."""

VALUE = int("seven")
