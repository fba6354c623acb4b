"""What is heard is heard again, as arrays; another process gets it as messages."""

from array import array

from metapython import Process, machine, sound


class Echo(Process):
    def start(self):
        self.microphone = sound.capture(channels=2)
        self.stream = sound.stream(ahead=0.1, volume=0.5)
        self.silent = sound.capture(otherwise="tick.wav")

    def run(self, dt):
        block = self.microphone.read()
        self.stream.write(block)
        if machine.tick in (1, 2, 3, 40):
            peak = max((abs(value) for value in memoryview(block).cast("B").cast("f")), default=0)
            print(f"{machine.tick}: {type(block).__name__} {block.shape} from {self.microphone.device}, {peak:.3f}")
        if machine.tick == 10:
            print(f"{self.silent.waiting} samples wait, {self.silent.read(100).shape} are read")
            print(f"{self.silent.waiting} are left, the peak is {self.microphone.peak:.3f}")
            self.silent.close()
            print(f"closed: {self.silent.is_closed}, {len(self.silent.read())} samples")


class Listener(Process):
    def start(self):
        sound.capture("cellar", to=self, block=1000)

    def run(self, dt):
        for message in self.read_messages():
            values = array("f", message)
            if machine.tick < 8:
                print(f"{machine.tick}: {len(values)} values, the loudest {max(values):.3f}")


Echo()
Listener()
