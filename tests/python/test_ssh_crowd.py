"""Clients of the console over SSH that do not behave: nobody else suffers from them, least of all the machine."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from ssh_machine import Terminal, needs_ssh, running, until

pytestmark = pytest.mark.skipif(bool(needs_ssh), reason=needs_ssh)


def test_a_client_that_never_reads_is_dropped(tmp_path: Path) -> None:
    """What a session prints without end fills no memory when its client stands still: the client goes."""
    with running(tmp_path) as (machine, key):
        line = "while True:\n    print('x' * 100_000)\n    _ = await next_tick()"
        client = subprocess.Popen(
            [*machine.client(key), line],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=machine.environment,
        )
        assert client.stdout is not None
        assert client.stdout.read(100) == b"x" * 100
        client.send_signal(signal.SIGSTOP)
        machine.ticks_on(key)
        machine.wait_for(r"alice@127\.0\.0\.1 was dropped: too much output was not taken")
        until(lambda: machine.ssh(key, "who").stdout.count("alice@") == 1, "its session is still there")
        machine.ticks_on(key)
        client.send_signal(signal.SIGCONT)
        client.stdout.close()
        client.kill()
        client.wait()


def test_a_client_that_reads_is_not_dropped(tmp_path: Path) -> None:
    """However much it is sent, as long as it takes it."""
    with running(tmp_path) as (machine, key):
        line = "for number in range(300):\n    print('x' * 20_000)\n    _ = await next_tick()"
        run = machine.ssh(key, line)
        assert (run.returncode, len(run.stdout)) == (0, 300 * 20_001)


def test_a_client_that_is_cut_off_is_forgotten(tmp_path: Path) -> None:
    """In the middle of a line, and of what it awaits."""
    with running(tmp_path) as (machine, key):
        typing, waiting = Terminal(machine.client(key)), Terminal(machine.client(key))
        for terminal in (typing, waiting):
            terminal.expect(">>> ")
        waiting.type("await sleep(1000)\r")
        waiting.expect(r"\.\.\. ")
        typing.type("machine.stop(")
        typing.expect("stop")
        typing.kill()
        waiting.kill()
        machine.wait_for("logged out", 2)
        until(lambda: machine.ssh(key, "who").stdout.count("alice@") == 1, "a session is still there")
        machine.ticks_on(key)


def test_a_thousand_connections_that_never_log_in(tmp_path: Path) -> None:
    """They make room for each other; whoever can log in does, while they come and after."""
    with running(tmp_path) as (machine, key):
        crowd = []
        try:
            for number in range(1_000):
                crowd.append(socket.create_connection(("127.0.0.1", machine.port), 60))
                if number % 250 == 100:
                    assert machine.ssh(key, "'in'").stdout == "'in'\n"
            crowd[-1].sendall(b"SSH-2.0-nobody\r\n")
            assert machine.ssh(key, "'in'").stdout == "'in'\n"
            machine.ticks_on(key)
            machine.wait_for(r"\d+ connections that had not logged in had to make room for others")
            assert len(os.listdir(f"/proc/{machine.process.pid}/fd")) < 300
        finally:
            for connection in crowd:
                connection.close()
        machine.ticks_on(key)


def test_users_are_limited(tmp_path: Path) -> None:
    """As many as the settings say; the next is told why not, and gets in when one has gone."""
    config = tmp_path / "config" / "metapython"
    config.mkdir(parents=True, mode=0o700)
    settings = config / "remote.ron"
    settings.write_text("(version: 1, limits: (users: 1))")
    settings.chmod(0o600)
    with running(tmp_path) as (machine, key):
        terminal = Terminal(machine.client(key))
        terminal.expect(">>> ")
        run = machine.ssh(key, "1", options=("-o", "LogLevel=INFO"))
        assert run.returncode == 255
        assert "as many users as may be are logged in" in run.stderr
        terminal.type("\x04")
        assert terminal.end() == 0
        until(lambda: machine.ssh(key, "1").stdout == "1\n", "nobody gets in any more")


def test_nobody_logs_in_for_ever(tmp_path: Path) -> None:
    """Whoever takes too long is cut off, whether it has said something or not."""
    config = tmp_path / "config" / "metapython"
    config.mkdir(parents=True, mode=0o700)
    settings = config / "remote.ron"
    settings.write_text("(version: 1, limits: (login_secs: 1))")
    settings.chmod(0o600)
    with running(tmp_path) as (machine, _):
        for greeting in (b"", b"SSH-2.0-slow\r\n"):
            with socket.create_connection(("127.0.0.1", machine.port), 60) as connection:
                connection.sendall(greeting)
                received = b""
                while data := connection.recv(4096):
                    received += data
                assert received.startswith(b"SSH-2.0-metapython")


def test_too_much_input_is_not_kept(tmp_path: Path) -> None:
    """Whoever sends more than the machine takes is dropped, and the machine goes on."""
    with running(tmp_path) as (machine, key):
        run = machine.ssh(key, stdin="await sleep(1000)\n" + "1\n" * 4_000_000)
        assert run.returncode == 255
        machine.wait_for("more input came than the machine could take")
        machine.ticks_on(key)
