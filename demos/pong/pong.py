"""Pong for two players; the computer plays for whoever does not touch their keys."""

import math
import random

from metapython import Label, Process, Shape, Sprite, Transform, input, machine, sound, window

WINNING_SCORE = 9
WALL = 4
"""Thickness of the walls at the top and the bottom, px."""


class Court(Process):
    """The field, behind everything else; Escape leaves it."""

    transform: Transform = Transform(x=320, y=240)
    sprite: Sprite = Sprite(image="images/background.png", layer=-10)

    def run(self, dt: float) -> None:
        if input.was_pressed("Escape"):
            machine.stop()


class Paddle(Process):
    """Moves up and down by two keys, or after the ball when nobody has touched them for a while."""

    interval = 1 / 120
    priority = 10
    transform: Transform
    sprite: Sprite = Sprite(image="images/paddle.png")
    keys: tuple[str, str] = ("W", "S")
    speed: float = 420.0
    half_height: float = 50.0
    half_width: float = 10.0
    patience: float = 6.0
    untouched: float = math.inf
    aim: float = 0.0

    def run(self, dt: float) -> None:
        up, down = (input.is_down(key) for key in self.keys)
        self.untouched = 0.0 if up or down else self.untouched + dt
        if self.is_human:
            wish = (down - up) * self.speed
        else:
            wish = self.follow(machine["Ball"])
        top, bottom = WALL + self.half_height, window.height - WALL - self.half_height
        self.transform.y = min(max(self.transform.y + wish * dt, top), bottom)

    @property
    def is_human(self) -> bool:
        """Whether somebody has touched the keys lately."""
        return self.untouched < self.patience

    def follow(self, ball: "Ball") -> float:
        """The speed at which the computer goes after the ball: a good player, not a perfect one."""
        distance = self.transform.x - ball.transform.x
        is_coming = distance * ball.speed_x > 0
        goal = ball.transform.y + self.aim if is_coming else window.height / 2
        away = goal - self.transform.y
        return math.copysign(min(abs(away) * 8, self.speed * 0.72), away)

    def hit(self) -> None:
        """The ball was returned: be pleased, and aim anew."""
        self.aim = random.uniform(-0.9, 0.9) * self.half_height
        self.create(Flash, self.transform.x, self.transform.y, self.sprite.tint)


class Ball(Process):
    """Flies, bounces, and scores for the player whom nobody stops."""

    interval = 1 / 240
    transform: Transform = Transform(x=320, y=240)
    sprite: Sprite = Sprite(image="images/ball.png", layer=5)
    radius: float = 9.0
    speed_x: float = 0.0
    speed_y: float = 0.0
    rest: float = 1.0
    """Seconds until the serve."""

    def start(self) -> None:
        self.serve(random.choice((-1, 1)))

    def serve(self, direction: int) -> None:
        """Lie in the middle for a moment, then fly to one side."""
        self.transform.x, self.transform.y = window.width / 2, window.height / 2
        angle = random.uniform(-0.6, 0.6)
        self.speed_x, self.speed_y = direction * 330 * math.cos(angle), 330 * math.sin(angle)
        self.rest = 1.0

    def run(self, dt: float) -> None:
        if self.rest > 0:
            self.rest -= dt
            return
        before = self.transform.x
        self.transform.x += self.speed_x * dt
        self.transform.y += self.speed_y * dt
        self.bounce_off_walls()
        self.bounce_off(machine["Left" if self.speed_x < 0 else "Right"], before)
        if not 0 < self.transform.x < window.width:
            self.score()

    def bounce_off_walls(self) -> None:
        top, bottom = WALL + self.radius, window.height - WALL - self.radius
        if self.transform.y < top and self.speed_y < 0 or self.transform.y > bottom and self.speed_y > 0:
            self.speed_y = -self.speed_y
            sound.play("sounds/wall.wav", pan=self.pan, volume=0.7)

    def bounce_off(self, paddle: Paddle, before: float) -> None:
        """Turn round at the paddle, steeper the farther from its middle, and a little faster."""
        side = math.copysign(1, paddle.transform.x - window.width / 2)
        face = paddle.transform.x - side * (paddle.half_width + self.radius)
        crossed = (before - face) * side <= 0 < (self.transform.x - face) * side
        offset = (self.transform.y - paddle.transform.y) / (paddle.half_height + self.radius)
        if not crossed or abs(offset) > 1:
            return
        speed = min(math.hypot(self.speed_x, self.speed_y) * 1.06, 900)
        angle = offset * 1.0
        self.transform.x = face
        self.speed_x, self.speed_y = -side * speed * math.cos(angle), speed * math.sin(angle)
        sound.play("sounds/paddle.wav", pan=self.pan, pitch=0.8 + speed / 1500)
        paddle.hit()

    def score(self) -> None:
        """The ball is out: a point, and a serve to the player who lost it."""
        is_left_out = self.transform.x <= 0
        winner = machine["RightScore" if is_left_out else "LeftScore"]
        winner.add_point()
        sound.play("sounds/score.wav", pan=self.pan)
        self.serve(-1 if is_left_out else 1)

    @property
    def pan(self) -> float:
        """Where the ball is heard: as far to the side as it is."""
        return min(max(self.transform.x / window.width * 1.6 - 0.8, -1), 1)


class Score(Process):
    """The points of one player."""

    interval = 1 / 10
    transform: Transform
    label: Label = Label(text="0", size=64, align="center", layer=-5)
    player: str = ""
    points: int = 0

    def add_point(self) -> None:
        self.points += 1
        self.label.text = str(self.points)
        if self.points >= WINNING_SCORE:
            machine["Title"].announce(f"{self.player} wins!")
            sound.play("sounds/win.wav")
            for score in (machine["LeftScore"], machine["RightScore"]):
                score.points = 0

    def run(self, dt: float) -> None:
        self.label.text = str(self.points)


class Title(Process):
    """The name of the game for five seconds; later, who has won."""

    interval = 1 / 30
    transform: Transform = Transform(x=320, y=160)
    label: Label = Label(text="PONG", size=72, color="#ffd479", align="center", layer=20)
    seconds: float = 5.0

    def start(self) -> None:
        self.create(Hint)

    def announce(self, text: str) -> None:
        """Show some words for three seconds."""
        self.label.text = text
        self.label.visible = True
        self.seconds = 3.0

    def run(self, dt: float) -> None:
        self.seconds -= dt
        if self.seconds <= 0:
            self.label.visible = False


class Hint(Process):
    """Which keys play, while the computer plays against itself."""

    interval = 1 / 10
    transform: Transform = Transform(x=320, y=445)
    label: Label = Label(
        text="W / S            Up / Down", size=16, color="#8fa3b8", align="center", layer=20
    )

    def run(self, dt: float) -> None:
        self.label.visible = not (machine["Left"].is_human or machine["Right"].is_human)


class Flash(Process):
    """A paddle's outline that grows and fades where it has hit the ball."""

    transform: Transform
    shape: Shape = Shape.rectangle(20, 100, outline=2, layer=1)
    life: float = 0.25
    age: float = 0.0
    tint: str = "white"

    def __init__(self, x: float, y: float, tint: str) -> None:
        self.transform.x, self.transform.y = x, y
        self.tint = tint

    def run(self, dt: float) -> None:
        self.age += dt
        if self.age >= self.life:
            self.delete()
            return
        fade = round(255 * (1 - self.age / self.life))
        self.transform.scale = 1 + self.age
        self.shape.color = f"{self.tint[:7]}{fade:02x}"
