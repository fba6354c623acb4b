"""Plays a file that says it has 40 seconds, and has half a second."""

from metapython import Process, machine, sound


class Player(Process):
    def run(self, dt):
        if machine.tick in (1, 40):
            self.voice = sound.play("cut_off.wav")
        if machine.tick in (39, 70):
            print("playing:", self.voice.is_playing)
