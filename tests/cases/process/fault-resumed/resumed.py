"""A nurse resumes a patient."""

from metapython import Process, machine


class Patient(Process):
    is_well: bool = False

    def run(self, dt):
        if not self.is_well:
            raise RuntimeError("unwell")
        print(machine.tick, "Patient steps after", round(dt * 60), "ticks")


class Nurse(Process):
    def run(self, dt):
        if machine.tick == 3:
            print(machine.tick, machine["Patient"].fault.splitlines()[-1])
            machine["Patient"].is_well = True
            machine["Patient"].resume()
