"""Families of processes and other objects, deleted in steps, by themselves and at the end."""

from metapython import Base, Process, machine


class Bag(Base):
    def __init__(self, name):
        self.name = name

    def delete(self):
        if self.is_alive:
            print(machine.tick, self.name, "goes")
        super().delete()


class Clinging(Bag):
    def delete(self):
        super().delete()
        raise OSError("it clings")


class Ball(Process):
    def run(self, dt):
        if machine.tick == 2 and self.instance_name == "Ball":
            self.delete()
        if machine.tick == 3 and self.instance_name == "Inner":
            print(3, "alive:", bag.is_alive, [child.instance_name for child in bag.children])
            self.delete()
        if machine.tick == 4 and self.instance_name == "Last":
            print(4, "alive:", [child.instance_name for child in bag.children])
            raise ValueError("held")


ball = Ball()
outer = ball.create(Bag, "outer")
outer.create(Bag, "inner").create(Ball, instance_name="Within")
ball.create(Clinging, "clinging")

bag = Bag("bag")
bag.create(Ball, instance_name="Inner").create(Bag, "small")
last = Ball(instance_name="Last", parent=bag)
last.create(Bag, "the last's")
last.add(bag2 := Bag("bag2"))
