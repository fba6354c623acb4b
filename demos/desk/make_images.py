#!/usr/bin/env python3
"""Makes the icons of the desk: run by hand when one of them is to change. It needs only the standard library."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

SIDE = 96
SAMPLES = 3
"""Each pixel is looked at in so many places in each direction, so that edges are smooth."""

Colour = tuple[int, int, int]
Layer = tuple[Colour, Callable[[float, float], bool]]
"""A colour, and whether a point is in it: -1 to 1 from left to right and from top to bottom."""


def rounded(width: float, height: float, radius: float, x0: float = 0.0, y0: float = 0.0) -> Callable[[float, float], bool]:
    """A rectangle about a point, with round corners."""

    def contains(x: float, y: float) -> bool:
        dx, dy = max(abs(x - x0) - width + radius, 0), max(abs(y - y0) - height + radius, 0)
        return math.hypot(dx, dy) <= radius

    return contains


def circle(radius: float, x0: float = 0.0, y0: float = 0.0) -> Callable[[float, float], bool]:
    return lambda x, y: math.hypot(x - x0, y - y0) <= radius


def line(x1: float, y1: float, x2: float, y2: float, width: float) -> Callable[[float, float], bool]:
    """A stroke with round ends."""

    def contains(x: float, y: float) -> bool:
        dx, dy = x2 - x1, y2 - y1
        t = min(max(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy), 0), 1)
        return math.hypot(x - x1 - t * dx, y - y1 - t * dy) <= width

    return contains


def lines(points: list[tuple[float, float]], width: float) -> Callable[[float, float], bool]:
    parts = [line(*a, *b, width) for a, b in zip(points, points[1:], strict=False)]
    return lambda x, y: any(part(x, y) for part in parts)


WHITE, NIGHT = (244, 246, 250), (30, 36, 50)
BLUE, TEAL, AMBER, ROSE, VIOLET = (74, 134, 232), (38, 166, 154), (240, 176, 72), (232, 96, 112), (142, 110, 220)
TILE = rounded(0.92, 0.92, 0.3)

ICONS: dict[str, list[Layer]] = {
    "clock": [
        (BLUE, TILE),
        (WHITE, circle(0.62)),
        (NIGHT, line(0, 0, 0, -0.42, 0.06)),
        (NIGHT, line(0, 0, 0.3, 0.14, 0.06)),
        (ROSE, circle(0.09)),
    ],
    "calculator": [
        (AMBER, TILE),
        (WHITE, rounded(0.5, 0.66, 0.1)),
        (NIGHT, rounded(0.38, 0.14, 0.05, 0, -0.38)),
        *((NIGHT, circle(0.09, x, y)) for x in (-0.28, 0, 0.28) for y in (0, 0.26, 0.5)),
    ],
    "notes": [
        (TEAL, TILE),
        (WHITE, rounded(0.48, 0.64, 0.08)),
        *((NIGHT, line(-0.28, y, 0.28 if y < 0.3 else 0.02, y, 0.045)) for y in (-0.36, -0.12, 0.12, 0.36)),
    ],
    "monitor": [
        (VIOLET, TILE),
        (NIGHT, rounded(0.66, 0.5, 0.1)),
        ((120, 230, 170), lines([(-0.52, 0.1), (-0.25, 0.1), (-0.1, -0.3), (0.12, 0.32), (0.25, 0.02), (0.52, 0.02)], 0.05)),
    ],
    "balls": [
        (ROSE, TILE),
        (WHITE, circle(0.24, -0.3, 0.3)),
        (AMBER, circle(0.2, 0.34, 0.1)),
        ((90, 40, 70), circle(0.16, -0.05, -0.4)),
    ],
}


def pixel(layers: list[Layer], px: int, py: int) -> tuple[int, int, int, int]:
    found: list[tuple[int, ...]] = []
    for i in range(SAMPLES * SAMPLES):
        x = (px + (i % SAMPLES + 0.5) / SAMPLES) / SIDE * 2 - 1
        y = (py + (i // SAMPLES + 0.5) / SAMPLES) / SIDE * 2 - 1
        hits = [colour for colour, contains in layers if contains(x, y)]
        # The tile is lit from above.
        light = 1.12 - 0.24 * (y + 1) / 2 if len(hits) == 1 else 1.0
        found += [tuple(min(round(part * light), 255) for part in hits[-1])] if hits else []
    if not found:
        return 0, 0, 0, 0
    red, green, blue = (round(sum(part) / len(found)) for part in zip(*found, strict=True))
    return red, green, blue, round(255 * len(found) / SAMPLES**2)


def png(rows: list[bytes]) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


if __name__ == "__main__":
    folder = Path(__file__).resolve().parent / "images"
    folder.mkdir(exist_ok=True)
    for name, layers in ICONS.items():
        rows = [b"".join(bytes(pixel(layers, x, y)) for x in range(SIDE)) for y in range(SIDE)]
        (folder / f"{name}.png").write_bytes(png(rows))
