"""A ball that bounces in the window."""

from metapython import Process, Shape, Transform, Velocity, window


class Ball(Process):
    """Bounces off the walls, and says so to whoever watches closely."""

    interval = 1 / 120
    transform: Transform = Transform(x=320, y=240)
    velocity: Velocity = Velocity(x=180, y=140)
    shape: Shape = Shape.circle(radius=24, color="orange")
    elasticity: float = 1.0

    def run(self, dt: float) -> None:
        self.velocity.x = self.bounce(self.transform.x, self.velocity.x, window.width)
        self.velocity.y = self.bounce(self.transform.y, self.velocity.y, window.height)

    def bounce(self, position: float, speed: float, length: float) -> float:
        """The speed after a look at the walls: the ball turns round where it would leave."""
        radius = self.shape.radius
        is_leaving = speed < 0 if position < radius else speed > 0 and position > length - radius
        if is_leaving:
            self.alert("bounced at {:.0f}", position, level="vv")
            return -speed * self.elasticity
        return speed
