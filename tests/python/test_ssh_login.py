"""Who gets into the console over SSH, as what, and what is kept of it."""

import os
import pty
import re
import socket
import subprocess
import termios
import time
from pathlib import Path

import pytest
from program import PROGRAM, metapython
from ssh_machine import SshMachine, needs_ssh, running, until

pytestmark = pytest.mark.skipif(bool(needs_ssh), reason=needs_ssh)

PASSWORD = "correct horse battery staple"


def test_only_authorized_keys_get_in(tmp_path: Path) -> None:
    """Another key does not, and the log says who was and who was not let in; a new one does at once."""
    with running(tmp_path) as (machine, key):
        other = machine.key("other", authorized=False)
        run = machine.ssh(other, "ps")
        assert run.returncode == 255
        assert "Permission denied" in run.stderr
        machine.wait_for(r"127\.0\.0\.1:\d+ was not let in: these keys are not authorized: SHA256:")
        assert machine.ssh(key, "1").stdout == "1\n"
        machine.wait_for(r"ssh: alice@127\.0\.0\.1:\d+ logged in with the role `exec` \(SHA256:")
        machine.wait_for(r"ssh: alice@127\.0\.0\.1:\d+ logged out")
        with (machine.config / "authorized_keys").open("a") as file:
            file.write(f"# a comment\n\n{other.with_suffix('.pub').read_text()}")
        assert machine.ssh(other, "1").stdout == "1\n"


def test_roles(tmp_path: Path) -> None:
    """`view` looks, `edit` gives commands, `exec` runs Python."""
    machine = SshMachine(tmp_path)
    keys = {role: machine.key(role, role) for role in ("view", "edit", "exec")}
    machine.start()
    for role, key in keys.items():
        assert "balls.Ball" in machine.ssh(key, "ps").stdout
        paused = machine.ssh(key, "pause Ball")
        computed = machine.ssh(key, "1 + 1")
        assert (paused.returncode == 0) == (role != "view"), paused.stderr
        assert (computed.stdout == "2\n") == (role == "exec"), computed
        assert role == "exec" or f"this session has `{role}`" in computed.stderr
    # Whoever may not read the file of the history is not shown it.
    assert machine.ssh(keys["view"], "history").stdout == "history\n"
    machine.stop()


def test_a_password_gets_in(tmp_path: Path) -> None:
    """The right one does, with its role, a wrong one does not; it stands nowhere, not even when it was wrong."""
    machine = SshMachine(tmp_path)
    machine.start()
    machine.wait_for(r"nobody can log in yet.*authorized_keys.*metapython password")
    assert machine.ssh_by_password(PASSWORD, "1").returncode == 255
    said = machine.set_password(PASSWORD, "--role", "edit")
    assert (said.returncode, said.stderr) == (0, "")
    good = machine.ssh_by_password(PASSWORD, "pause Ball")
    assert good.returncode == 0, good.stderr + machine.errors
    assert "this session has `edit`" in machine.ssh_by_password(PASSWORD, "1").stderr
    begun = time.monotonic()
    bad = machine.ssh_by_password("incorrect horse", "ps")
    assert bad.returncode == 255
    # Three times, and each costs a second.
    assert time.monotonic() - begun >= 3
    machine.wait_for(r"alice@127\.0\.0\.1:\d+ was not let in: wrong password", 3)
    machine.wait_for(r"logged in with the role `edit` \(password\)", 2)
    assert machine.set_password("", "--remove").stdout == "no password gets in any more; keys do\n"
    assert machine.ssh_by_password(PASSWORD, "ps").returncode == 255
    machine.set_password(PASSWORD)
    machine.stop()
    outputs = [said, good, bad]
    told = machine.errors + "".join(run.stdout + run.stderr for run in outputs)
    settings = machine.config / "remote.ron"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert "$argon2id$" in settings.read_text()
    told += "".join(path.read_text(errors="replace") for path in machine.config.iterdir())
    assert "horse" not in told


