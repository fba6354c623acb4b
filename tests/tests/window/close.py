"""Asks a window to close, as a window manager does when its cross is clicked.

Without a window manager no program at hand does: xdotool destroys the window instead.
Usage: close.py WINDOW, with DISPLAY set.
"""

import ctypes
import sys


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent of X11/Xlib.h, as long as an XEvent."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 24),
    ]


CLIENT_MESSAGE = 33

x11 = ctypes.CDLL("libX11.so.6")
x11.XOpenDisplay.restype = ctypes.c_void_p
x11.XInternAtom.restype = ctypes.c_ulong
display = ctypes.c_void_p(x11.XOpenDisplay(None))
window = ctypes.c_ulong(int(sys.argv[1]))
event = ClientMessage(
    type=CLIENT_MESSAGE,
    window=window.value,
    message_type=x11.XInternAtom(display, b"WM_PROTOCOLS", 0),
    format=32,
)
event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
x11.XSendEvent(display, window, 0, ctypes.c_long(0), ctypes.byref(event))
x11.XCloseDisplay(display)
