"""What main needs."""


def greet(name):
    print("hello from", name)
