"""A script with a name that is no module's, beside one that is."""

import _2_my_game

from metapython import Process


class Thing(Process):
    def start(self):
        print(self.instance_name, type(self).__module__, _2_my_game.SAID)
        self.create(f"{__name__}.Other")


class Other(Process):
    def start(self):
        print(self.instance_name)


Thing()
