from metapython import Canvas, Process


class Drawn(Process):
    """Draws in its first step by all means that there are, and nothing later."""

    canvas: Canvas

    def start(self) -> None:
        canvas = self.canvas
        canvas.rectangle(10, 10, 50, 30, color="#e5383b")
        canvas.rectangle(10, 50, 50, 30, color="#1d6fd8", outline=4)
        canvas.circle(100, 30, 22, color="#2a9d4a")
        canvas.circle(100, 30, 22, color="#f77f00", outline=3)
        canvas.circle(100, 30, 9, blend="erase")
        canvas.polygon([(75, 60), (130, 65), (95, 90)], color="#6a3fc0")
        canvas.line([(10, 100), (40, 130), (70, 95), (130, 120)], color="#1d1f27c0", thickness=8)
        canvas.circle(35, 135, 18, color="#ffff00", blend="multiply")
        canvas.line([(80, 110), (80, 155), (130, 155), (130, 130), (80, 130)], thickness=2)
        canvas.fill(100, 142, color="#ff8fa3")
