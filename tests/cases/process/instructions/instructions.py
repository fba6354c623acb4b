"""Somebody who is told things."""

from metapython import Instruction, Process, machine


class Listener(Process):
    interval = 0.25

    def start(self):
        self.alert("at tick {}", machine.tick, callback_instruction=Instruction("Listener", "hear", "alert"))
        Instruction("Listener", "hear", "half a second", loud=True).execute(delay=0.5)
        Instruction("Listener", "hear", "low").execute()
        Instruction("Listener", "hear", "high").execute(priority=1)
        Instruction("Nobody", "hear", "lost").execute()
        Instruction("Listener", "listen").execute(delay=0.1)
        try:
            Instruction("Listener", "hear").execute(delay=-1)
        except ValueError as error:
            print(machine.tick, error)

    def hear(self, text, loud=False):
        print(machine.tick, text.upper() if loud else text)

    def run(self, dt):
        print(machine.tick, "step")
        if self.instance_name == "Listener" and machine.tick == 16:
            self.delete()
