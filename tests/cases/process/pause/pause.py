"""One sleeps for three ticks, the other wakes it."""

from metapython import Process, machine


class Sleeper(Process):
    def run(self, dt):
        print(machine.tick, "Sleeper after", round(dt * 60), "ticks")
        if machine.tick == 1:
            self.pause()


class Waker(Process):
    def run(self, dt):
        if machine.tick == 4:
            print(machine.tick, "paused:", machine["Sleeper"].is_paused)
            machine["Sleeper"].resume()
