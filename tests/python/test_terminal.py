"""The console in a terminal: what the program does while it computes, and when nobody reads."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from program import PROGRAM

DEADLINE = 60.0
"""Seconds until something must be seen; only waited for in full where it does not come."""


class Terminal:
    """The program with a terminal of its own, and somebody at it."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        self.master, slave = pty.openpty()
        environment = {**os.environ, "VIRTUAL_ENV": sys.prefix, "TERM": "xterm", "XDG_CONFIG_HOME": str(folder)}
        command = [PROGRAM, "run", *arguments, "--headless", "--console"]
        self.errors = folder / "errors"
        with self.errors.open("wb") as errors:
            self.run = subprocess.Popen(
                command, stdin=slave, stdout=slave, stderr=errors, env=environment, start_new_session=True
            )
        os.close(slave)
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, seconds: float) -> None:
        """Read what has come, waiting for it so long at most."""
        while select.select([self.master], [], [], seconds)[0] and len(self.seen) < 1_000_000:
            try:
                self.seen += os.read(self.master, 65536).decode(errors="replace")
            except OSError:  # The program has closed it.
                return

    def wait_for(self, text: str) -> None:
        """Read until a text is seen; what came before it is forgotten."""

        def is_seen() -> bool:
            self.read(0.01)
            # A flood is passed over, but for its end, which may be the beginning of the text.
            self.seen = self.seen if text in self.seen else self.seen[-1000:]
            return text in self.seen

        self.wait_until(is_seen, text)
        self.seen = self.seen.partition(text)[2]

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, f"no {what!r} in {self.seen[-2000:]!r}"
            time.sleep(0.01)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.run.kill()
        terminal.run.wait()
        os.close(terminal.master)


def test_ctrl_c_ends_a_line_that_computes(tmp_path: Path, terminals: list[Terminal]) -> None:
    """At once, though the machine is busy with it and the watchdog far away, and with what was typed ahead."""
    terminal = Terminal(tmp_path, "pong", "--step-limit", "600")
    terminals.append(terminal)
    terminal.wait_for(">>> ")
    begun = tmp_path / "begun"
    terminal.type(f"open({str(begun)!r}, 'w').close() or all(iter(int, 1)) or all(iter(lambda: 1, 0))\r")
    terminal.wait_until(begun.exists, "file")
    # More keys than anybody types, each by itself, are no reason not to hear the last one.
    for _ in range(200):
        terminal.type("x")
    time.sleep(0.2)
    terminal.type("\x03")
    terminal.wait_for("KeyboardInterrupt")
    terminal.type("'still ' + 'here'\r")
    terminal.wait_for("'still here'")
    terminal.type("\x04")
    assert terminal.run.wait(DEADLINE) == 0


def test_a_terminal_that_does_not_read_holds_nothing(tmp_path: Path, terminals: list[Terminal]) -> None:
    """The machine's ticks go on; what had no room is told when somebody reads again, and is not waited for."""
    script = tmp_path / "chatter.py"
    script.write_text(
        "from pathlib import Path\n\nfrom metapython import Process, machine\n\n\nclass Chatter(Process):\n"
        "    def run(self, dt: float) -> None:\n        print('x' * 20_000)\n"
        "        Path(__file__).with_name('tick').write_text(str(machine.tick))\n"
    )
    terminal = Terminal(tmp_path, script)
    terminals.append(terminal)
    tick = tmp_path / "tick"
    terminal.wait_until(lambda: tick.exists() and int(tick.read_text() or 0) > 120, "ticks")
    terminal.wait_for("lines are left out: the terminal did not read")
    terminal.type("Chatter.delete()\r")
    terminal.wait_for("delete()")
    terminal.type("'read ' + 'again'\r")
    terminal.wait_for("'read again'")


def test_the_end_does_not_wait_for_a_terminal(tmp_path: Path, terminals: list[Terminal]) -> None:
    """Somebody who does not read does not keep the program from ending."""
    script = tmp_path / "chatter.py"
    script.write_text(
        "from metapython import Process\n\n\nclass Chatter(Process):\n"
        "    def run(self, dt: float) -> None:\n        print('x' * 20_000)\n"
    )
    terminal = Terminal(tmp_path, script)
    terminals.append(terminal)
    terminal.wait_for("xxx")
    time.sleep(1)
    terminal.run.send_signal(signal.SIGTERM)
    assert terminal.run.wait(DEADLINE) == 128 + signal.SIGTERM


