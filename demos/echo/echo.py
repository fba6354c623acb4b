"""What the microphone hears comes back later, and both can be seen; without one a recording is heard."""

from collections import deque
from pathlib import Path

from metapython import Label, Process, Shape, Transform, input, machine, sound, window

CYAN, ORANGE, RED = "#5fd4ff", "#ff9e6b", "#ff5a6a"
BRIGHT, DIM, PANEL, EDGE = "#e6eef7", "#7f93a8", "#111a26", "#22324a"

LEFT, WIDTH = 32, 690
"""Where the waves are drawn, px."""
COLUMN = 3.0
"""Between two ticks of a wave, px."""
METER = 752

VOICES = {"1": "echo", "2": "cave", "3": "telephone"}


class Echo(Process):
    """Takes what is heard to the bus that has the echo, and obeys the keys."""

    delay: float = 0.5
    feedback: float = 0.5
    voice: str = "echo"
    is_shut: bool = False

    def start(self) -> None:
        self.microphone = sound.capture(otherwise="sounds/voice.wav")
        self.stream = sound.stream(ahead=0.1, bus="echo")
        self.bus = sound.bus("echo")
        self.recordings = 0
        self.heard = self.create(Wave, 152, CYAN, "heard")
        self.returned = self.create(Wave, 306, ORANGE, "coming back")
        self.peaks: deque[float] = deque([0.0] * 600, maxlen=600)
        self.marker = self.create(Box, LEFT, 152 - 62, 1, 124, ORANGE, 3)
        self.ago = self.create(Text, LEFT, 152 - 50, 12, ORANGE, "right")
        self.create(Text, LEFT, 40, 26, BRIGHT, text="Echo")
        self.device = self.create(Text, LEFT, 62, 14, DIM)
        self.settings = self.create(Text, window.width - 26, 40, 18, ORANGE, "right")
        self.state = self.create(Text, window.width - 26, 62, 14, DIM, "right")
        keys = "Up Down  how late     Left Right  how much     1 echo  2 cave  3 telephone"
        self.create(Text, LEFT, 422, 14, BRIGHT, text=keys)
        self.create(Text, LEFT, 446, 14, DIM, text="Space  shut the microphone     R  record     Esc  leave")
        self.set_effects()

    def run(self, dt: float) -> None:
        self.obey()
        block = self.microphone.read()
        if self.is_shut:
            peak = 0.0
        else:
            self.stream.write(block)
            peak = self.microphone.peak
        self.show(peak)

    def obey(self) -> None:
        """Do what the keys say."""
        if input.was_pressed("Escape"):
            machine.stop()
        later = input.was_pressed("Up") - input.was_pressed("Down")
        more = input.was_pressed("Right") - input.was_pressed("Left")
        voices = [voice for key, voice in VOICES.items() if input.was_pressed(key)]
        if later or more or voices:
            self.delay = min(max(self.delay + 0.05 * later, 0.05), 2.0)
            self.feedback = min(max(self.feedback + 0.05 * more, 0.0), 0.9)
            self.voice = voices[0] if voices else self.voice
            self.set_effects()
        if input.was_pressed("Space"):
            self.is_shut = not self.is_shut
        if input.was_pressed("R"):
            self.record()

    def set_effects(self) -> None:
        """Have the bus do what comes back."""
        self.bus.delay(self.delay, feedback=self.feedback, mix=0.45)
        self.bus.reverb(0.85 if self.voice == "cave" else None)
        self.bus.low_pass(1_400 if self.voice == "telephone" else None, resonance=1.5)

    def record(self) -> None:
        """Begin or end a recording, under a name that no file has."""
        if self.microphone.is_recording:
            self.microphone.stop_recording()
            return
        while True:
            self.recordings += 1
            path = Path(f"echo-{self.recordings}.wav")
            try:
                # Takes the name, as another echo may look for one at the same time.
                path.touch(exist_ok=False)
                self.microphone.record(path)
            except FileExistsError:
                continue
            except OSError as error:
                self.alert("cannot record: {}", error)
            return

    def show(self, peak: float) -> None:
        """Draw what is heard, and what comes back of it: the delay's own, seen from outside."""
        self.heard.take(peak)
        self.peaks.appendleft(peak)
        late, back, loudness = round(self.delay * 60), 0.0, 0.45
        for ago in range(late, len(self.peaks), late):
            back += loudness * self.peaks[ago]
            loudness *= self.feedback
        self.returned.take(min(back, 1.0))
        at = LEFT + WIDTH - late * COLUMN
        self.marker.transform.x = max(at, LEFT)
        self.ago.transform.x = max(at, LEFT + 90) - 6
        self.ago.label.text = f"{self.delay:.2f} s ago"
        device = self.microphone.device
        heard = f"listening to {device}" if device else "no microphone is there: this is a recording"
        self.device.label.text = "the microphone is shut" if self.is_shut else heard
        self.settings.label.text = f"{self.voice}   {self.delay:.2f} s   {self.feedback:.0%}"
        is_recording = self.microphone.is_recording
        self.state.label.text = f"recording echo-{self.recordings}.wav" if is_recording else "how late, and how much comes back"
        self.state.label.color = RED if is_recording else DIM


class Text(Process):
    """A line of text that stays where it is."""

    interval = 3_600
    transform: Transform
    label: Label

    def __init__(self, x: float, y: float, size: float, color: str, align: str = "left", text: str = "") -> None:
        self.transform = Transform(x=x, y=y)
        self.label = Label(text=text, size=size, color=color, align=align)


class Box(Process):
    """A rectangle by its left top corner."""

    interval = 3_600
    transform: Transform
    shape: Shape

    def __init__(self, x: float, y: float, width: float, height: float, color: str, layer: int, outline: float = 0) -> None:
        self.transform = Transform(x=x + width / 2, y=y + height / 2)
        self.shape = Shape.rectangle(width, height, color=color, layer=layer, outline=outline)


class Wave(Process):
    """How loud it was in each tick, the latest on the right, and a meter of now."""

    interval = 3_600
    half_height: float = 62.0
    transform: Transform
    shape: Shape

    def __init__(self, y: float, color: str, name: str) -> None:
        self.transform = Transform(x=LEFT, y=y)
        self.shape = Shape.line([(0, 0), (1, 0)], color=color, thickness=COLUMN + 0.5, layer=2)
        self.peaks: deque[float] = deque([0.0] * int(WIDTH / COLUMN), maxlen=int(WIDTH / COLUMN))
        top, height = y - self.half_height, 2 * self.half_height
        for x, width in ((LEFT - 8, WIDTH + 16), (METER - 8, 32)):
            self.create(Box, x, top - 4, width, height + 8, PANEL, -2)
            self.create(Box, x, top - 4, width, height + 8, EDGE, -1, 1)
        self.create(Text, LEFT, top + 14, 12, color, text=name)
        self.meter = self.create(Box, METER, y, 16, 1, color, 2)
        self.level = 0.0

    def take(self, peak: float) -> None:
        """Move on by a tick."""
        self.peaks.append(peak)
        points: list[tuple[float, float]] = []
        side = 1
        for index, value in enumerate(self.peaks):
            x, reach = index * COLUMN, max(value * self.half_height * 0.95, 0.5)
            points += [(x, -side * reach), (x, side * reach)]
            side = -side
        self.shape.points = points
        self.level = max(peak, self.level * 0.92)
        height = max(2 * self.half_height * self.level, 1.0)
        self.meter.shape.height = height
        self.meter.transform.y = self.transform.y + self.half_height - height / 2
