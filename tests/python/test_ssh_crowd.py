"""Clients of the console over SSH that do not behave: nobody else suffers from them, least of all the machine."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from ssh_machine import needs_ssh, running, until

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
        machine.wait_for(r"alice@127\.0\.0\.1:\d+ was dropped: too much output was not taken")
        until(lambda: machine.users(key) == 0, "its session is still there")
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
        typing, waiting = machine.terminal(key), machine.terminal(key)
        waiting.type("await sleep(1000)\r")
        waiting.expect(r"\.\.\. ")
        typing.type("machine.stop(")
        typing.expect("stop")
        typing.kill()
        waiting.kill()
        machine.wait_for("logged out", 2)
        until(lambda: machine.users(key) == 0, "a session is still there")
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
    with running(tmp_path, limits="users: 1") as (machine, key):
        terminal = machine.terminal(key)
        run = machine.ssh(key, "1", options=("-o", "LogLevel=INFO"))
        assert run.returncode == 255
        assert "as many users as may be are logged in" in run.stderr
        terminal.type("\x04")
        assert terminal.end() == 0
        until(lambda: machine.ssh(key, "1").stdout == "1\n", "nobody gets in any more")


def test_nobody_logs_in_for_ever(tmp_path: Path) -> None:
    """Whoever takes too long is cut off, whether it has said something or not."""
    with running(tmp_path, limits="login_secs: 1") as (machine, _):
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


def test_a_client_that_stands_still_is_let_go_of(tmp_path: Path) -> None:
    """One that has nothing to say is asked whether it is there; one that answers stays, however long it is silent."""
    with running(tmp_path, limits="keepalive_secs: 1") as (machine, key):
        silent, frozen = machine.terminal(key), machine.terminal(key)
        os.kill(frozen.pid, signal.SIGSTOP)
        # Whoever asks how many there are is there too: it is not asked before the log says that one has gone.
        machine.wait_for("logged out")
        assert machine.users(key) == 1
        silent.type("'st' 'ill'\r")
        silent.expect("still")
        frozen.kill()
        silent.kill()


def test_a_connection_has_ten_channels(tmp_path: Path) -> None:
    """The eleventh is refused and disturbs none of the others; when one has gone there is room again."""
    with running(tmp_path) as (machine, key):
        share = ("-o", f"ControlPath={tmp_path}/c")  # The path of a socket has 107 bytes at most.
        # With a connection of its own a refused client would get in after all.
        shared = (*share, "-o", "ProxyCommand=false")
        master = subprocess.Popen([*machine.client(key, *share, "-M", "-N")], env=machine.environment)
        until(lambda: any(map(Path.is_socket, tmp_path.iterdir())), "no connection is shared")
        line = [*machine.client(key, *shared), "await sleep(1000)"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        channels = [subprocess.Popen(line, env=machine.environment, **quiet) for _ in range(10)]
        until(lambda: machine.users(key) == 10, "not all channels are sessions")
        refused = machine.ssh(key, "1", options=shared)
        assert (refused.returncode, refused.stdout) == (255, "")
        assert "Session open refused by peer" in refused.stderr
        assert machine.users(key) == 10
        channels[0].terminate()
        until(lambda: machine.ssh(key, "1", options=shared).stdout == "1\n", "there is no room for another one")
        master.terminate()
        for process in (master, *channels):
            process.wait()
        until(lambda: machine.users(key) == 0, "a session is still there")
