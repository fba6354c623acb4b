"""A script that fails in a function of its own."""


def load(name):
    return parse({"name": name})


def parse(settings):
    return settings["size"]


SIZE = load("ball")
