from metapython import Process


class Thing(Process):
    """Stands where the scene puts it."""
