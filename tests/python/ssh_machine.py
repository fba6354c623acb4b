"""A machine whose console is reached over SSH, and OpenSSH's own clients of it."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from program import PROGRAM

needs_ssh = "OpenSSH's client is not installed (Debian: openssh-client)" if shutil.which("ssh") is None else ""

# How long something may take that takes a fraction of a second when the computer has nothing else to do.
DEADLINE = 60.0

SCENE = """\
from metapython import Process


class Ball(Process):
    \"\"\"Does nothing, every tick.\"\"\"

    size: float = 1.0

    def run(self, dt: float) -> None: ...
"""


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for a condition; what it is that does not come is said after the deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


class SshMachine:
    """A machine with a folder of its own, headless and in real time; ended by `stop`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        """Prepare it; `arguments` are given to the program beside the usual."""
        self.folder = folder
        self.config = folder / "config" / "metapython"
        self.config.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.scene = folder / "balls.py"
        self.scene.write_text(SCENE)
        self.arguments = arguments
        self.environment = {
            **os.environ,
            "VIRTUAL_ENV": sys.prefix,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "SSH_AUTH_SOCK": "",
        }
        self.errors = ""
        self.output = folder / "output"

    def limit(self, limits: str) -> None:
        """Set limits in its settings, as `users: 1`."""
        settings = self.config / "remote.ron"
        settings.write_text(f"(version: 1, limits: ({limits}))")
        settings.chmod(0o600)

    def key(self, name: str, role: str | None = None, *, authorized: bool = True) -> Path:
        """A new key, which gets in with a role; without one, with what that is then."""
        path = self.folder / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
        if authorized:
            option = f'role="{role}" ' if role else ""
            with (self.config / "authorized_keys").open("a") as file:
                file.write(option + path.with_suffix(".pub").read_text())
        return path

    def set_password(self, password: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `metapython password` as a script would."""
        return self._run([str(PROGRAM), "password", *arguments], stdin=f"{password}\n")

    def start(self) -> Self:
        """Start it, and wait until it listens. What it prints is in the file `output`."""
        command = [str(PROGRAM), "run", str(self.scene), *self.arguments]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [*command, "--headless", "--clock", "real", "--ssh", "127.0.0.1:0"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                text=True,
            )
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for(r"listens on")
        found = re.search(r"listens on 127\.0\.0\.1:(\d+)", self.errors)
        assert found is not None, self.errors
        self.port = int(found[1])
        return self

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line

    def wait_for(self, pattern: str, count: int = 1) -> None:
        """Wait until its error stream has said something, so many times."""
        until(lambda: len(re.findall(pattern, self.errors)) >= count, f"no {count} x {pattern!r} in {self.errors}")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """End it; its status."""
        self.process.send_signal(sign)
        return self.process.wait(DEADLINE)

    def client(self, key: Path | None, *options: str, user: str = "alice") -> list[str]:
        """The beginning of a command line of OpenSSH's client; what is to be said follows it."""
        settings = {
            "HostKeyAlias": "metapython",
            "UserKnownHostsFile": self.folder / "known_hosts",
            "StrictHostKeyChecking": "accept-new",
            "LogLevel": "ERROR",
            "IdentitiesOnly": "yes",
            "ConnectTimeout": "60",
            "BatchMode": "yes" if key else "no",
        }
        identity = ["-i", str(key)] if key else ["-o", "PubkeyAuthentication=no"]
        given = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        return ["ssh", "-F", "none", "-p", str(self.port), *identity, *given, *options, f"{user}@127.0.0.1"]

    def ssh(
        self, key: Path | None, *line: str, options: tuple[str, ...] = (), stdin: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Have OpenSSH's client say a line, or give it what it is to read."""
        return self._run([*self.client(key, *options), *line], stdin, **environment)

    def ssh_by_password(
        self, password: str, *line: str, options: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """The same, by a password that OpenSSH asks a program for."""
        ask = self.folder / "ask"
        ask.write_text('#!/bin/sh\nprintf "%s\\n" "$ANSWER"\n')
        ask.chmod(0o700)
        asked = {"SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ":0", "ANSWER": password}
        return self.ssh(None, *line, options=options, **asked)

    def _run(self, command: list[str], stdin: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env={**self.environment, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=DEADLINE * 2,
            check=False,
        )

    def terminal(self, key: Path, columns: int = 80) -> "Terminal":
        """A client at a terminal that shows the prompt."""
        terminal = Terminal(self.client(key), columns)
        terminal.expect(">>> ")
        return terminal

    def users(self, key: Path) -> int:
        """How many sessions of clients there are, beside the one that asks."""
        return self.ssh(key, "who").stdout.count("alice@") - 1

    def tick(self, key: Path) -> int:
        """The machine's tick, as a session of its own is told."""
        run = self.ssh(key, "machine.tick")
        assert run.returncode == 0, run.stderr + self.errors
        return int(run.stdout)

    def ticks_on(self, key: Path) -> None:
        """See that it goes on."""
        before = self.tick(key)
        until(lambda: self.tick(key) > before, "the machine stands still")


@contextmanager
def running(folder: Path, *arguments: str, limits: str = "") -> Iterator[tuple[SshMachine, Path]]:
    """A machine that runs for the time of a block, and a key that gets in with the role `exec`."""
    machine = SshMachine(folder, *arguments)
    if limits:
        machine.limit(limits)
    key = machine.key("exec")
    machine.start()
    try:
        yield machine, key
    finally:
        machine.stop()


class Terminal:
    """A client at a terminal; what it shows is gathered."""

    def __init__(self, command: list[str], columns: int = 80) -> None:
        """Start the command in a terminal of its own."""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execvp(command[0], command)
        self.shown = ""
        self.resize(columns)

    def resize(self, columns: int, rows: int = 24) -> None:
        """Give the terminal another size."""
        termios.tcsetwinsize(self.fd, (rows, columns))

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.fd, text.encode())

    def read(self) -> bool:
        """Take what is shown now; whether the client is still there."""
        while select.select([self.fd], [], [], 0.02)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                return False
            self.shown += data.decode(errors="replace")
        return True

    def expect(self, pattern: str) -> None:
        """Wait until something is shown, and forget what was shown up to its end."""
        end = time.monotonic() + DEADLINE
        while (found := re.search(pattern, self.shown)) is None:
            is_there = self.read()
            assert is_there or re.search(pattern, self.shown), f"gone without {pattern!r}: {self.shown!r}"
            assert time.monotonic() < end, f"no {pattern!r} in {self.shown!r}"
        self.shown = self.shown[found.end() :]

    def end(self) -> int:
        """Wait until the client ends by itself; its status."""
        until(lambda: not self.read(), f"the client does not end: {self.shown!r}")
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self) -> None:
        """Cut the client off."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
