"""A synthesizer to play: a keyboard, a sequencer whose tracks are processes, effects, and a scope."""

import math
from collections.abc import Callable
from typing import Literal

from metapython import Label, Process, Scope, Shape, Transform, Voice, input, machine, sound

INK, FAINT, PANEL, GROOVE = "#dfe6f3", "#7d8aa5", "#171c29", "#222a3b"
AMBER, CYAN, ROSE, LIME, VIOLET = "#ffb454", "#5ad1e6", "#f2789f", "#a5dd84", "#b394ff"

LOWER, UPPER = "Z S X D C V G B H N J M".split(), "Q 2 W 3 E R 5 T 6 Y 7 U I 9 O 0 P".split()
"""The keys that play, by their place on an American keyboard, from C upwards by semitones."""

Waveform = Literal["sine", "square", "triangle", "sawtooth", "noise"]

WAVES: dict[Waveform, Callable[[float], float]] = {
    "sine": lambda at: math.sin(math.tau * at),
    "triangle": lambda at: 1 - 4 * abs((at + 0.25) % 1 - 0.5),
    "square": lambda at: 1.0 if at < 0.5 else -1.0,
    "sawtooth": lambda at: 2 * ((at + 0.5) % 1) - 1,
}
"""The waves that the keys can have, as functions of the part of a turn."""

BLACK = {1, 3, 6, 8, 10}
"""The semitones of an octave that have black keys."""


def hertz(note: float) -> float:
    """The frequency of a note, by its MIDI number: 69 is the concert pitch A."""
    return 440.0 * 2 ** ((note - 69) / 12)


class Box(Process):
    """A rectangle that can be clicked; it comes to life only through whoever made it."""

    interval = 3600.0
    transform: Transform
    shape: Shape

    def __init__(self, left: float, top: float, width: float, height: float, color: str, layer: int = 0) -> None:
        self.transform.x, self.transform.y = left + width / 2, top + height / 2
        self.shape = Shape.rectangle(width, height, color=color, layer=layer)
        self.area = left, top, left + width, top + height

    def is_under_mouse(self) -> bool:
        left, top, right, bottom = self.area
        return left <= input.mouse_x < right and top <= input.mouse_y < bottom

    def is_clicked(self) -> bool:
        return input.button_was_pressed("left") and self.is_under_mouse()


class Text(Process):
    """A line of text."""

    interval = 3600.0
    transform: Transform
    label: Label

    def __init__(
        self, x: float, y: float, text: str, color: str = FAINT, size: float = 12, align: str = "center"
    ) -> None:
        self.transform.x, self.transform.y = x, y
        self.label = Label(text, size=size, color=color, align=align, layer=9)


class Header(Process):
    """The title, and what to press; Escape leaves."""

    def start(self) -> None:
        self.create(Text, 24, 32, "SYNTH", INK, 26, "left")
        hints = "two rows of keys play     Up / Down  octave     Space  start, stop     mouse  everything"
        self.create(Text, 936, 34, hints, FAINT, 12, "right")

    def run(self, dt: float) -> None:
        if input.was_pressed("Escape"):
            machine.stop()


class Screen(Process):
    """The scope: the sound as it is heard, over a grid."""

    interval = 3600.0
    transform: Transform = Transform(x=252, y=152)
    scope: Scope = Scope(width=448, height=150, seconds=0.025, gain=2, color="#eaffdd", thickness=1.6, layer=4)

    def start(self) -> None:
        self.create(Box, 20, 66, 464, 172, "#0a0d14")
        for step in range(1, 8):
            self.create(Box, 20 + step * 58, 70, 1, 164, "#16202a", 1)
        for step in range(1, 4):
            self.create(Box, 24, 66 + step * 43, 456, 1, "#16202a", 1)
        self.create(Glow, self.scope)


class Glow(Process):
    """The same line once more, wide and faint."""

    interval = 3600.0
    transform: Transform = Transform(relative=True)
    scope: Scope

    def __init__(self, line: Scope) -> None:
        self.scope = Scope(
            width=line.width,
            height=line.height,
            seconds=line.seconds,
            gain=line.gain,
            color="#7dff5a38",
            thickness=7,
            blend="add",
            layer=line.layer - 1,
        )


