"""A script with a dash."""
