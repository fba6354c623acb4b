"""What the roles of the console over SSH keep: scripts that would do anything when they are looked at, and never are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from program import ROOT, metapython
from ssh_machine import SshMachine, Terminal, needs_ssh, running

pytestmark = pytest.mark.skipif(bool(needs_ssh), reason=needs_ssh)

# Whatever is run of this script by being looked at is counted: each way in that Python has into an object's code.
HOSTILE = '''\
"""Counts how often something of it is run that nobody called."""

from metapython import Process, Transform

RUN = []


def trap(name, answer=None):
    def run(self, *arguments, **named):
        RUN.append((name, arguments))
        return answer(self) if answer else None

    run.__name__ = name
    return run


class Meta(type(Process)):
    """Classes that run code when they are looked at."""

    __getattr__ = trap("Meta.__getattr__")
    __dir__ = trap("Meta.__dir__", lambda self: [])
    __repr__ = trap("Meta.__repr__", lambda self: "Meta")
    __str__ = trap("Meta.__str__", lambda self: "Meta")
    __format__ = trap("Meta.__format__", lambda self: "Meta")
    __len__ = trap("Meta.__len__", lambda self: 1)
    __iter__ = trap("Meta.__iter__", lambda self: iter(()))
    __contains__ = trap("Meta.__contains__", lambda self: True)
    __getitem__ = trap("Meta.__getitem__")
    __instancecheck__ = trap("Meta.__instancecheck__", lambda self: True)
    __subclasscheck__ = trap("Meta.__subclasscheck__", lambda self: True)


class Descriptor:
    """An attribute that runs code when it is read."""

    __get__ = trap("Descriptor.__get__", lambda self: 1)
    __set__ = trap("Descriptor.__set__")
    __repr__ = trap("Descriptor.__repr__", lambda self: "Descriptor")


class Value:
    """An attribute's value that runs code when it is shown or compared."""

    for name, answer in {
        "__repr__": "Value", "__str__": "Value", "__format__": "Value", "__len__": 1, "__bool__": True,
        "__float__": 1.0, "__int__": 1, "__index__": 1, "__eq__": True, "__lt__": True, "__gt__": True,
        "__hash__": 1, "__iter__": iter(()), "__dir__": [], "__call__": 1, "__getattr__": 1, "__getitem__": 1,
        "__contains__": True,
    }.items():
        locals()[name] = trap(f"Value.{name}", lambda self, answer=answer: answer)


class Trap(Process, metaclass=Meta):
    """Runs code whatever is done with it."""

    transform: Transform = Transform(x=1)
    descriptor = Descriptor()
    secret = property(trap("Trap.secret", lambda self: 1), trap("Trap.secret="))
    ps = kill = set = tree = inspect = query = watch = property(trap("Trap.ps", lambda self: 1))
    __getattr__ = trap("Trap.__getattr__")
    __dir__ = trap("Trap.__dir__", lambda self: [])
    __repr__ = trap("Trap.__repr__", lambda self: "Trap")
    __str__ = trap("Trap.__str__", lambda self: "Trap")
    __format__ = trap("Trap.__format__", lambda self: "Trap")
    __len__ = trap("Trap.__len__", lambda self: 1)
    __iter__ = trap("Trap.__iter__", lambda self: iter(()))
    __contains__ = trap("Trap.__contains__", lambda self: True)
    __call__ = trap("Trap.__call__")
    __await__ = trap("Trap.__await__", lambda self: iter(()))
    __getitem__ = trap("Trap.__getitem__")
    __class_getitem__ = classmethod(trap("Trap.__class_getitem__"))
    _hidden = trap("Trap._hidden")
    touch = trap("Trap.touch")

    def start(self):
        self.value = Value()
