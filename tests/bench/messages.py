"""What a message costs, Python to Python, in batches: beside a deque with the bytes copied at both ends."""

from collections import deque
from time import perf_counter_ns

from metapython import Process, machine
from report import report

BATCH = 64
TICKS = 2000
SIZES = (64, 4096)


class Receiver(Process):
    """Reads what was sent in the tick before, before the sender sends the next."""

    priority = 1
    memory_size = 1 << 20
    took: int = 0
    received: int = 0

    def run(self, dt: float) -> None:
        if machine.tick == 1:
            return
        start = perf_counter_ns()
        messages = self.read_messages()
        self.took = perf_counter_ns() - start
        self.received += len(messages)
        sender = sender_of[self.instance_name]
        assert len(messages) == BATCH and all(message == sender.payload for message in messages)


class Sender(Process):
    """Sends a batch a tick, and does the same with a deque."""

    size: int
    target: str

    def start(self) -> None:
        self.payload = bytearray(range(256)) * (self.size // 256) or bytearray(self.size)
        self.ours: list[float] = []
        self.peers: list[float] = []

    def run(self, dt: float) -> None:
        source, target, receiver = self.payload, self.target, machine[self.target]
        start = perf_counter_ns()
        for _ in range(BATCH):
            self.send_to(target, source)
        sent = perf_counter_ns() - start
        queue: deque[bytes] = deque()
        start = perf_counter_ns()
        for _ in range(BATCH):
            queue.append(bytes(source))
        read = [bytes(memoryview(queue.popleft())) for _ in range(BATCH)]
        peer = perf_counter_ns() - start
        assert len(read) == BATCH
        if machine.tick > 1:
            self.ours.append((sent + receiver.took) / BATCH)
            self.peers.append(peer / BATCH)


class End(Process):
    """Tells of it."""

    priority = -1

    def run(self, dt: float) -> None:
        if machine.tick < TICKS:
            return
        for sender in sender_of.values():
            received = machine[sender.target].received
            assert received == (TICKS - 1) * BATCH, f"{received} messages came"
            name = f"messages, {sender.size} B"
            samples = {"ours": sender.ours, "deque": sender.peers}
            report(name, "ns a message", {"ratio": 1}, samples)
        machine.stop()


sender_of = {
    Receiver(instance_name=f"Receiver{size}").instance_name: Sender(size=size, target=f"Receiver{size}")
    for size in SIZES
}
End()
