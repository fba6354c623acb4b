"""A tone that glides upwards, made in blocks of what there is room for; for a while none is made."""

import math
from array import array

from metapython import Process, machine, sound


class Siren(Process):
    def start(self):
        self.stream = sound.stream(ahead=0.15, volume=0.5, bus="siren")
        self.phase = 0.0

    def run(self, dt):
        if not 20 <= machine.tick < 32:
            self.stream.write(array("f", [self.next() for _ in range(self.stream.room)]))
        if machine.tick in (1, 19, 33):
            print(f"{machine.tick}: {self.stream.buffered:.3f} s ahead, {self.stream.underruns} gaps")
        if machine.tick == 50:
            self.stream.close()

    def next(self):
        self.phase += (300 + self.phase) / sound.sample_rate
        return math.sin(self.phase * math.tau)
