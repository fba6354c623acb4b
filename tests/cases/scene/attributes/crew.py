"""Who is on board."""

from metapython import Process, Shape, Transform, window


class Sailor(Process):
    transform: Transform = Transform(x=1, y=2)
    keys: tuple = ()
    strength: float = 1.0
    tools: list = []
    pockets: dict = {}
    nickname: str | None = "salt"

    def start(self):
        print(self.instance_name, self.priority, self.interval)
        print(" ", self.transform.x, self.transform.y, self.transform.rotation)
        print(" ", self[Shape].radius if Shape in self else "no shape")
        print(" ", self.keys, self.strength, self.tools, self.pockets, self.nickname)
        print(" ", [child.instance_name for child in self.children])
        self.tools.append("hook")


class Parrot(Process):
    def start(self):
        print(self.instance_name, "of", self.parent.instance_name, "in", window.title, window.width)
