"""Faults under calls of the package."""

from metapython import Process


class Maker(Process):
    def run(self, dt):
        self.create(Made, sise=3)


class Crier(Process):
    def run(self, dt):
        self.alert("look", level="vvvv", callback=self.fail)

    def fail(self, text):
        try:
            self.create("through.Nobody")
        except LookupError as error:
            raise RuntimeError("nobody came") from error


class Made(Process):
    size: int = 1


Maker()
Crier()
