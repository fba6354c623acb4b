"""A tenth of a second of each of two tones, then noise."""

from metapython import Process, machine, sound


class Player(Process):
    def run(self, dt):
        if machine.tick == 1:
            sound.tone(440, 0.1, pan=-1)
            self.voice = sound.tone(660, 1.0, waveform="square", volume=0.2, pan=1)
        if machine.tick == 6:
            self.voice.set_volume(0.1)
            sound.tone(1000, 0.05, waveform="noise")
        if machine.tick == 10:
            print("playing:", self.voice.is_playing)
            self.voice.stop()
        if machine.tick == 12:
            print("playing:", self.voice.is_playing)
