from metapython import Process


class Needy(Process):
    def __init__(self, x: float) -> None:
        self.x = x
