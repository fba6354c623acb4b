"""A script that only prints."""

print("hello")