'''

SCENE = """\
(version: 1, scripts: ["hostile.py"], processes: [
    (class: "hostile.Trap", name: "Trap", paused: true, children: [(class: "hostile.Trap", name: "kill", paused: true)]),
    (class: "hostile.Trap", name: "ps", paused: true),
])
"""

# Written by a script that nobody may import, when somebody does.
EVIL = "from pathlib import Path\n\nPath(__file__).with_name('was-run').touch()\n"
EVIL_SCENE = '(version: 1, scripts: ["evil.py"], processes: [])'

WORDS = (
    "Trap",
    "ps kill",
    "T*",
    "hostile.Trap",
    "Trap Trap.secret",
    "Trap.secret",
    "Trap.secret 1",
    "Trap.value.x",
    "Trap.descriptor 1",
    "Trap.transform.x",
    "Trap.transform.x 5",
    "Trap.transform.y nan",
    "Trap touch",
    "Trap secret 1",
    "Trap _hidden",
    "Trap 5",
    "Trap value=1 monkey_patch=os.system",
    "attr.secret == 1",
    "attr.value.x > 0 order by attr.descriptor show attr.ps",
    "class == Trap and transform.x > 0 show attr.value",
    "has secret or name in (Trap, ps)",
    "mine.ron",
    "hostile.py",
    "5 vvvv",
    "mean 5",
    "word Trap.secret",
)

PYTHON = (
    "Trap",
    "Trap.secret",
    "Trap[0]",
    "Trap()",
    "f'{Trap}'",
    "print(Trap)",
    "await Trap",
    "import hostile",
    "machine.stop()",
    "%Trap",
    "%machine.stop()",
    "help(Trap)",
    "help Trap",
    "Trap?",
    "?Trap",
    "!touch was-run",
    "x = Trap",
    "for x in Trap: x",
    "del Trap",
)

PREFIXES = (
    "",
    "Tr",
    "Trap.",
    "Trap.s",
    "Trap[",
    "Trap.value.",
    "hostile.",
    "machine.",
    "import hos",
    "help(Tr",
    "f'{Trap.",
    "%",
)
ARGUMENTS = (
    "",
    "Tr",
    "Trap ",
    "Trap.",
    "Trap.s",
    "Trap.transform.",
    "Trap.value.",
    "hostile.",
    "Trap t",
    "Trap secret ",
    "attr.",
    "attr.s",
    "Trap.secret ",
)

# These go on until Ctrl-C where they succeed, in a pipe for ever.
LASTING = ("trace", "watch")


def commands() -> list[str]:
    """Every command that there is, as the page made from their table has it."""
    found = re.findall(r"^### `(\w+)", (ROOT / "engine/src/console/reference.md").read_text(), re.MULTILINE)
    assert len(found) > 25
    return found


@contextmanager
def hostile(folder: Path, *arguments: str) -> Iterator[tuple[SshMachine, dict[str, Path]]]:
    """A machine with a scene of processes that nobody may look at closely, in a folder of its own; a key of each role."""
    machine = SshMachine(folder, *arguments)
    scene = folder / "scene"
    scene.mkdir()
    (scene / "hostile.py").write_text(HOSTILE)
    machine.scene = scene / "scene.ron"
    machine.scene.write_text(SCENE)
    outside = folder / "outside"
    outside.mkdir()
    (outside / "evil.py").write_text(EVIL)
    (outside / "evil.ron").write_text(EVIL_SCENE)
    (scene / "beside.py").write_text(EVIL)
    for link, target in {"link": outside, "link.ron": outside / "evil.ron", "new.ron": outside / "new.ron"}.items():
        (scene / link).symlink_to(target)
    keys = {role: machine.key(role, role) for role in ("view", "edit", "exec")}
    machine.start()
    try:
        # What loading has run is no session's doing.
        assert machine.ssh(keys["exec"], "import hostile; hostile.RUN.clear()").returncode == 0
        yield machine, keys
    finally:
        machine.process.kill()
        machine.process.wait()


def lines_of_all_commands() -> list[str]:
    """Each command with everything that might reach a script, and lines that are none."""
    calls = [f"{command} {words}".strip() for command in commands() if command != "quit" for words in ("", *WORDS)]
    aliases = ["alias Trap kill", "alias spy inspect", "spy Trap", "Trap Trap", "alias Trap"]
    return [*calls, *(f"%{call}" for call in calls[::7]), *aliases, *PYTHON]


def press_everything(machine: SshMachine, terminal: Terminal) -> None:
    """Ask for every completion, and see what goes on over ticks."""
    for text in (*PREFIXES, *(f"{command} {words}" for command in commands() for words in ARGUMENTS)):
        # Away with the line then, but not by Ctrl-C: that would take back what is typed and not heeded yet.
        terminal.type(f"{text}\t\t\x15")
    terminal.type("alias is reached\ralias\r")
    terminal.expect("is: reached")
    for line in (f"{command} {words}" for command in LASTING for words in WORDS):
        terminal.type(f"{line}\r")
        machine.wait_for(re.escape(f": {line}\n"))
        terminal.type("\x03")


def test_view_changes_nothing(tmp_path: Path) -> None:
    """No command, no completion and no line of a session that looks runs a script or changes the machine."""
    with hostile(tmp_path, "--digest") as (machine, keys):
        lines = [line for line in lines_of_all_commands() if line.lstrip("%").split()[0] not in LASTING]
        run = machine.ssh(keys["view"], stdin="\n".join([*lines, "alias the end", "alias"]))
        assert "the: end\n" in run.stdout, run.stderr[-500:]
        terminal = machine.terminal(keys["view"])
        press_everything(machine, terminal)
        terminal.kill()
        seen = machine.ssh(keys["exec"], "import hostile; hostile.RUN")
        assert seen.stdout == "[]\n", seen
        # It would have been noted.
        assert "Trap.secret" in machine.ssh(keys["exec"], "import hostile; _ = Trap.secret; hostile.RUN").stdout
        end = machine.ssh(keys["exec"], "print(machine.tick); machine.stop()")
        assert machine.process.wait(60) == 0, machine.errors
    ticks = int(end.stdout)
    alone = metapython("run", machine.scene, "--headless", "--ticks", str(ticks), "--digest")
    assert machine.output.read_text().split()[-1] == alone.stdout.split()[-1]
    assert names(machine.scene.parent) == FILES


# What `edit` may not do, each as it could be tried, and with whom it would be right.
REFUSED = (
    "call Trap _hidden",
    "call Trap __init__",
    "call Trap __class_getitem__ 1",
    "call Trap secret",
    "call Trap value",
    'call Trap create "evil.Evil"',
    'call Trap touch monkey_patch="os.system"',
    'call Trap touch decorator="os.system"',
    'call Trap touch decorators=["os.system"]',
    'call Trap send_to "ps" b"x" monkey_patch="os.system"',
    'spawn os.system "touch was-run"',
    "spawn subprocess.Popen",
    "spawn hostile.Value",
    "spawn Value",
    "spawn evil.Evil",
    'spawn Trap monkey_patch="os.system"',
    "spawn Trap _metapython_prepare=1",
    "set Trap.secret 1",
    "set Trap.__class__ 1",
    "watch __import__('os').getpid()",
    "watch Trap.secret",
    "source os",
    "source evil",
    "update beside.py",
    "update ../outside/evil.py",
    "update {outside}/evil.py",
    "update /etc/passwd",
    "load ../outside/evil.ron",
    "load {outside}/evil.ron",
    "load link/evil.ron",
    "load link.ron",
    "load missing/../../outside/evil.ron",
    "load {outside}/missing.ron",
    "load beside.py",
    "save ../outside/mine.ron",
    "save {outside}/evil.ron",
    "save link/mine.ron",
    "save new.ron",
    "save link.ron",
    "screenshot ../outside/a.png",
    "screenshot link/a.png",
    "screenshot {outside}/a.png",
    *PYTHON,
)

FILES = ["beside.py", "hostile.py", "link", "link.ron", "new.ron", "scene.ron"]


def names(folder: Path) -> list[str]:
    """What is in a folder, but for what Python puts there."""
    return sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")


def test_edit_stays_where_it_belongs(tmp_path: Path) -> None:
    """It runs what the author has made callable and nothing else, and leaves files outside of the scene's folder alone."""
    with hostile(tmp_path) as (machine, keys):
        outside = tmp_path / "outside"
        for line in REFUSED:
            run = machine.ssh(keys["edit"], line.replace("{outside}", str(outside)))
            assert (run.returncode, run.stdout) == (1, ""), run
            if line.split()[0] in ("load", "save", "screenshot") and "beside" not in line:
                folder = machine.scene.parent
                assert f"outside of {folder}, the folder of the scene, needs the role `exec`" in run.stderr, run
        assert names(outside) == ["evil.py", "evil.ron"]
        assert (outside / "evil.ron").read_text() == EVIL_SCENE
        assert names(machine.scene.parent) == FILES
        # Looking for words and refusing them has run nothing; what may be called is.
        called = machine.ssh(keys["edit"], "call Trap touch")
        seen = machine.ssh(keys["exec"], "import hostile; {name for name, _ in hostile.RUN}")
        assert (called.returncode, seen.stdout) == (0, "{'Trap.touch'}\n"), seen


def test_edit_has_the_folder_of_the_scene(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """There it saves, loads and takes pictures, wherever the program was started; `exec` may go elsewhere."""
    with running(tmp_path) as (machine, key):
        edit, elsewhere = machine.key("edit", "edit"), tmp_path_factory.mktemp("elsewhere")
        (tmp_path / "deep").mkdir()
        for line in ("save mine.ron", "load mine.ron", "save", "reload", "save deep/mine.ron", "load deep/mine.ron"):
            run = machine.ssh(edit, line)
            assert (run.returncode, run.stderr) == (0, ""), run
        # A scene below it takes nothing away from what may be reached.
        assert machine.ssh(edit, "load mine.ron").returncode == 0
        assert machine.ssh(edit, "screenshot deep/a.png").stdout.startswith(f"saved {tmp_path}/deep/a.png")
        assert machine.ssh(edit, "screenshot").stdout.startswith(f"saved {tmp_path}/screenshot.png")
        terminal = machine.terminal(edit)
        terminal.type("load de\tmi\t\r")
        terminal.expect(f"from {re.escape(str(tmp_path))}/deep/mine.ron")
        terminal.type("load /\t\t../\t\t\x15alias is reached\ralias\r")
        terminal.expect("is: reached")
        assert machine.ssh(key, f"save {elsewhere}/other.ron").returncode == 0
        assert machine.ssh(key, f"load {elsewhere}/other.ron").returncode == 0
        # Where the scene is now, `edit` is too.
        assert machine.ssh(edit, "load other.ron").returncode == 0
        assert "needs the role `exec`" in machine.ssh(edit, f"load {tmp_path}/mine.ron").stderr
