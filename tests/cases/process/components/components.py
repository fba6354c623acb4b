"""A thing and what it has."""

from metapython import Label, Process, Shape, Transform, Velocity, machine


class Thing(Process):
    transform: Transform = Transform(x=10, y=20)
    velocity: Velocity = Velocity(x=60)
    weight: float = 1.5

    def start(self):
        print(self.instance_name, self.transform.x, self.transform.y, self.velocity.x, self.weight)
        print(self.instance_name, Transform in self, Shape in self)

    def run(self, dt):
        print(machine.tick, self.instance_name, self.transform.x)
        if self.instance_name == "Thing" and machine.tick == 1:
            self.add(Shape.circle(radius=7, color="red"))
            print(self[Shape].kind, self[Shape].radius, self[Shape].color, Shape in self)
            self[Shape].radius = 8
            print(self[Shape].radius)
            del self[Shape]
            del self[Velocity]
            print(Shape in self, Velocity in self)
            for attempt in (lambda: self[Label], lambda: self.velocity.x, self.spell):
                try:
                    attempt()
                except Exception as error:
                    print(f"{type(error).__name__}: {error}")
            try:
                self.transform.z = 1
            except AttributeError:
                print("AttributeError: there is no such field")

    def spell(self):
        self.transform.x = "left"


Thing()
Thing(transform=Transform(x=1), velocity=Velocity(x=-60), weight=0.5)
Thing().transform.x = 5
