"""Ping asks, Pong answers."""

from metapython import Process, machine


class Ping(Process):
    def start(self):
        self.send_to("Pong", b"one")
        self.send_to("Pong", bytearray(b"two"))
        try:
            self.send_to("Pang", b"lost")
        except LookupError as error:
            print(machine.tick, "Ping:", error)

    def run(self, dt):
        print(machine.tick, "Ping reads", self.read_messages())


class Pong(Process):
    def run(self, dt):
        messages = self.read_messages()
        print(machine.tick, "Pong reads", messages)
        for message in messages:
            self.send_to("Ping", message.upper())
