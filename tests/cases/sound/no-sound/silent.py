"""Plays what cannot be played."""

from metapython import Process, machine, sound


class Player(Process):
    def run(self, dt):
        voice = sound.play("broken.wav")
        voice.set_volume(0.5)
        sound.play("missing.ogg")
        print(machine.tick, "playing:", voice.is_playing)
