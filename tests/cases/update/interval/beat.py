from metapython import Process, machine

BEAT = """
class Beat(Process):
    interval = {interval}
    count: int = 0

    def run(self, dt):
        self.count += 1
        print(f"{{machine.time:.3f}} {{dt:.3f}} {name} {{self.count}}")
"""


class Beat(Process):
    interval = 0.3
    count: int = 0

    def run(self, dt):
        self.count += 1
        print(f"{machine.time:.3f} {dt:.3f} old {self.count}")


class Writer(Process):
    def run(self, dt):
        if machine.tick in (25, 26, 50):
            machine.update(Beat, BEAT.format(interval=0.3, name="new"))
        if machine.tick == 90:
            machine.update(Beat, BEAT.format(interval=0.5, name="slow"))


Beat()
Writer()
