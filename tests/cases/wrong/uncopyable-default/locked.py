import threading
from typing import Any

from metapython import Process


class Locked(Process):
    lock: Any = threading.Lock()


Locked()
