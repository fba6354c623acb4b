"""A process that looks at what it is given."""

from metapython import Process, Shape, Transform


class Seer(Process):
    transform: Transform = Transform(x=1, y=2, rotation=3)

    def __init__(self, size=1):
        print("in __init__", self.transform, self[Shape].radius if Shape in self else None, size)
        self.transform.y = 5

    def start(self):
        print("in start", self.transform)


class Heir(Seer):
    """Has its __init__ from its base, and what that takes."""
