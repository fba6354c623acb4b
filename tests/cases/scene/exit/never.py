"""A script that is not reached."""

print("never")
