#!/usr/bin/env python3
"""Makes the pictures and sounds of the demos.

Run by hand, from anywhere, when one of them is to change; what it writes is committed::

    python3 assets/make_assets.py

It needs only the standard library, and the same source gives the same samples and pixels on every run. (The packed
bytes of a PNG may differ with another version of zlib.)
"""

from __future__ import annotations

import math
import random
import struct
import wave
import zlib
from collections.abc import Callable
from pathlib import Path

DEMOS = Path(__file__).resolve().parent.parent / "demos"
PONG = DEMOS / "pong"
BOIDS = DEMOS / "boids"

# --- Sound: lists of floats between -1 and 1 -------------------------------------------------------------------

RATE_HZ = 48_000
PEAK = 0.45  # -6.9 dBFS: several voices at once still fit below full scale
ATTACK_SECS = 0.004  # shorter than this a note starts with a click
RELEASE_SECS = 0.012  # the same for its end

Sound = list[float]


def note(
    frequency_hz: float,
    seconds: float,
    *,
    decay_secs: float,
    overtones: dict[float, float] | None = None,
    glide_hz: float = 0.0,
) -> Sound:
    """A struck tone: partials that die away, the high ones first.

    ``overtones`` maps a multiple of the frequency to its strength beside the fundamental's 1. The frequency has moved
    by ``glide_hz`` at the end.
    """
    partials = {1.0: 1.0, **(overtones or {})}
    count = round(seconds * RATE_HZ)
    sound = []
    turns = 0.0
    for i in range(count):
        t = i / RATE_HZ
        turns += (frequency_hz + glide_hz * i / count) / RATE_HZ
        value = sum(
            strength * math.exp(-t * multiple / decay_secs) * math.sin(math.tau * turns * multiple)
            for multiple, strength in partials.items()
        )
        sound.append(value * smooth(t / ATTACK_SECS) * smooth((seconds - t) / RELEASE_SECS))
    return sound


def knock(seconds: float, *, decay_secs: float, cutoff_hz: float, seed: int) -> Sound:
    """Soft noise, low-passed at ``cutoff_hz``: the body of a hit."""
    noise = random.Random(seed)
    weight = 1.0 - math.exp(-math.tau * cutoff_hz / RATE_HZ)  # one-pole low-pass, twice
    first = second = 0.0
    sound = []
    for i in range(round(seconds * RATE_HZ)):
        t = i / RATE_HZ
        first += weight * (noise.uniform(-1.0, 1.0) - first)
        second += weight * (first - second)
        sound.append(
            second * math.exp(-t / decay_secs) * smooth(t / ATTACK_SECS) * smooth((seconds - t) / RELEASE_SECS)
        )
    return sound


def mix(*parts: tuple[float, float, Sound]) -> Sound:
    """Lays sounds over each other; each part is (start in seconds, gain, sound)."""
    end = max(round(start * RATE_HZ) + len(sound) for start, _, sound in parts)
    mixed = [0.0] * end
    for start, gain, sound in parts:
        offset = round(start * RATE_HZ)
        for i, value in enumerate(sound):
            mixed[offset + i] += gain * value
    return mixed


def write_wav(path: Path, sound: Sound) -> None:
    """Writes 16-bit mono at 48 kHz, scaled to ``PEAK``."""
    scale = PEAK * 32767 / max(map(abs, sound))
    samples = [round(value * scale) for value in sound]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def make_sounds(folder: Path) -> None:
    """The four sounds of a rally: two hits of different height, a point, a victory."""
    wood = {2.76: 0.30, 5.40: 0.10}  # the partials of a free wooden bar
    bell = {2.0: 0.35, 3.0: 0.18, 4.2: 0.08}
    c5, e5, g5, c6 = 523.25, 659.26, 783.99, 1046.50

    write_wav(
        folder / "paddle.wav",
        mix(
            (0.0, 1.0, note(440.0, 0.16, decay_secs=0.05, overtones=wood)),
            (0.0, 2.5, knock(0.06, decay_secs=0.012, cutoff_hz=1800.0, seed=1)),
        ),
    )
    write_wav(
        folder / "wall.wav",
        mix(
            (0.0, 1.0, note(262.0, 0.14, decay_secs=0.04, overtones=wood)),
            (0.0, 2.5, knock(0.06, decay_secs=0.012, cutoff_hz=900.0, seed=2)),
        ),
    )
    write_wav(
        folder / "score.wav",
        mix(
            (0.00, 1.0, note(g5, 0.30, decay_secs=0.12, overtones=bell)),
            (0.09, 0.9, note(c5, 0.42, decay_secs=0.16, overtones=bell, glide_hz=-12.0)),
        ),
    )
    write_wav(
        folder / "win.wav",
        mix(
            (0.00, 0.8, note(c5, 0.5, decay_secs=0.20, overtones=bell)),
            (0.12, 0.8, note(e5, 0.5, decay_secs=0.20, overtones=bell)),
            (0.24, 0.8, note(g5, 0.6, decay_secs=0.22, overtones=bell)),
            (0.36, 1.0, note(c6, 0.9, decay_secs=0.30, overtones=bell)),
            (0.36, 0.5, note(c5, 0.9, decay_secs=0.30, overtones=bell)),
        ),
    )


# --- Pictures: a colour for each point ----------------------------------------------------------------------------

Rgba = tuple[float, float, float, float]  # straight alpha, 0 to 1
SUBPIXELS = 4  # samples along each side of a pixel, for soft edges


