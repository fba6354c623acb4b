"""The console as the program offers it, in a pipe; in a terminal, see test_terminal."""

import re
from pathlib import Path

from program import ROOT, metapython


def console(*lines: str, scene: str | Path = "pong", folder: Path | None = None) -> tuple[str, str, int]:
    """What lines come to: output, error stream, exit status."""
    stdin = "".join(f"{line}\n" for line in lines)
    run = metapython("run", scene, "--headless", "--console", stdin=stdin, folder=folder)
    return run.stdout, run.stderr, run.returncode


def test_the_tour_of_the_readme_works(tmp_path: Path) -> None:
    """Each line of the README's tour does what it is there for, and none fails."""
    block = re.search(r"```text\n(>>> .*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block is not None
    lines = [line[4:] for line in block[1].splitlines()]
    output, errors, status = console(*lines, folder=tmp_path)
    assert (errors, status) == ("", 0)
    saved = "processes in mine.ron"
    for expected in ("pong.Paddle", "Right", "components:", "Left is paused after step", "True", "class Ball(", "Hint1", saved):
        assert expected in output, output
    assert "rror" not in output.partition("class Ball(")[0], output


def test_lines_are_answered_in_order() -> None:
    """A line waits for the one before it, be it that this awaits something or asks."""
    lines = ['await sleep(1) or "slept"', '"then"', 'name = await input("who? ")', "kill Ball", "name", "tree Ball"]
    output, _, status = console(*lines)
    assert output == "1.0\n'then'\nwho? \n'kill Ball'\nBall\n"
    assert status == 0


def test_an_alert_speaks_to_no_terminal() -> None:
    """Control characters are written as escapes, as the error stream may be a terminal."""
    _, errors, status = console(r'Ball.alert("a\x1b[2Jb")')
    assert "Ball: a\\u{1b}[2Jb\n" in errors and "\x1b" not in errors and status == 0, errors


def test_a_line_asks_as_in_python() -> None:
    """`input()` reads the line that follows."""
    output, _, status = console('name = input("who? ")', "kill Ball", "name.upper()", "tree Ball")
    assert (output, status) == ("who? \n'KILL BALL'\nBall\n", 0)


def test_nobody_answers_at_the_end_of_a_pipe() -> None:
    """As in Python that is an EOFError, which a line can take; it ends all the same."""
    output, _, status = console("x = input()")
    assert output.endswith("EOFError: EOF when reading a line\n") and "KeyboardInterrupt" not in output
    assert status == 1
    block = ["while True:", "  try: print(input('? '))", "  except EOFError: break", ""]
    assert console(*block, "one", "two")[::2] == ("? \none\n? \ntwo\n? \n", 0)
    # What only takes its time is waited for.
    assert console("await sleep(0.5)")[::2] == ("0.5\n", 0)


def test_a_picture_is_taken(tmp_path: Path) -> None:
    """It is saved where it was told to be, or under a name that nothing has; what cannot be is refused."""
    lines = [f"screenshot {tmp_path / 'a.png'}", f"import os; os.chdir({str(tmp_path)!r})", "screenshot", "screenshot"]
    output, _, status = console(*lines, f"screenshot {tmp_path}/no/a.png", "devices")
    assert status == 1, "one was refused"
    expected = [f"saved {tmp_path / name} (" for name in ("a.png", "screenshot.png", "screenshot-2.png")]
    answers = output.splitlines()
    assert [answer.partition("(")[0] + "(" for answer in answers[:3]] == expected, output
    assert {path.read_bytes()[:4] for path in tmp_path.iterdir()} == {b"\x89PNG"}
    assert len(list(tmp_path.iterdir())) == 3
    assert "its folder does not exist" in output and answers[-1] == "none"


def test_the_log_says_who_did_what() -> None:
    """At the level of authors, on the error stream of a pipe."""
    run = metapython("run", "pong", "--headless", "--console", "--verbosity", "vv", stdin="priority Ball 3\n")
    assert "console: local: priority Ball 3\n" in run.stderr


def test_commands_reach_scripts(tmp_path: Path) -> None:
    """Processes are created, called and given new versions from the console."""
    script = tmp_path / "counter.py"
    script.write_text(
        "from metapython import Process\n\n\nclass Counter(Process):\n    count: int = 0\n\n"
        "    def add(self, number: int, twice: bool = False) -> int:\n"
        "        self.count += number * (2 if twice else 1)\n        return self.count\n\n\n"
        "    async def wait(self) -> None: ...\n"
    )
    lines = [
        "update counter",
        "spawn Counter count=3",
        "call Counter1 add 4",
        "call Counter1 add 1 twice=true",
        "query attr.count == 9 show name",
        f"open({str(script)!r}, 'a').write('\\n\\ndef marker(): return 5\\n')",
        "update counter",
        "import counter; counter.marker()",
        "call Counter1 ad 1",
        "call Counter1 wait",
        "call Counter1 _spawn",
        "spawn Conter",
        "call Counter1 add x",
        "update nothing.py",
    ]
    output, _, status = console(*lines, scene=script)
    assert status == 1, "some were refused"
    answers = output.splitlines()
    assert answers[:6] == ["counter.py: nothing new", "Counter1", "7", "9", "name", "Counter1"], output
    assert "counter.py: a new version runs" in answers
    assert "5" in answers
    for error in (
        "Counter1 has no public method `ad`; did you mean `add`?",
        "wait() of Counter1 is an `async def`, which no command can wait for",
        "Counter1 has no public method `_spawn`",
        "there is no process class `Conter`; did you mean `Counter`?",
        "nothing.py is no script of this machine; these are: counter.py",
    ):
        assert error in output, output
    assert "TypeError" in output


def test_words_mean_what_they_say(tmp_path: Path) -> None:
    """What stands in quotes is text, with its quotes gone; truth is written as in RON and in Python."""
    script = tmp_path / "talker.py"
    script.write_text(
        "from metapython import Process\n\n\nclass Talker(Process):\n"
        "    def say(self, text: object) -> object:\n        return text\n"
    )
    words = {
        '"None"': "'None'",
        '"true"': "'true'",
        "True": "True",
        "false": "False",
        'text="ab"c': "'\"ab\"c'",
        'text="ab"é': "'\"ab\"é'",
        r'text="a \"b\""': "'a \"b\"'",
        'text="False"': "'False'",
        "text=(1, 2)": "[1, 2]",
    }
    output, errors, status = console(*(f"call Talker say {word}" for word in words), scene=script)
    assert (output.splitlines(), status) == (list(words.values()), 0), errors


def test_none_is_watched_like_any_value() -> None:
    run = metapython("run", "pong", "--headless", "--console", "--ticks", "5", stdin="watch None\n")
    assert re.fullmatch(r"\d+: None\n", run.stdout), run.stdout + run.stderr


def test_the_status_tells_of_a_line_that_failed() -> None:
    """In a pipe nobody sees it otherwise; a status that somebody has chosen is that."""
    output, _, status = console("1/0", "'on'")
    assert output.endswith("\n'on'\n") and status == 1
    assert console("pause Nobody")[2] == 1
    assert console("1/0", "exit(3)")[2] == 3


def test_a_function_that_is_typed_asks() -> None:
    """Each line after its call is an answer, and the machine goes on meanwhile."""
    lines = ["def ask(): return [input(f'{n}? ') for n in (machine.tick, machine.tick)]", "", "ask()", "ps", "kill Ball"]
    output, _, status = console(*lines, "tree Ball")
    assert re.fullmatch(r"\d+\? \n\d+\? \n\['ps', 'kill Ball'\]\nBall\n", output) and status == 0, output


def test_a_step_is_made_now(tmp_path: Path) -> None:
    """However far off it would be: an interval of an hour, a sleep, one after the other."""
    script = tmp_path / "slow.py"
    script.write_text(
        "from metapython import Process, sleep\n\n\n"
        "class Slow(Process):\n    interval = 3600.0\n    steps: int = 0\n\n"
        "    def run(self, dt: float) -> None:\n        self.steps += 1\n\n\n"
        "class Sleeper(Process):\n    naps: int = 0\n\n    async def run(self) -> None:\n"
        "        while True:\n            self.naps += 1\n            await sleep(3600)\n\n\nSlow()\nSleeper()\n"
    )
    lines = ["await sleep(1); begun = machine.time", "step Slow", "step Slow 3", "step Sleeper 2"]
    output, errors, _ = console(*lines, "Slow.steps, Sleeper.naps, machine.time - begun < 60", scene=script)
    assert "Slow is paused after step 5" in output and "Sleeper is paused after step 3" in output, output + errors
    assert output.endswith("(5, 3, True)\n")


def test_a_scene_is_saved_and_loaded_in_the_tick_of_its_line(tmp_path: Path) -> None:
    """Where it was given in advance; there a failure fails the run."""
    file = tmp_path / "saved.ron"
    run = metapython("run", "pong", "--headless", "--ticks", "1", "--eval", f"save {file}", "--eval", f"load {file}")
    assert run.returncode == 0 and run.stdout.count(" processes ") == 2, run.stdout + run.stderr
    run = metapython("run", "pong", "--headless", "--ticks", "1", "--eval", f"load {tmp_path / 'no.ron'}")
    assert run.returncode == 1 and "there is no such scene" in run.stderr
