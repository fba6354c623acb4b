from metapython import Process, Sprite, Transform


class Ghost(Process):
    transform: Transform
    sprite: Sprite = Sprite(image="no_such.png")