def test_wrong_passwords_take_longer_and_longer(tmp_path: Path) -> None:
    """From the fourth on each waits for twice as long after the one before it; keys never wait."""
    machine = SshMachine(tmp_path)
    key = machine.key("exec")
    machine.set_password(PASSWORD)
    machine.start()
    ends = []
    for _ in range(6):
        begun = time.monotonic()
        assert machine.ssh_by_password("incorrect horse", "1", options=("-o", "NumberOfPasswordPrompts=1")).returncode
        ends.append((begun, time.monotonic()))
    # What a wrong password costs begins when it is known to be wrong, and ends when the next one is answered.
    waits = [end - begun for (begun, _), (_, end) in zip(ends[2:], ends[3:])]
    assert all(wait >= least for wait, least in zip(waits, (1, 2, 4), strict=True)), waits
    machine.wait_for("was not let in: wrong password", 6)
    # A key needs no turn, and the right password needs one as much as a wrong one.
    assert machine.ssh(key, "1").stdout == "1\n"
    key_in = time.monotonic()
    assert machine.ssh_by_password(PASSWORD, "1").stdout == "1\n"
    assert time.monotonic() - ends[-1][0] >= 8
    assert key_in - ends[-1][1] < 8
    machine.stop()


def test_what_is_done_is_told(tmp_path: Path) -> None:
    """Who did what is in the log at the usual verbosity, by name, address and port; below `exec` nobody changes that."""
    machine = SshMachine(tmp_path)
    keys = {role: machine.key(role, role) for role in ("edit", "exec")}
    machine.start()
    run = machine.ssh(keys["edit"], "verbosity error")
    assert run.returncode == 1
    assert "needs the role `exec`, and this session has `edit`" in run.stderr
    assert machine.ssh(keys["edit"], "verbosity vv").returncode == 0
    assert machine.ssh(keys["edit"], "verbosity v").returncode == 0
    assert machine.ssh(keys["edit"], "pause Ball").returncode == 0
    machine.wait_for(r"console: alice@127\.0\.0\.1:(\d+): pause Ball")
    told = re.search(r"alice@127\.0\.0\.1:(\d+): pause Ball", machine.errors)
    assert told
    machine.wait_for(rf"ssh: alice@127\.0\.0\.1:{told[1]} logged in with the role `edit`")
    assert machine.ssh(keys["exec"], "verbosity error").returncode == 0
    assert machine.ssh(keys["edit"], "verbosity error").returncode == 0
    machine.stop()


def test_a_password_is_asked_for_without_showing_it(tmp_path: Path) -> None:
    """At a terminal it is asked for twice; Ctrl-C leaves everything as it was, the terminal too."""
    machine = SshMachine(tmp_path)

    def typed(*answers: str) -> tuple[str, int]:
        pid, fd = pty.fork()
        if pid == 0:
            os.execve(PROGRAM, [str(PROGRAM), "password"], machine.environment)
        shown = ""
        for answer in answers:
            while not shown.endswith(": "):
                shown += os.read(fd, 1024).decode()
            # The question comes before the echo is off: what is typed then would be thrown away.
            until(lambda: not echoes(fd), "it would be shown")
            os.write(fd, answer.encode())
            shown += "\n"
        try:
            while data := os.read(fd, 1024):
                shown += data.decode()
        except OSError:
            pass
        return shown, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    shown, status = typed(f"{PASSWORD}\n", "\x03")
    assert status == 1
    assert "not given" in shown
    shown, status = typed(f"{PASSWORD}\n", "something else\n")
    assert status == 1
    assert "not the same" in shown
    assert not (machine.config / "remote.ron").exists()
    shown, status = typed(f"{PASSWORD}\n", f"{PASSWORD}\n")
    assert status == 0, shown
    assert "horse" not in shown
    assert (machine.config / "remote.ron").exists()
    assert "8 characters" in machine.set_password("short").stderr


def echoes(fd: int) -> bool:
    """Whether a terminal shows what is typed."""
    return bool(termios.tcgetattr(fd)[3] & termios.ECHO)


