"""A bright tone on a dull bus, a beep with echoes, and one that nobody hears."""

from metapython import Process, machine, sound


class Player(Process):
    def start(self):
        self.music = sound.bus("music")
        print(self.music, self.music.volume, self.music.effects["low_pass"]["cutoff"])
        self.voice = sound.tone(220, 10, waveform="sawtooth", volume=0.4, bus="music")
        sound.tone(880, 0.05, volume=0.3, bus="effects")
        sound.tone(1000, 10, bus="hidden")

    def run(self, dt):
        if machine.tick == 20:
            self.music.fade_to(0, 0.25)
        if machine.tick == 30:
            print("in the fade:", round(self.music.volume, 3))
        if machine.tick == 40:
            self.music.volume = 0.3
            self.music.low_pass(None)
            self.music.reverb(0.8, mix=0.5)
            self.voice.fade_to(0.1, 0.25)
        if machine.tick == 60:
            self.voice.stop(fade_out=0.2)
            print("playing:", self.voice.is_playing, sorted(self.music.effects))
