"""Makes sounds/voice.wav: somebody who sings three vowels, says "oi", and claps. Run it with any Python."""

import math
import random
import struct
import wave
from pathlib import Path

RATE = 48_000
SECONDS = 3.4
VOWELS = {"a": (800, 1150, 2900), "o": (450, 800, 2830), "i": (300, 2300, 3000)}
"""The first three formants, Hz."""

# When each syllable begins, how long it is, s; from which vowel to which; from which pitch to which, Hz.
SYLLABLES = [
    (0.05, 0.38, "a", "a", 196, 200),
    (0.45, 0.38, "o", "o", 247, 250),
    (0.85, 0.55, "i", "i", 294, 290),
    (1.65, 0.50, "o", "i", 210, 330),
]
CLAPS = [2.55, 2.75, 2.95]


def sing(start: float, length: float, first: str, last: str, low: float, high: float, out: list[float]) -> None:
    """Add a syllable: a glottal pulse train through three resonators."""
    state = [[0.0, 0.0] for _ in range(3)]
    phase = 0.0
    for n in range(int(length * RATE)):
        way = n / (length * RATE)
        phase += (low + (high - low) * way) * (1 + 0.006 * math.sin(math.tau * 5.5 * n / RATE)) / RATE
        pulse = max(0.0, 1 - 4 * (phase % 1.0)) ** 2
        value = 0.0
        for index, (y, gain) in enumerate(zip(state, (1.0, 0.6, 0.25), strict=True)):
            frequency = VOWELS[first][index] + (VOWELS[last][index] - VOWELS[first][index]) * way
            radius = math.exp(-math.pi * (60 + 40 * index) / RATE)
            out_value = pulse * (1 - radius) * 2 + 2 * radius * math.cos(math.tau * frequency / RATE) * y[0] - radius * radius * y[1]
            y[1], y[0] = y[0], out_value
            value += gain * (out_value - y[1])
        envelope = min(1.0, n / (0.03 * RATE), (length * RATE - n) / (0.12 * RATE))
        out[int(start * RATE) + n] += value * envelope


def clap(start: float, out: list[float], source: random.Random) -> None:
    """Add a clap: a burst of noise that dies away."""
    last = 0.0
    for n in range(int(0.12 * RATE)):
        last = 0.5 * last + 0.5 * source.uniform(-1, 1)
        out[int(start * RATE) + n] += 1.5 * last * math.exp(-n / (0.014 * RATE))


def main() -> None:
    """Make the file."""
    voice = [0.0] * int(SECONDS * RATE)
    for syllable in SYLLABLES:
        sing(*syllable, voice)
    loudest = max(map(abs, voice))
    voice = [0.6 * value / loudest for value in voice]
    source = random.Random(7)
    for start in CLAPS:
        clap(start, voice, source)
    with wave.open(str(Path(__file__).with_name("sounds") / "voice.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(b"".join(struct.pack("<h", round(32_767 * max(-1.0, min(1.0, value)))) for value in voice))


if __name__ == "__main__":
    main()