def test_the_host_key_is_kept(tmp_path: Path) -> None:
    """It is made once, its owner's alone, and one that others may read is not used."""
    with running(tmp_path) as (machine, key):
        path = machine.config / "ssh_host_ed25519_key"
        assert path.stat().st_mode & 0o777 == 0o600
        text = path.read_text()
        assert machine.ssh(key, "1").stdout == "1\n"
        public = subprocess.run(["ssh-keygen", "-lf", path], capture_output=True, text=True, check=True).stdout
        assert public.split()[1] in machine.errors
    machine.errors = ""
    machine.start()
    assert path.read_text() == text
    # The client would refuse a host whose key has changed.
    assert machine.ssh(key, "1").stdout == "1\n"
    machine.stop()

    def refusal() -> str:
        arguments = ("run", machine.scene, "--headless", "--ssh", "127.0.0.1:0")
        run = metapython(*arguments, XDG_CONFIG_HOME=str(machine.config.parent))
        assert run.returncode == 1
        return run.stderr

    path.chmod(0o644)
    assert f"chmod 600 {path}" in refusal()
    path.chmod(0o600)
    path.write_text(text[:100])
    assert "is no usable host key" in refusal()
    assert "delete it" in refusal()


def test_lines_that_are_not_understood_let_nobody_in(tmp_path: Path) -> None:
    """Each is told of once, with its place; a file that others may change lets nobody in."""
    machine = SshMachine(tmp_path)
    key = machine.key("exec")
    bad = machine.key("bad", authorized=False)
    path = machine.config / "authorized_keys"
    with path.open("a") as file:
        file.write(f'command="ps" {bad.with_suffix(".pub").read_text()}')
    machine.start()
    assert machine.ssh(bad, "ps").returncode == 255
    assert machine.ssh(key, "1").stdout == "1\n"
    machine.wait_for(rf"error: this line lets nobody in: {re.escape(str(path))}:2: ")
    assert machine.errors.count(":2: ") == 1
    path.chmod(0o666)
    assert machine.ssh(key, "1").returncode == 255
    machine.wait_for(f"chmod 600 {re.escape(str(path))}")
    path.chmod(0o600)
    assert machine.ssh(key, "1").stdout == "1\n"
    settings = machine.config / "remote.ron"
    settings.write_text('(version: 1, pasword: "x")')
    settings.chmod(0o600)
    assert machine.ssh(key, "1").stdout == "1\n"
    machine.wait_for(f"no password gets in: {re.escape(str(settings))}:1:")
    machine.stop()


def test_an_address_is_asked_for_and_had(tmp_path: Path) -> None:
    """One that is taken, or none, ends the program with one error; a public one is pointed out."""
    config = str(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = "127.0.0.1:{}".format(taken.getsockname()[1])
        run = metapython("run", "pong", "--headless", "--ticks", "1", "--ssh", address, XDG_CONFIG_HOME=config)
    assert run.returncode == 1
    assert f"cannot listen on {address}" in run.stderr
    assert "choose another port" in run.stderr
    run = metapython("run", "--ssh", "pong", XDG_CONFIG_HOME=config)
    assert run.returncode == 2
    assert "the scene is given before --ssh" in run.stderr
    run = metapython("run", "pong", "--headless", "--ticks", "1", "--ssh", "0.0.0.0:0", XDG_CONFIG_HOME=config)
    assert run.returncode == 0
    assert "other computers can reach it" in run.stderr


def test_nothing_listens_unless_asked(tmp_path: Path) -> None:
    """Without `--ssh` there is no thread, no socket and no file."""
    line = (
        "import os, glob; print(sorted(open(f).read().strip() for f in glob.glob('/proc/self/task/*/comm'))); "
        "print([os.readlink(f) for f in glob.glob('/proc/self/fd/*') if os.path.exists(f)])"
    )
    config = tmp_path / "config"
    run = metapython("run", "pong", "--headless", "--ticks", "2", "--eval", line, XDG_CONFIG_HOME=str(config))
    assert run.returncode == 0
    assert "ssh" not in run.stdout
    assert "socket:" not in run.stdout
    assert not config.exists()
