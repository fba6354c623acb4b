from metapython import machine, window

window.width = window.height = 16
machine.stop(7)