class Slider(Process):
    """A value from 0 to 1 that is dragged up and down; `apply` is told of it, and says what is to be read."""

    def __init__(self, x: float, name: str, color: str, value: float, apply: Callable[[float], str]) -> None:
        self.groove = self.create(Box, x - 20, 126, 40, 106, PANEL, 1)
        self.create(Box, x - 2, 144, 4, 64, GROOVE, 2)
        self.knob = self.create(Box, x - 12, 0, 24, 8, color, 3)
        self.reading = self.create(Text, x, 131, "", color, 11)
        self.create(Text, x, 222, name, FAINT, 11)
        self.apply, self.is_held = apply, False
        self.set(value)

    def set(self, value: float) -> None:
        """Move it to a value."""
        value = min(max(value, 0.0), 1.0)
        self.knob.transform.y = 204 - 56 * value
        self.reading.label.text = self.apply(value)

    def run(self, dt: float) -> None:
        self.is_held = input.button_is_down("left") and (self.is_held or self.groove.is_clicked())
        if self.is_held:
            self.set((204 - input.mouse_y) / 56)


class Panel(Process):
    """How the keys sound: their wave, envelope and effects; and how fast the sequencer runs."""

    waveform: Waveform = "sawtooth"
    envelope: dict[str, float] = {}

    def start(self) -> None:
        self.create(Box, 500, 66, 440, 172, PANEL)
        self.tiles: list[Tile] = [
            self.create(Tile, 512 + number * 105, name, wave) for number, (name, wave) in enumerate(WAVES.items())
        ]
        self.choose(self.waveform)
        knobs: list[tuple[str, str, float, Callable[[float], str]]] = [
            ("attack", CYAN, 0.1, self.attack),
            ("decay", CYAN, 0.5, self.decay),
            ("sustain", CYAN, 0.5, self.sustain),
            ("release", CYAN, 0.5, self.release),
            ("cutoff", ROSE, 0.7, self.cutoff),
            ("echo", VIOLET, 0.35, self.echo),
            ("room", VIOLET, 0.3, self.room),
            ("tempo", AMBER, 0.4, self.tempo),
        ]
        for number, knob in enumerate(knobs):
            self.create(Slider, 534 + number * 53, *knob)

    def run(self, dt: float) -> None:
        for tile in self.tiles:
            if tile.box.is_clicked():
                self.choose(tile.waveform)

    def choose(self, waveform: Waveform) -> None:
        """Have the keys sound with this wave."""
        self.waveform = waveform
        for tile in self.tiles:
            tile.show(tile.waveform == waveform)

    def attack(self, value: float) -> str:
        return self.shape_notes("attack", 2 * value**2)

    def decay(self, value: float) -> str:
        return self.shape_notes("decay", 2 * value**2)

    def sustain(self, value: float) -> str:
        return self.shape_notes("sustain", value)

    def release(self, value: float) -> str:
        return self.shape_notes("release", 3 * value**2)

    def shape_notes(self, part: str, value: float) -> str:
        self.envelope[part] = value
        return f"{value:.2f}"

    def cutoff(self, value: float) -> str:
        hz = 120 * 150**value
        sound.bus("keys").low_pass(hz, resonance=2.0)
        return f"{hz / 1000:.1f}k"

    def echo(self, value: float) -> str:
        sound.bus("keys").delay(0.28, feedback=0.5, mix=0.6 * value)
        return f"{value:.0%}"

    def room(self, value: float) -> str:
        sound.bus("keys").reverb(0.8, mix=0.7 * value)
        return f"{value:.0%}"

    def tempo(self, value: float) -> str:
        beats = round(70 + 100 * value)
        machine["Sequencer"].beats_per_minute = beats
        return str(beats)


class Tile(Process):
    """A wave that can be chosen."""

    interval = 3600.0
    transform: Transform
    shape: Shape

    def __init__(self, left: float, waveform: Waveform, wave: Callable[[float], float]) -> None:
        self.box = self.create(Box, left, 76, 99, 40, GROOVE, 1)
        self.waveform: Waveform = waveform
        self.transform.x, self.transform.y = left + 49.5, 96
        self.shape = Shape.line([(x, -11 * wave((x + 36) / 36 % 1)) for x in range(-36, 37)], thickness=2, layer=3)

    def show(self, chosen: bool) -> None:
        self.box.shape.color = "#33405a" if chosen else GROOVE
        self.shape.color = AMBER if chosen else FAINT


