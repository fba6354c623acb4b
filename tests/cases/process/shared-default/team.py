from metapython import Process, machine


class Ball(Process):
    pass


ball = Ball()


class Player(Process):
    ball: Ball = ball
    balls: list[Ball] = [ball]

    def start(self) -> None:
        print(self.ball is machine["Ball"], self.balls[0] is machine["Ball"])


Player()
