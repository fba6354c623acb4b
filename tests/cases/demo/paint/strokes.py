"""Paints a picture with mouse and keys."""

import sys
from math import cos, pi, sin

from metapython import input, next_tick

paint_module = sys.modules["paint"]


COLUMN, ROW = 124, 20
"""Where the sheet lies in the window, px."""


def mouse(kind, x, y, **fields):
    input.simulate(kind, x=float(x), y=float(y), **fields)


async def click(x, y):
    """Press a button of the tool bar."""
    mouse("mouse_button", x, y, button="left", down=True)
    mouse("mouse_button", x, y, button="left", down=False)
    mouse("mouse_motion", x, y)
    await next_tick()


async def keys(*keys):
    for down in (True, False):
        for key in keys:
            input.simulate("key", key=key, down=down)
        await next_tick()


async def stroke(tool, color, size, *points):
    """Choose by the tool bar and by keys, and draw."""
    if Paper.color != color:
        number = paint_module.COLORS.index(color)
        await click(30 + number % 2 * 43, 276 + number // 2 * 29)
    if Paper.tool != tool:
        await keys(paint_module.TOOLS[tool])
    while Paper.size != size:
        await keys("]" if Paper.size < size else "[")
    points = [(COLUMN + x, ROW + y) for x, y in points]
    mouse("mouse_button", *points[0], button="left", down=True)
    for point in points[1:]:
        mouse("mouse_motion", *point)
        await next_tick()
    mouse("mouse_button", *points[-1], button="left", down=False)
    await next_tick()


def wave(x, y, length, height, swings):
    return [(x + step * length / 12, y + height * sin(step * swings * pi / 6)) for step in range(13)]


async def paint():
    await next_tick()
    await stroke("line", "#1d6fd8", 5, (0, 330), (840, 330))
    await stroke("fill", "#6fd3ff", 5, (400, 60))
    await stroke("fill", "#2a9d4a", 5, (400, 500))
    await stroke("circle", "#ffd166", 10, (660, 110), (700, 130))
    await stroke("fill", "#ffd166", 10, (660, 110))
    for number in range(12):
        angle = number * pi / 6
        await stroke("line", "#f77f00", 5, (660 + 66 * cos(angle), 110 + 66 * sin(angle)), (660 + 88 * cos(angle), 110 + 88 * sin(angle)))
    for y in (390, 430, 470):
        await stroke("brush", "#a7d948", 10, *wave(40, y, 330, 10, 3))
    await stroke("rectangle", "#8d5a3b", 10, (480, 300), (680, 460))
    await stroke("fill", "#ff8fa3", 10, (580, 380))
    await stroke("fill", "#ff8fa3", 10, (580, 320))
    await stroke("line", "#e5383b", 18, (460, 300), (580, 210))
    await stroke("line", "#e5383b", 18, (580, 210), (700, 300))
    await stroke("fill", "#e5383b", 18, (580, 270))
    await stroke("rectangle", "#1d1f27", 5, (520, 350), (560, 400))
    await stroke("fill", "#ffd166", 5, (540, 375))
    await stroke("rectangle", "#8d5a3b", 30, (622, 380), (640, 440))
    await stroke("line", "#8d5a3b", 18, (180, 380), (180, 250))
    for x, y in ((150, 230), (190, 200), (220, 240), (180, 250)):
        await stroke("brush", "#2a9d4a", 48, (x, y), (x + 4, y), (x + 8, y + 6))
    await stroke("brush", "#ffffff", 30, *wave(240, 90, 150, 8, 2))
    await stroke("brush", "#6a3fc0", 48, *wave(60, 60, 700, 200, 2))
    await keys("Left Ctrl", "Z")
    await stroke("brush", "#1d1f27", 2, *wave(380, 170, 70, 8, 1))
    await keys("Left Ctrl", "Z")
    await keys("Left Ctrl", "Y")
    await stroke("eraser", "#1d1f27", 18, *wave(110, 535, 560, 6, 4))
    await keys("B")
    print("painted")
