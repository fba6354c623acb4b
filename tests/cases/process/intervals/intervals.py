"""Steps counted over a second of 60 ticks."""

from metapython import Process, machine


class Counter(Process):
    steps: int = 0
    elapsed: float = 0.0
    shortest: float = 9.0
    longest: float = 0.0

    def run(self, dt):
        self.steps += 1
        self.elapsed += dt
        self.shortest = min(self.shortest, dt)
        self.longest = max(self.longest, dt)


class Report(Process):
    priority = -1

    def run(self, dt):
        if machine.tick == 60:
            for process in machine.processes[:-1]:
                print(
                    process.instance_name,
                    process.steps,
                    f"{process.elapsed:.4f} {process.shortest:.5f} {process.longest:.5f}",
                )


for name, interval in {
    "EveryTick": 0,
    "TwiceATick": 1 / 120,
    "SixTimesATick": 1 / 360,
    "EverySecondTick": 1 / 30,
    "EveryThirdTick": 0.05,
    "OncePerSecond": 1.0,
    "Never": 60,
}.items():
    Counter(instance_name=name, interval=interval)
Report()
