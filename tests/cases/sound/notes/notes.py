"""Seven notes a second, each begun in the tick before it is heard; and one who hums and goes."""

from array import array

from metapython import Process, machine, sound

SPAN = 1 / 7


class Drummer(Process):
    def start(self):
        self.next = 0.0

    def run(self, dt):
        now = (machine.tick - 1) / machine.hz
        while self.next < now + dt:
            sound.tone(1000, 0.02, waveform="square", volume=0.3, delay=max(0.0, self.next - now))
            self.next += SPAN


class Hummer(Process):
    def start(self):
        self.stream = sound.stream(ahead=1, volume=0.5)
        self.stream.write(array("f", [n % 240 / 240 - 0.5 for n in range(36000)]))
        self.steps = 0

    def run(self, dt):
        if machine.tick == 10:
            self.delete()


Drummer()
Hummer()