def smooth(t: float) -> float:
    """0 below 0, 1 above 1, and a curve without corners between them."""
    t = min(max(t, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def blend(a: float, b: float, t: float) -> float:
    """From ``a`` at 0 to ``b`` at 1."""
    return a + (b - a) * t


def write_png(path: Path, width: int, height: int, color: Callable[[float, float], Rgba], *, alpha: bool) -> None:
    """Samples ``color(x, y)``, in pixels from the top left, and writes 8 bits a channel (RGBA, or RGB without alpha)."""
    offsets = [(i + 0.5) / SUBPIXELS for i in range(SUBPIXELS)]
    rows = bytearray()
    for y in range(height):
        rows.append(2 if y else 0)  # PNG row filter: the difference to the row above packs gradients well
        line = bytearray()
        for x in range(width):
            samples = [color(x + dx, y + dy) for dy in offsets for dx in offsets]
            cover = sum(sample[3] for sample in samples)
            if cover:
                pixel = [sum(s[c] * s[3] for s in samples) / cover for c in range(3)]
            else:
                pixel = list(samples[0][:3])  # unseen, but scaling with a filter draws on its colour
            pixel.append(cover / len(samples))
            line += bytes(round(255 * min(max(value, 0.0), 1.0)) for value in pixel[: 4 if alpha else 3])
        if y:
            rows += bytes((now - above) & 255 for now, above in zip(line, previous))
        else:
            rows += line
        previous = line

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6 if alpha else 2, 0, 0, 0)
    packed = zlib.compress(bytes(rows), 9)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def ball(x: float, y: float) -> Rgba:
    """48×48: a sphere of radius 12 lit from the upper left, in a warm glow that ends at the border."""
    dx, dy = x - 24.0, y - 24.0
    distance = math.hypot(dx, dy)
    if distance <= 12.0:
        light = smooth(1.0 - math.hypot(dx + 4.5, dy + 4.5) / 17.0)
        return (1.0, blend(0.62, 1.0, light), blend(0.22, 0.86, light), 1.0)
    glow = max(0.0, 1.0 - (distance - 12.0) / 12.0)
    return (1.0, 0.66, 0.28, 0.5 * glow**2.2)


def paddle(x: float, y: float) -> Rgba:
    """20×100: a rounded bar, white towards the middle, so that a tint gives it its colour."""
    radius = 8.0
    dx = max(abs(x - 10.0) - (10.0 - radius), 0.0)
    dy = max(abs(y - 50.0) - (50.0 - radius), 0.0)
    depth = radius - math.hypot(dx, dy)
    if depth < 0.0:
        return (1.0, 1.0, 1.0, 0.0)
    shade = blend(0.72, 1.0, smooth(depth / 5.0)) * blend(1.0, 0.86, y / 100.0)
    return (shade, shade, shade, 1.0)


def background(x: float, y: float) -> Rgba:
    """640×480: a dark court, lighter in the middle, with a border and a dashed centre line."""
    far = math.hypot((x - 320.0) / 320.0, (y - 240.0) / 240.0) / math.sqrt(2.0)
    light = 1.0 - smooth(far)
    red, green, blue = blend(0.030, 0.085, light), blend(0.040, 0.110, light), blend(0.075, 0.190, light)
    on_border = min(y, 480.0 - y) < 3.0
    on_line = abs(x - 320.0) < 2.0 and 5.0 <= y % 20.0 < 15.0
    lift = 0.22 if on_border else 0.16 if on_line else 0.0
    return (red + lift, green + lift, blue + lift * 1.2, 1.0)


def make_pictures(folder: Path) -> None:
    """The ball, a paddle for both players, and the court behind them."""
    write_png(folder / "ball.png", 48, 48, ball, alpha=True)
    write_png(folder / "paddle.png", 20, 100, paddle, alpha=True)
    write_png(folder / "background.png", 640, 480, background, alpha=False)


HEADINGS = 64
BOID_PX = 10


def boid(x: float, y: float) -> Rgba:
    """640×10: a dart for each of 64 headings, from the right on clockwise, in a colour of its own."""
    cell, x = divmod(x, BOID_PX)
    angle = math.tau * cell / HEADINGS
    dx, dy = x - BOID_PX / 2, y - BOID_PX / 2
    along = dx * math.cos(angle) + dy * math.sin(angle)
    aside = abs(dy * math.cos(angle) - dx * math.sin(angle))
    # From the beak, 5 px before the middle, to wings of 2.2 px, 4 px behind it, with a notch between them.
    is_dart = along <= 5.0 - aside * 9.0 / 2.2 and along >= -2.6 - aside * 1.4 / 2.2
    # The three channels are waves a third of a turn apart: a wheel of soft colours.
    wheel = [0.66 + 0.34 * math.cos(angle - math.tau * third / 3) for third in (2.55, 0.45, 1.35)]
    return (*wheel, 1.0 if is_dart else 0.0)


def make_boids(folder: Path) -> None:
    """The darts of a flock."""
    write_png(folder / "boid.png", HEADINGS * BOID_PX, BOID_PX, boid, alpha=True)


def main() -> None:
    """Writes every file, in place."""
    for folder, make in (
        (PONG / "images", make_pictures),
        (PONG / "sounds", make_sounds),
        (BOIDS / "images", make_boids),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        make(folder)
        for path in sorted(folder.iterdir()):
            print(f"{path.relative_to(DEMOS)}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
