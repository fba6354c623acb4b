"""Canvases as scripts have them: drawing, pixels, files, what is refused."""

from pathlib import Path

import numpy as np
import pytest
from metapython import Camera, Canvas, Label, Process, ProcessDeleted, Sprite, Target, Transform


class Paper(Process):
    canvas: Canvas = Canvas(width=40, height=30, color="white")


RED = (255, 0, 0, 255)


def test_what_is_drawn_is_in_the_pixels() -> None:
    canvas = Paper().canvas
    canvas.rectangle(10, 5, 20, 10, color="red")
    pixels = canvas.pixels
    assert pixels.shape == (30, 40, 4)
    assert pixels.dtype == np.uint8
    assert (pixels[5:15, 10:30] == RED).all()
    assert (pixels == RED).all(axis=2).sum() == 200
    canvas.fill(0, 0, color="#00f")
    assert (canvas.pixels[29, 39] == (0, 0, 255, 255)).all()
    canvas.circle(20, 10, 4, color="red", blend="erase")
    assert canvas.pixels[10, 20, 3] == 0
    canvas.line(np.array([[0, 20], [39, 20]], np.float32), color=(1, 2, 3), thickness=2)
    canvas.polygon([(0, 25), [5, 25], (0, 30)], color="lime", outline=0)
    assert (canvas.pixels[20, 20] == (1, 2, 3, 255)).all()
    canvas.clear()
    assert (canvas.pixels == 255).all()


def test_pixels_are_set_from_arrays() -> None:
    canvas = Paper().canvas
    pixels = np.zeros((30, 40, 4), np.uint8)
    pixels[..., 1] = np.arange(40)
    pixels[..., 3] = 255
    canvas.pixels = pixels
    assert (canvas.pixels == pixels).all()
    canvas.pixels = np.flip(pixels, axis=1)  # Not one block of memory.
    assert canvas.pixels[3, 0, 1] == 39
    for wrong in (pixels[:5], pixels[..., :3]):
        with pytest.raises(ValueError, match=r"of the shape \(30, 40, 4\)"):
            canvas.pixels = wrong
    with pytest.raises(TypeError, match="an array of uint8"):
        canvas.pixels = pixels.astype(float)


def test_a_copy_is_restored() -> None:
    canvas = Paper().canvas
    canvas.circle(20, 15, 9, color="#ff000080")
    before, pixels = canvas.copy(), canvas.pixels
    canvas.clear("black")
    canvas.restore(before)
    assert (canvas.pixels == pixels).all()
    with pytest.raises(ValueError, match="10 bytes are no picture of 40 × 30 px, which has 4800"):
        canvas.restore(before[:10])
    canvas.width = 41
    with pytest.raises(ValueError, match="4800 bytes are no picture of 41 × 30 px"):
        canvas.restore(before)


def test_words_are_written() -> None:
    canvas = Paper().canvas
    width, height = canvas.text(20, 2, "HI", size=20, align="center", color="red")
    # Hack's letters are 0.602 of their size wide, and its lines 1.164 high.
    assert (round(width, 1), round(height, 1)) == (24.1, 23.3)
    inked = np.argwhere((canvas.pixels != 255).any(axis=2))
    assert 2 < inked[:, 0].min() and inked[:, 0].max() < 26
    assert 8 <= inked[:, 1].min() < 12 and 28 < inked[:, 1].max() <= 32
    assert canvas.text(0, 0, "H", size=25, blend="erase")[0] < 16 and canvas.pixels[..., 3].min() == 0
    before = canvas.copy()
    with pytest.raises(ValueError, match="cannot write in the font Hakc: .*did you mean `Hack`"):
        canvas.text(0, 0, "H", font="Hakc")
    with pytest.raises(ValueError, match="more than 0 and up to 4096"):
        canvas.text(0, 0, "H", size=0)
    with pytest.raises(ValueError, match='"left", "center", "right"'):
        canvas.text(0, 0, "H", align="middle")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="up to 65536 bytes of UTF-8, not 65537"):
        canvas.text(0, 0, "x" * 65_537)
    assert canvas.copy() == before


def test_it_is_saved_and_loaded(tmp_path: Path) -> None:
    canvas = Paper().canvas
    canvas.rectangle(0, 0, 40, 15, color="red")
    file = tmp_path / "a.png"
    canvas.save(file)
    other = Paper().canvas
    other.load(str(file))
    assert (other.pixels == canvas.pixels).all()
    other.image(file, 10, 10, width=20, height=20)
    assert (other.pixels[12, 15] == RED).all()
    assert (other.pixels[28, 15] == 255).all()
    (tmp_path / "b.png").write_bytes(file.read_bytes()[:60])
    with pytest.raises(OSError, match="cannot read the image .*b.png: it is damaged"):
        canvas.load(tmp_path / "b.png")
    with pytest.raises(OSError, match="cannot save the picture .*its folder does not exist|No such file"):
        canvas.save(tmp_path / "none" / "c.png")


def test_nonsense_is_refused_and_changes_nothing() -> None:
    canvas = Paper().canvas
    before = canvas.copy()
    with pytest.raises(ValueError, match=r"circle\(x\) takes a finite number of px, not nan"):
        canvas.circle(float("nan"), 0, 5)
    with pytest.raises(ValueError, match=r"line\(thickness\) takes a number of px, 0 or more, not -1"):
        canvas.line([(0, 0), (5, 5)], thickness=-1)
    with pytest.raises(TypeError, match=r"line\(points\) takes pairs of finite numbers"):
        canvas.line([(0, 0, 0)])  # type: ignore[list-item]
    with pytest.raises(ValueError, match=r"fill\(color\) takes .*not 'rad'"):
        canvas.fill(0, 0, color="rad")
    with pytest.raises(ValueError, match=r'line\(blend\) takes "alpha", "add", "multiply", "erase"'):
        canvas.line([(0, 0)], blend="ad")  # type: ignore[arg-type]
    assert canvas.copy() == before
    canvas.line([(-1e300, 3), (1e300, 3)], thickness=1e9)
    with pytest.raises(ValueError, match="belongs to no process yet"):
        Canvas().clear()


def test_what_has_no_canvas_any_more_is_not_drawn_on() -> None:
    paper = Paper()
    canvas = paper.canvas
    del paper[Canvas]
    with pytest.raises(ProcessDeleted, match="of this Canvas is deleted, or has none now"):
        canvas.clear()


def test_the_fields_of_labels_targets_and_cameras() -> None:
    class Screen(Process):
        transform: Transform = Transform()
        target: Target = Target(width=64, background="navy")
        camera: Camera = Camera(target="Screen")
        sprite: Sprite = Sprite(image="target:Screen")
        label: Label = Label(text="a", font="DejaVu Sans", bold=True, italic=True, wrap=80, line_spacing=1.5)

    screen = Screen()
    assert (screen.target.width, screen.target.height, screen.target.smooth) == (64, 256, True)
    assert screen.camera.target == "Screen"
    assert (screen.label.font, screen.label.wrap, screen.label.line_spacing) == ("DejaVu Sans", 80, 1.5)
