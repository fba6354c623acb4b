"""A process that counts its ticks, and the first ends after thirty."""

from metapython import Process


class Counter(Process):
    count = 0

    def run(self, dt: float) -> None:
        self.count += 1
        if self.count == 30 and self.instance_name == "Counter":
            self.delete()

    def total(self) -> int:
        return self.count

    def fail(self) -> None:
        raise ValueError("as it was told")


Counter()
Counter()
