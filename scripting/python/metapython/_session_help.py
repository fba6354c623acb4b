"""`help` at a console: into the session's output, without a pager that would wait for keys."""

from __future__ import annotations

import sys
from typing import Any

USAGE = (
    "help(x) describes an object: a class, a process, a function, a module.\n"
    'help("word") describes what the word names: a module, a keyword, a topic; help("topics") lists them.\n'
    "input(prompt) asks you, in a line itself and in functions that are typed here and called by their name; "
    "elsewhere\nit would hold the machine and is refused: write `await input(prompt)` in an `async def` there.\n"
)


class Help:
    """Describe an object, or what a text names."""

    def __repr__(self) -> str:
        return "Type help(object) for help about object."

    def __call__(self, *request: Any) -> None:
        """Describe an object; without one, say how to."""
        if not request:
            sys.stdout.write(USAGE)
            return
        import pydoc

        paged: Any = pydoc
        pager, paged.pager = paged.pager, pydoc.plainpager
        try:
            pydoc.Helper(output=sys.stdout)(*request)
        finally:
            paged.pager = pager
