from metapython import Process, component


@component
class Health:
    points: int = 100


class Knight(Process):
    health: Health = Health()
