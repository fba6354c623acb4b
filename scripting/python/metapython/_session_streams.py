"""The standard streams of a console session."""

from __future__ import annotations

import io
from typing import NoReturn

MAX_OUTPUT = 1_000_000
"""The longest output of one evaluation, in characters: ten thousand lines and more, which is what a
console can scroll through; a loop that prints for two seconds says a hundred times that."""


class Output(io.TextIOBase):
    """What an evaluation prints, up to a bound."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = MAX_OUTPUT
        self.left_out = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Take a text in. TypeError for anything else, as streams have it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        part = text[: self.room]
        self.parts.append(part)
        self.room -= len(part)
        self.left_out += len(text) - len(part)
        return len(text)

    def take(self) -> str:
        """What has been printed since this was last called."""
        if self.left_out:
            self.parts.append(f"\n... ({self.left_out} characters are left out)\n")
        text = "".join(self.parts)
        self.parts, self.room, self.left_out = [], MAX_OUTPUT, 0
        # What is no character, as half of a surrogate pair, has no bytes either.
        return text.encode(self.encoding, self.errors).decode(self.encoding)


class NoInput(io.TextIOBase):
    """The standard input of a session: to read from it would hold the machine."""

    encoding = "utf-8"

    def readable(self) -> bool:
        return True

    def refuse(self, *_: object) -> NoReturn:
        raise RuntimeError(
            "input() would hold the machine here until the answer comes: call it in the line itself or in a "
            "function that is typed at this console and that the line calls by its name, or use "
            "`await input(prompt)` in an `async def`, for which everything else goes on"
        )

    read = readline = readlines = __next__ = refuse
