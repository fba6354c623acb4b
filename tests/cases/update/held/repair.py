from metapython import Process, machine


class Broken(Process):
    def run(self, dt):
        raise ValueError("broken")


class Hopeless(Process):
    def run(self, dt):
        raise ValueError("hopeless")


class Writer(Process):
    def run(self, dt):
        if machine.tick == 3:
            machine.update(Broken, "class Broken(Process):\n    def run(self, dt): print(machine.tick, 'repaired')")
            machine.update(Hopeless, "class Hopeless(Process):\n    def run(self, dt): raise KeyError('again')")
        if machine.tick > 2:
            print(machine.tick, machine["Broken"].fault is None, str(machine["Hopeless"].fault).splitlines()[0])


Broken()
Hopeless()
Writer(priority=-1)