class Piano(Process):
    """The keyboard: two octaves and a bit, for the two rows of keys and the mouse."""

    octave: int = 4

    def start(self) -> None:
        names = LOWER + UPPER
        whites = [number for number in range(len(names)) if number % 12 not in BLACK]
        self.keys: list[Key] = []
        for number, name in enumerate(names):
            left = 20 + 54.2 * sum(white < number for white in whites)
            is_black = number % 12 in BLACK
            box = (left - 16, 466, 32, 92) if is_black else (left, 466, 52, 156)
            self.keys.append(self.create(Key, number, name, is_black, *box))
        self.by_mouse: Key | None = None

    def run(self, dt: float) -> None:
        self.octave += input.was_pressed("Up") - input.was_pressed("Down")
        self.octave = min(max(self.octave, 1), 6)
        for key in self.keys:
            if input.was_pressed(key.name):
                key.press()
            if input.was_released(key.name):
                key.let_go()
        # Black keys lie over white ones. The mouse may slide from one to the next.
        above = sorted(self.keys, key=lambda key: not key.is_black)
        is_down = input.button_is_down("left")
        touched = next((key for key in above if is_down and key.box.is_under_mouse()), None)
        if touched is not self.by_mouse:
            if self.by_mouse:
                self.by_mouse.let_go()
            if touched:
                touched.press()
            self.by_mouse = touched


class Key(Process):
    """One key. It sounds for as long as it is held, and then for its release."""

    interval = 1 / 30

    def __init__(
        self, number: int, name: str, is_black: bool, left: float, top: float, width: float, height: float
    ) -> None:
        self.number, self.name, self.is_black = number, name, is_black
        self.color = "#1b2130" if is_black else "#e8ecf4"
        self.box = self.create(Box, left, top, width, height, self.color, 4 if is_black else 2)
        self.create(Text, left + width / 2, top + height - 16, name, FAINT)
        self.voices: list[Voice] = []
        self.glow = 0.0

    def press(self) -> None:
        """Begin to sound: two voices, a little out of tune with each other, left and right."""
        self.let_go()
        panel = machine["Panel"]
        note = 12 * machine["Piano"].octave + 12 + self.number
        for side in (-1, 1):
            self.voices.append(
                sound.tone(
                    hertz(note + 0.06 * side),
                    None,
                    volume=0.14,
                    pan=0.5 * side,
                    waveform=panel.waveform,
                    bus="keys",
                    **panel.envelope,
                )
            )

    def let_go(self) -> None:
        """Stop holding it."""
        for voice in self.voices:
            voice.release()
        self.voices = []

    def run(self, dt: float) -> None:
        self.glow = 1.0 if self.voices else self.glow * 0.8
        self.box.shape.color = mixed(self.color, AMBER, self.glow)


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


STEPS = 16
"""Sixteenth notes in a bar."""

CHORDS = (57, 60, 64), (53, 57, 60), (48, 52, 55), (55, 59, 62)
"""The chord of each bar, by the numbers of its notes: A minor, F, C, G."""

LOOK_AHEAD = 0.1
"""How long before it is heard a note is given to the mixer, seconds: a slow frame may be as late."""


