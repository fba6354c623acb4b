"""Prints the width and the height of a window's icon, px, once the window has one.

Usage: icon.py WINDOW, with DISPLAY set.
"""

import ctypes
import sys
import time

ANY_TYPE = 0

x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XInternAtom.restype = ctypes.c_ulong
display = ctypes.c_void_p(x11.XOpenDisplay(None))
window = ctypes.c_ulong(int(sys.argv[1]))
icon = ctypes.c_ulong(x11.XInternAtom(display, b"_NET_WM_ICON", 0))
kind, count, rest = (ctypes.c_ulong() for _ in range(3))
form = ctypes.c_int()
values = ctypes.POINTER(ctypes.c_long)()
# The first two values are its size; its pixels follow.
offset, length = ctypes.c_long(0), ctypes.c_long(2)
found = map(ctypes.byref, (kind, form, count, rest, values))
wanted = (display, window, icon, offset, length, 0, ctypes.c_ulong(ANY_TYPE), *found)
deadline = time.monotonic() + 30
while x11.XGetWindowProperty(*wanted) == 0 and count.value != 2 and time.monotonic() < deadline:
    time.sleep(0.02)
print(*values[: count.value])
x11.XCloseDisplay(display)
