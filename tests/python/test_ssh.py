"""The console over SSH, with OpenSSH's client: lines, pipes, terminals."""

import re
import subprocess
import time
from pathlib import Path

import pytest
from ssh_machine import Terminal, needs_ssh, running, until

pytestmark = pytest.mark.skipif(bool(needs_ssh), reason=needs_ssh)


def test_a_line_is_answered(tmp_path: Path) -> None:
    """`ssh host ps`: the answer, on the right stream, and whether it failed."""
    with running(tmp_path) as (machine, key):
        run = machine.ssh(key, "ps")
        assert (run.returncode, run.stderr) == (0, "")
        assert "balls.Ball" in run.stdout
        run = machine.ssh(key, "1 / 0")
        assert (run.returncode, run.stdout) == (1, "")
        assert "ZeroDivisionError" in run.stderr
        run = machine.ssh(key, "inspect Nobody")
        assert run.returncode == 1
        assert "Nobody" in run.stderr
        assert machine.ssh(key, "for i in range(2):\n  print(i)").stdout == "0\n1\n"
        assert machine.ssh(key, 'await input("who? ")', stdin="bob\n").stdout == "who? \n'bob'\n"
        # Nobody is there to answer: it ends all the same.
        run = machine.ssh(key, "x = input()")
        assert (run.returncode, run.stderr.splitlines()[-1]) == (1, "EOFError: EOF when reading a line")
        assert "EOFError" in machine.ssh(key, stdin="await input()\n").stderr
        run = machine.ssh(key, "print('x' * 900_000)")
        assert (run.returncode, len(run.stdout)) == (0, 900_001)


def test_a_pipe_is_answered(tmp_path: Path) -> None:
    """Lines and blocks are evaluated in order; the end of the input ends the session, not before its last line."""
    with running(tmp_path) as (machine, key):
        lines = ["x = 5", "x", "for i in range(2):", "  print(i)", "", 'await sleep(0.1) and "slept"', "x + 1"]
        run = machine.ssh(key, stdin="\n".join(lines))
        assert (run.returncode, run.stdout, run.stderr) == (0, "5\n0\n1\n'slept'\n6\n", "")
        run = machine.ssh(key, stdin="1 / 0\n'still there'\n")
        assert (run.returncode, run.stdout) == (1, "'still there'\n")
        run = machine.ssh(key, stdin="quit\n'not there any more'\n")
        assert (run.returncode, run.stdout) == (0, "")
        many = "".join(f"{number}\n" for number in range(1_000))
        assert machine.ssh(key, stdin=many).stdout == many
        machine.ticks_on(key)


def test_a_terminal_has_a_line_editor(tmp_path: Path) -> None:
    """A prompt, editing, history, alerts above the line; Ctrl-D ends the session and not the machine."""
    with running(tmp_path) as (machine, key):
        terminal = Terminal(machine.client(key))
        terminal.expect(r"alice@127\.0\.0\.1:\d+ and have the role `exec`")
        terminal.expect(">>> ")
        terminal.type("6 * 8\x7f7\r")
        terminal.expect("42\r\n")
        terminal.type("\x1b[A\r")
        terminal.expect("42\r\n")
        terminal.type("ba")
        assert machine.ssh(key, "1").stdout == "1\n"
        terminal.expect(r"ssh: alice@127\.0\.0\.1:\d+ logged in")
        terminal.type("lls.Ball.__name__\r")
        terminal.expect("Ball")
        terminal.type("\x04")
        assert terminal.end() == 0
        terminal = machine.terminal(key)
        # What was typed is kept.
        terminal.type("\x1b[A\x1b[A\r")
        terminal.expect("42\r\n")
        terminal.type("quit\r")
        assert terminal.end() == 0
        machine.ticks_on(key)


def test_ctrl_c_interrupts(tmp_path: Path) -> None:
    """What waits and what computes is ended by Ctrl-C; the session stays."""
    with running(tmp_path) as (machine, key):
        terminal = machine.terminal(key)
        terminal.type("await sleep(1000)\r")
        terminal.expect(r"\.\.\. ")
        terminal.type("\x03")
        terminal.expect("KeyboardInterrupt")
        begun = tmp_path / "begun"
        terminal.type(f"open({str(begun)!r}, 'w').close(); exec('while True: pass')\r")
        until(begun.exists, "the line is not evaluated")
        terminal.type("\x03")
        terminal.expect("KeyboardInterrupt")
        terminal.type("'st' 'ill'\r")
        terminal.expect("still")
        terminal.kill()
        # With a terminal, but without a line editor.
        terminal = Terminal(machine.client(key, "-t") + ["await sleep(1000)"])
        machine.wait_for("logged in", 2)
        terminal.type("\x03")
        terminal.expect("KeyboardInterrupt")
        assert terminal.end() == 1
        machine.ticks_on(key)


def test_a_terminal_is_resized(tmp_path: Path) -> None:
    """A line is broken where the terminal ends, and anew when that is elsewhere."""
    with running(tmp_path) as (machine, key):
        terminal = machine.terminal(key, columns=60)
        terminal.type("x" * 100)
        terminal.expect("x{40,}")
        assert "x" * 100 not in terminal.shown
        terminal.resize(150)
        terminal.expect("x{100}")
        terminal.kill()


