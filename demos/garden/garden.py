"""A garden whose plants are programs: the gardener writes them, sows them, and rewrites them as they grow."""

import math
import random

from metapython import Label, Process, Shape, Transform, Velocity, machine, sleep, window

GROUND = 60
"""Height of the soil, px."""

SEED = '''
from metapython import Process, Shape, Transform

class {name}(Process):
    """A plant that grows a stem."""
    interval = 0.05
    transform: Transform = Transform()
    shape: Shape = Shape.line([(0, 0), (0, -1)], color="{stem}", thickness={thickness}, layer=2)
    height: float = 1.0
    age: float = 0.0

    def run(self, dt):
        self.age += dt
        self.height += ({tall} - self.height) * 0.4 * dt
        self.bend({sway})

    def bend(self, sway):
        import math
        lean = sway * math.sin(self.age * 1.3)
        steps = [step / 8 for step in range(9)]
        self.shape.points = [(lean * step**2, -self.height * step) for step in steps]
        self.top = (self.transform.x + lean, self.transform.y - self.height)
'''

BLOSSOM = SEED + '''
    petals: int = {petals}

    def migrate(self, old_version):
        from garden import Petal
        for number in range(self.petals):
            angle = 2 * 3.14159265 * number / self.petals
            self.create(Petal, angle=angle, color="{flower}")
        self.create(Petal, length=0.0, color="#f6c945", radius=6)
'''

AUTUMN = BLOSSOM.replace('''        self.height += ({tall} - self.height) * 0.4 * dt
        self.bend({sway})
''', '''        self.height -= self.height * 0.5 * dt
        self.bend({sway})
        self.shape.color = "#8a6f3c"
        for petal in self.children:
            petal.fall()
        if self.height < 12:
            self.delete()
''').replace("def migrate", "def blossom")

CARELESS = SEED.replace("self.height += (", "self.heigth += (")


class Sun(Process):
    """Goes over the sky, once in forty seconds."""

    interval = 1 / 20
    transform: Transform = Transform(x=-30, y=110)
    shape: Shape = Shape.circle(radius=26, color="#ffd54a", layer=-5)

    def run(self, dt: float) -> None:
        day = machine.time % 40 / 40
        self.transform.x = day * (window.width + 60) - 30
        self.transform.y = 170 - 110 * math.sin(day * math.pi)


class Ground(Process):
    """The soil."""

    interval = 3600
    transform: Transform = Transform(x=320, y=480 - GROUND / 2)
    shape: Shape = Shape.rectangle(640, GROUND, color="#6b4f34", layer=5)


class Notebook(Process):
    """What the gardener did last."""

    interval = 3600
    transform: Transform = Transform(x=320, y=452)
    label: Label = Label(text="", size=16, color="#f3e9d8", align="center", layer=6)

    def note(self, text: str) -> None:
        self.label.text = text
        self.alert(text)


class Petal(Process):
    """A petal of its parent; the heart of a blossom is one of no length."""

    interval = 1 / 30
    priority = -1
    transform: Transform
    velocity: Velocity
    shape: Shape = Shape.circle(radius=7, layer=3)
    angle: float = 0.0
    length: float = 11.0
    color: str = "white"
    radius: float = 7.0
    is_falling: bool = False

    def start(self) -> None:
        self.shape.color, self.shape.radius = self.color, self.radius
        self.shape.layer += self.length == 0

    def run(self, dt: float) -> None:
        if self.is_falling:
            if self.transform.y > window.height - GROUND + 8:
                self.delete()
            return
        x, y = self.parent.top
        turn = self.angle + self.parent.age * 0.2
        self.transform.x = x + self.length * math.cos(turn)
        self.transform.y = y + self.length * math.sin(turn)

    def fall(self) -> None:
        """Let go of the plant: it lives on when that is gone."""
        self.is_falling = True
        self.velocity.x, self.velocity.y = random.uniform(-18, 18), random.uniform(30, 70)
        self.parent.remove(self)


class Gardener(Process):
    """Writes programs of plants, and changes them while they grow."""

    sowing: int = 0

    async def run(self) -> None:
        notebook = machine["Notebook"]
        while True:
            self.sowing += 1
            genes = [self.genes(number) for number in range(6)]
            plants: list[Process] = []
            for gene in genes:
                [plant] = machine.spawn_source(SEED.format(**gene))
                plant.transform.x, plant.transform.y = gene["x"], window.height - GROUND
                plants.append(plant)
                notebook.note(f"sowed {plant.instance_name}")
                await sleep(0.5)
            await sleep(3.0)
            for plant, gene in zip(plants, genes):
                machine.update(type(plant), BLOSSOM.format(**gene))
                notebook.note(f"{plant.instance_name} blossoms with {gene['petals']} petals")
                await sleep(0.5)
            await sleep(2.0)
            machine.update(type(plants[0]), CARELESS.format(**genes[0]))
            notebook.note(f"a slip of the pen: {plants[0].instance_name} shall not notice")
            await sleep(3.0)
            for plant, gene in zip(plants, genes):
                machine.update(type(plant), AUTUMN.format(**gene))
            notebook.note("autumn")
            for plant in plants:
                await plant
            await sleep(2.0)

    def genes(self, number: int) -> dict[str, object]:
        """What makes the plant of a place in the bed."""
        kinds = [("Aster", "#7a6bd1"), ("Poppy", "#e0503a"), ("Daisy", "#ffffff"), ("Rose", "#e87fae")]
        kind, flower = random.choice(kinds)
        return {
            "name": kind,
            "x": 70 + 100 * number + random.uniform(-18, 18),
            "stem": random.choice(["#3f7d3a", "#56923f", "#2f6b48"]),
            "thickness": random.uniform(4, 7),
            "tall": random.uniform(120, 260),
            "sway": random.uniform(8, 26),
            "petals": random.randint(5, 9),
            "flower": flower,
        }
