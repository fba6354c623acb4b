"""Things to be seen, and an arm with two links."""

from metapython import Process, Shape, Transform, window


class Thing(Process):
    transform: Transform


class Arm(Process):
    transform: Transform

    def start(self) -> None:
        forearm = self.create(Forearm)
        forearm.create(Hand)

    def run(self, dt: float) -> None:
        """Say where the hand is once, in the scene and in the left half of the window."""
        hand = self.children[0].children[0].transform.absolute()
        # The left camera has (100, 100) in the middle of its half, (100, 120).
        x, y = window.to_scene(hand.x, hand.y + 20)
        assert abs(x - hand.x) < 1e-9 and abs(y - hand.y) < 1e-9
        print(f"{hand.x:.3f} {hand.y:.3f} {hand.rotation:.3f} {hand.scale:.3f}")
        self.pause()


class Forearm(Process):
    transform: Transform = Transform(x=25, rotation=-1.2, relative=True)
    shape: Shape = Shape(kind="line", points=[(0, 0), (30, 0)], outline=6, color="gray")


class Hand(Process):
    transform: Transform = Transform(x=30, scale=0.5, relative=True)
    shape: Shape = Shape.circle(radius=12, color="orange")
