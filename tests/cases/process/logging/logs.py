"""Logs at the beginning, in a step, on a thread, at the process's end and after the machine's."""

import atexit
import logging
import threading

from metapython import Process

logging.warning("while loading")


class Chatty:
    """Logs when it is written, which would go on for ever."""

    def __str__(self):
        logging.getLogger("chatty").warning("again: %s", self)
        return "chatty"


def elsewhere():
    for number in range(3):
        logging.getLogger("thread").info("%d on another thread", number)


class Logger(Process):
    interval = 1 / 60
    steps: int = 0

    def run(self, dt):
        self.steps += 1
        logging.getLogger("step").log(logging.DEBUG, "hidden")
        if self.steps == 1:
            logging.getLogger("step").warning("%s", Chatty())
            thread = threading.Thread(target=elsewhere)
            thread.start()
            thread.join()
        else:
            logging.getLogger("step").error("the second")

    def __del__(self):
        logging.getLogger("end").info("the process is gone")


Logger()
atexit.register(logging.warning, "after the machine")
