"""Paints a picture by the hand's own ways: where it presses, moves to, and lets go."""

from math import cos, pi, sin


async def stroke(tool, color, size, *points):
    Paper.tool, Paper.color, Paper.size = tool, color, size
    Paper.press(*points[0])
    for point in points[1:]:
        Paper.drag(*point)
    Paper.release()
    await next_tick()


def wave(x, y, length, height, swings):
    return [(x + step * length / 40, y + height * sin(step * swings * pi / 20)) for step in range(41)]


async def paint():
    await next_tick()
    await stroke("line", "#1d6fd8", 5, (-20, 330), (840, 330))
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
    Paper.undo()
    await stroke("brush", "#1d1f27", 2, *wave(380, 170, 70, 8, 1))
    Paper.undo()
    Paper.redo()
    await stroke("eraser", "#1d1f27", 18, *wave(110, 535, 560, 6, 4))
    Paper.tool, Paper.color, Paper.size = "brush", "#e5383b", 18
