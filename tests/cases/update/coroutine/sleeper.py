from metapython import Process, machine, sleep


class Ball(Process):
    async def run(self):
        try:
            for n in range(100):
                print(f"{machine.time:.3f} old", n)
                await sleep(0.3)
        finally:
            print(f"{machine.time:.3f} closed")


MOVED = """
# The same run(), further down.

class Ball(Process):
    def other(self):
        return 3

    async def run(self):
        try:
            for n in range(100):
                print(f"{machine.time:.3f} old", n)
                await sleep(0.3)
        finally:
            print(f"{machine.time:.3f} closed")
"""
BAD = """
class Ball(Process):
    async def run(self):
        print("bad begins")
        1/0
"""
NEW = """
class Ball(Process):
    async def run(self):
        while True:
            print(f"{machine.time:.3f} new")
            await sleep(0.2)
"""
SYNC = """
class Ball(Process):
    interval = 0.25
    def run(self, dt):
        print(f"{machine.time:.3f} sync {dt:.3f}")
"""

class Boss(Process):
    def run(self, dt):
        text = {20: MOVED, 40: BAD, 60: NEW, 100: SYNC, 150: NEW}.get(machine.tick)
        if text:
            print(f"{machine.time:.3f} update")
            machine.update(Ball, text)

Ball()
Boss()