class Sequencer(Process):
    """The bar that five tracks play: it knows when each step is, and what the mouse does to them."""

    priority = 5
    beats_per_minute: float = 110.0
    is_playing: bool = True
    number: int = 0

    def start(self) -> None:
        self.create(Box, 20, 252, 920, 196, PANEL)
        self.head = self.create(Box, 0, 255, 50, 190, "#43557a", 1)
        self.tracks = [self.create(kind, row) for row, kind in enumerate([Kick, Snare, Hat, Bass, Bells])]
        self.steps: list[tuple[int, float]] = []
        self.next_at = machine.time + LOOK_AHEAD
        self.painting: bool | None = None

    def run(self, dt: float) -> None:
        if input.was_pressed("Space"):
            self.is_playing = not self.is_playing
            # It begins with a bar again.
            self.number += -self.number % STEPS
            self.next_at = machine.time + LOOK_AHEAD
        while self.is_playing and self.next_at < machine.time + 2 * LOOK_AHEAD:
            self.steps = [*self.steps[-STEPS:], (self.number, self.next_at)]
            self.number += 1
            self.next_at += 60 / self.beats_per_minute / 4
        column = self.sounding % STEPS
        self.head.transform.x = 145 + 50 * column
        self.head.shape.visible = self.is_playing
        for track in self.tracks:
            track.light(column)
        self.paint()

    @property
    def sounding(self) -> int:
        """The number of the step that is heard now."""
        return max((number for number, at in self.steps if at <= machine.time), default=0)

    def paint(self) -> None:
        """Turn steps on or off, as many as the mouse passes."""
        column, row = int((input.mouse_x - 120) // 50), int((input.mouse_y - 258) // 37)
        if not input.button_is_down("left"):
            self.painting = None
        elif 0 <= column < STEPS and 0 <= row < len(self.tracks):
            track = self.tracks[row]
            if input.button_was_pressed("left"):
                self.painting = not track.is_on(column)
            if self.painting is not None:
                track.turn(column, self.painting)


class Track(Process):
    """Plays its steps of the bar, each to the exact sample; subclasses say which ones, and what is heard."""

    interval = LOOK_AHEAD / 2
    pattern: str = ""
    color: str = ""

    def __init__(self, row: int) -> None:
        top = 258 + 37 * row
        self.create(Text, 32, top + 17, type(self).__name__, self.color, 14, "left")
        self.cells = [self.create(Box, 122 + 50 * column, top, 46, 34, GROOVE, 2) for column in range(STEPS)]
        for column in range(STEPS):
            self.turn(column, self.is_on(column))
        self.next, self.lit = 0, 0

    def is_on(self, column: int) -> bool:
        return self.pattern[column] == "x"

    def turn(self, column: int, on: bool) -> None:
        """Play a step from now on, or leave it out."""
        self.pattern = self.pattern[:column] + ("x" if on else ".") + self.pattern[column + 1 :]
        silent = GROOVE if column // 4 % 2 else "#1e2534"
        self.cells[column].shape.color = self.color if on else silent

    def light(self, column: int) -> None:
        """Show that this step is heard, and no other."""
        if column != self.lit:
            self.turn(self.lit, self.is_on(self.lit))
            self.lit = column
            if self.is_on(column):
                self.cells[column].shape.color = mixed(self.color, "#ffffff", 0.6)

    def run(self, dt: float) -> None:
        for number, at in machine["Sequencer"].steps:
            if number >= self.next and at < machine.time + LOOK_AHEAD:
                self.next = number + 1
                if self.is_on(number % STEPS):
                    self.play(number, max(at - machine.time, 0.0))

    def play(self, number: int, delay: float) -> None:
        """Sound as the step of this number, after so many seconds."""


class Kick(Track):
    pattern = "x.....x.x....x.."
    color = ROSE

    def play(self, number: int, delay: float) -> None:
        for note, volume, decay in ((31, 0.55, 0.3), (43, 0.3, 0.08), (58, 0.12, 0.03)):
            strike(hertz(note), volume, decay, "sine", delay)


class Snare(Track):
    pattern = "....x.......x..x"
    color = AMBER

    def play(self, number: int, delay: float) -> None:
        strike(440, 0.16, 0.16, "noise", delay)
        strike(hertz(54), 0.2, 0.09, "triangle", delay)


class Hat(Track):
    pattern = "x.x.x.x.x.x.x.xx"
    color = LIME

    def play(self, number: int, delay: float) -> None:
        strike(440, 0.05 if number % 4 else 0.08, 0.05, "noise", delay, pan=0.3)


class Bass(Track):
    pattern = "x..x..x...x..x.."
    color = CYAN

    def play(self, number: int, delay: float) -> None:
        root = CHORDS[number // STEPS % len(CHORDS)][0] - 24
        note = root + (12 if number % STEPS in (3, 13) else 0)
        strike(hertz(note), 0.3, 0.3, "sawtooth", delay, bus="bass")


class Bells(Track):
    pattern = "x.xx.x..x.xx.x.x"
    color = VIOLET

    def play(self, number: int, delay: float) -> None:
        chord = CHORDS[number // STEPS % len(CHORDS)]
        note = chord[number * 5 % 3] + (24 if number % 4 == 3 else 12)
        strike(hertz(note), 0.14, 0.4, "triangle", delay, bus="bells", pan=0.6 * math.sin(number))


def strike(
    frequency: float, volume: float, decay: float, waveform: Waveform, delay: float, bus: str = "drums", pan: float = 0.0
) -> None:
    """A sound that is struck, and dies away."""
    sound.tone(
        frequency,
        decay,
        volume=volume,
        decay=decay,
        sustain=0.0,
        waveform=waveform,
        delay=delay,
        bus=bus,
        pan=pan,
    )
