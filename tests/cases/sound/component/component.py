"""Chimes, and one who tells of them."""

from metapython import Process, Sound, machine


class Chime(Process):
    sound: Sound = Sound()


class Conductor(Process):
    def run(self, dt):
        if machine.tick in (2, 30, 58):
            for name in ("Chime", "Loop", "Missing"):
                if name in machine:
                    sound = machine[name].sound
                    print(f"{machine.tick}: {name} playing={sound.playing} finished={sound.finished}")
        if machine.tick == 20:
            machine["Loop"].sound.pan = 1
        if machine.tick == 32:
            machine["Chime"].sound.playing = True
        if machine.tick == 40:
            machine["Loop"].delete()