def test_a_terminal_shows_what_happens_while_it_is_resized(tmp_path: Path) -> None:
    """However long somebody pulls at the edge of its window."""
    with running(tmp_path) as (machine, key):
        terminal = machine.terminal(key)
        terminal.type("'st' 'ill'\r")
        end = time.monotonic() + 20
        columns = 60
        while "still" not in terminal.shown:
            assert time.monotonic() < end, terminal.shown
            columns = 60 + (columns + 1) % 40
            terminal.resize(columns)
            terminal.read()
        terminal.kill()


def test_what_is_quoted_speaks_to_no_terminal(tmp_path: Path) -> None:
    """Without one at the server's end there is one at the client's; what a script prints is its own affair."""
    with running(tmp_path) as (machine, key):
        assert machine.ssh(key, r"print('\x1b[1mbold\x1b[m')").stdout == "\x1b[1mbold\x1b[m\n"
        run = machine.ssh(key, r"raise ValueError('\x1b[2J\x9b2J')")
        assert r"ValueError: \u{1b}[2J\u{9b}2J" in run.stderr
        assert machine.ssh(key, r"Ball.alert('\x1b[2J')").returncode == 0
        told = machine.ssh(key, "log").stdout
        assert r"Ball: \u{1b}[2J" in told
        assert "\x1b" not in run.stderr + told


def test_many_at_once(tmp_path: Path) -> None:
    """Each has names of its own, over one connection or several."""
    with running(tmp_path) as (machine, key):
        share = ("-o", "ControlMaster=auto", "-o", f"ControlPath={tmp_path}/%C", "-o", "ControlPersist=60")
        clients = []
        for number in range(8):
            command = machine.client(key, *(share if number % 2 else ()))
            stdin = f"mine = {number}\nawait sleep(0.3) and mine\n'mine' in dir(), mine\n"
            client = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=machine.environment
            )
            assert client.stdin is not None
            client.stdin.write(stdin)
            client.stdin.close()
            clients.append(client)
        for number, client in enumerate(clients):
            assert client.stdout is not None
            output = client.stdout.read()
            assert client.wait() == 0
            assert output.endswith(f"(True, {number})\n"), output
        subprocess.run([*machine.client(key, *share), "-O", "exit"], check=False, capture_output=True)
        machine.ticks_on(key)


def test_other_services_are_refused(tmp_path: Path) -> None:
    """No files, no forwarding; and what else a client asks for is done all the same."""
    with running(tmp_path) as (machine, key):
        assert machine.ssh(key, "sftp", options=("-s",)).returncode != 0
        forward = ("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1")
        assert machine.ssh(key, "1", options=forward).returncode == 255
        assert machine.ssh(key, options=("-W", "127.0.0.1:1")).returncode != 0
        extras = ("-o", "SetEnv=LANG=C", "-o", "ForwardAgent=yes")
        assert machine.ssh(key, "1 + 1", options=extras).stdout == "2\n"
        assert re.search("forward|sftp", machine.errors) is None


def test_the_end_of_the_machine_ends_the_sessions(tmp_path: Path) -> None:
    """Clients are told, and the machine does not wait for those that do not listen."""
    with running(tmp_path) as (machine, key):
        terminal = machine.terminal(key)
        waiting = subprocess.Popen(
            [*machine.client(key), "await sleep(1000)"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=machine.environment,
        )
        machine.wait_for("logged in", 2)
        until(lambda: "alice" in machine.ssh(key, "who").stdout, "no session")
        machine.ssh(key, "machine.stop(3)")
        terminal.expect("the machine has ended")
        assert terminal.end() == 0
        assert waiting.stderr is not None
        assert "the machine has ended" in waiting.stderr.read()
        assert machine.process.wait(30) == 3


def test_exit_has_its_status(tmp_path: Path) -> None:
    """That of `exit(3)` and the like, in a line, in a pipe and at a terminal."""
    with running(tmp_path) as (machine, key):
        assert machine.ssh(key, "exit(3)").returncode == 3
        assert machine.ssh(key, "raise SystemExit").returncode == 0
        run = machine.ssh(key, stdin="1/0\nraise SystemExit('no')\n'not' ' reached'\n")
        assert run.returncode == 1 and "no\n" in run.stdout + run.stderr and "not reached" not in run.stdout
        assert machine.ssh(key, stdin="1/0\nexit()\n").returncode == 0
        terminal = Terminal(machine.client(key))
        terminal.expect(">>> ")
        terminal.type("exit(4)\r")
        assert terminal.end() == 4
        machine.ticks_on(key)


def test_an_answer_stands_behind_its_question(tmp_path: Path) -> None:
    """As in Python; what was typed ahead is an answer too, and the question is seen all the same."""
    with running(tmp_path) as (machine, key):
        terminal = Terminal(machine.client(key))
        terminal.expect(">>> ")
        terminal.type("name = input('first\\nwho' '? ')\r")
        terminal.expect("first")
        terminal.expect(r"who\? ")
        terminal.type("me")
        terminal.expect("me")
        terminal.type("\r")
        terminal.expect(">>> ")
        terminal.type("name\r")
        terminal.expect("'me'")
        terminal.type("x = input('and' ' now? ')\rtyped ahead\rx\r")
        terminal.expect("and now\\? ")
        terminal.expect("'typed ahead'")
        terminal.kill()
