"""Says something at each level."""

from metapython import Process


class Herald(Process):
    interval = 1 / 60

    def start(self):
        for level in ("error", "v", "vv", "vvv", "vvvv"):
            self.alert("{} of {:.1f}", level, 1.25, level=level, callback=print)
        self.alert("braces {} without arguments")
        try:
            self.alert("?", level="loud")
        except ValueError as error:
            print(error)
