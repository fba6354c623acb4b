"""Something with a picture."""

from metapython import Process, Sprite, Transform


class Thing(Process):
    transform: Transform
    sprite: Sprite