def test_top_stays_in_its_place(tmp_path: Path, terminals: list[Terminal]) -> None:
    """It is renewed until Ctrl-C; the log of one's own lines is not shown above them."""
    terminal = Terminal(tmp_path, "pong", "--verbosity", "vv")
    terminals.append(terminal)
    terminal.wait_for(">>> ")
    terminal.type("top name\r")
    for _ in range(3):
        terminal.wait_for("by name; Ctrl-C ends it")
    assert "\x1b[" in terminal.seen or not terminal.seen
    terminal.type("\x03")
    terminal.type("'af' + 'ter'\r")
    terminal.wait_for("'after'")
    assert "console: local" not in terminal.seen + terminal.errors.read_text()
    terminal.type("\x04")
    assert terminal.run.wait(DEADLINE) == 0


def test_an_answer_stands_behind_its_question(tmp_path: Path, terminals: list[Terminal]) -> None:
    """As in Python: the last line of what was printed is the prompt, and stays above with the answer."""
    terminal = Terminal(tmp_path, "pong")
    terminals.append(terminal)
    terminal.wait_for(">>> ")
    terminal.type("print('first'); name = input('who' '? ')\r")
    terminal.wait_for("first")
    terminal.wait_for("who? ")
    terminal.type("me")
    terminal.wait_for("me")
    terminal.type("\r")
    terminal.wait_for(">>> ")
    terminal.type("name + '!'\r")
    terminal.wait_for("'me!'")


SLOW = """
import time

from metapython import Process


class Slow(Process):
    interval = 3600.0
    number: int = 0

    def nap(self) -> None:
        open(FILE, "w").close()
        end = time.monotonic() + 100
        while time.monotonic() < end:
            pass

    def run(self, dt: float) -> None: ...


for number in range(MANY):
    Slow(number=number)
"""


def test_ctrl_c_ends_what_a_command_does(tmp_path: Path, terminals: list[Terminal]) -> None:
    """A method that it calls, and the making of a scene: then all is as it was."""
    begun = tmp_path / "begun"
    script = tmp_path / "slow.py"
    script.write_text(SLOW.replace("FILE", repr(str(begun))).replace("MANY", "3000"))
    terminal = Terminal(tmp_path, script, "--step-limit", "600", "--seed", "1")
    terminals.append(terminal)
    terminal.wait_for(">>> ")
    terminal.type("call Slow nap\r")
    terminal.wait_until(begun.exists, "file")
    terminal.type("\x03")
    terminal.wait_for("KeyboardInterrupt")
    file = tmp_path / "saved.ron"
    terminal.type(f"save {file}\r")
    terminal.wait_for("saved 3000 processes")
    # The last one takes its time: by then all others are made.
    last = file.read_text().rindex("        (\n")
    waits = '        (class: "waits.Waits"),\n    ],\n)\n'
    (tmp_path / "waits.py").write_text(
        "import time\nfrom metapython import Process\n\n\nclass Waits(Process):\n    def __init__(self) -> None:\n"
        f"        open({str(tmp_path / 'waits')!r}, 'w').close()\n        time.sleep(100)\n"
    )
    text = file.read_text()[:last].replace('scripts: [', 'scripts: ["waits.py", ')
    file.write_text(text + waits)
    terminal.type(f"load {file}\r")
    terminal.wait_until((tmp_path / "waits").exists, "the load")
    terminal.type("\x03")
    terminal.wait_for("KeyboardInterrupt: all is as it was before")
    terminal.type("Slow.number, Slow2999.number, 'Waits' in machine\r")
    terminal.wait_for("(0, 2999, False)")


def test_tab_completes_what_scripts_have(tmp_path: Path, terminals: list[Terminal]) -> None:
    """Classes, methods and scripts stand in for the words of commands; a process does what its name says."""
    script = tmp_path / "garden.py"
    script.write_text(
        "from metapython import Process\n\n"
        "class Sunflower(Process):\n"
        "    interval = 1.0\n\n"
        "    def water(self, liters: int) -> str:\n"
        "        return f'{liters} liters'\n"
    )
    terminal = Terminal(tmp_path, script, "--clock", "real")
    terminals.append(terminal)
    terminal.wait_for(">>> ")
    terminal.type("spawn Sunf\t\r")
    terminal.wait_for("Sunflower1")
    terminal.type("call Sunflower1 wat\t 1234\r")
    terminal.wait_for("'1234 liters'")
    terminal.type("update gar\t\r")
    terminal.wait_for("garden.py: ")
