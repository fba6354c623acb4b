"""A keeper of somebody who is gone."""

from metapython import Process, Transform, machine


class Lost(Process):
    transform: Transform = Transform(x=1)


class Keeper(Process):
    def start(self):
        self.lost = Lost()
        self.hash = hash(self.lost)
        self.lost.delete()

    def run(self, dt):
        if machine.tick == 2:
            lost = self.lost
            for attempt in (
                lambda: self.add(lost),
                lambda: self.remove(lost),
                lambda: lost.add(self),
                lambda: lost.remove(self),
                lambda: lost.add(Transform()),
                lambda: lost.create(Lost),
                lambda: lost.transform.x,
                lambda: setattr(lost, "interval", 1),
                lost.pause,
            ):
                try:
                    attempt()
                except Exception as error:
                    print(f"{type(error).__name__}: {error}")
            print(lost, lost.is_alive, lost in {lost}, hash(lost) == self.hash)


Keeper()
