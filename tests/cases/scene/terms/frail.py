"""Processes that say how they are stepped, and fail in their second step."""

from metapython import Process, Restart


class Frail(Process):
    restart = Restart(limit=5)
    memory_size = 10
    steps: int = 0

    def start(self):
        terms = self.priority, self.interval, self.missed, self.restart, self.memory_size
        print(self.instance_name, *terms)

    def run(self, dt):
        self.steps += 1
        if self.steps == 2:
            raise ValueError("frail")
