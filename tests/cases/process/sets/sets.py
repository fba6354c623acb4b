"""A set of processes, in the order in which it gives them."""

from metapython import Process, machine


class Thing(Process):
    pass


things = [Thing() for _ in range(40)]
print([thing.instance_name for thing in set(reversed(things))])
