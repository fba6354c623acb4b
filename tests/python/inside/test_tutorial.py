"""Sessions in the spirit of Python's tutorial, typed here and into a real `python3 -i`: both say the same."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from metapython import _session

EXAMPLES = {
    "numbers": "2 + 2\n17 // 3; 17 % 3\nwidth = 20\nheight = 5 * 9\nwidth * height\n_ / 4\nround(_, 1)\nNone\n_\n",
    "strings": "word = 'Python'\nword[0], word[-1]\nword[:2] + word[2:]\nword[42]\nprint('doesn\\'t')\n'doesn\\'t'\n",
    "lists": "squares = [1, 4, 9]\nsquares.append(16)\nsquares\nsquares[1:] = []\nsquares\nlen(_)\n",
    "fibonacci": "a, b = 0, 1\nwhile a < 10:\n    print(a, end=' ')\n    a, b = b, a + b\n\n",
    "blocks": "for i in range(3):\n    i\n\nif i:\n    'yes'\nelse:\n    'no'\n\nfor i in 'ab': print(i)\n\n",
    "functions": (
        "def fib(n):\n    'The numbers below n.'\n    a, b = 0, 1\n    while a < n:\n        yield a\n"
        "        a, b = b, a + b\n\nlist(fib(50))\nfib.__doc__\nfib(1, 2)\n"
    ),
    "decorators": (
        "def twice(f):\n    return lambda *a: (f(*a), f(*a))\n\n@twice\ndef double(x):\n    return 2 * x\n\ndouble(4)\n"
    ),
    "classes": (
        "class Dog:\n    tricks = []\n    def __init__(self, name):\n        self.name = name\n"
        "    def __repr__(self): return f'Dog({self.name!r})'\n\nDog('Rex')\n_.name\nDog\nDog('a').colour\n"
    ),
    "errors": "10 * (1 / 0)\n4 + spam * 3\n'2' + 2\nint('x')\nraise NameError('HiThere')\nnext(iter([]))\n",
    "chained": (
        "try:\n    open('/no/such/file')\nexcept OSError as error:\n"
        "    raise RuntimeError('unable') from error\n\n"
        "try:\n    {}['key']\nfinally:\n    print('Goodbye!')\n\n"
    ),
    "notes": "error = ValueError('bad')\nerror.add_note('while reading')\nraise error\n",
    "groups": "raise ExceptionGroup('several', [ValueError(1), TypeError(2)])\n",
    "syntax": "while True print('Hello')\nx = = 1\nprint('unclosed\n1 +\n'still here'\n",
    "brackets": "sum([1,\n2,\n3])\ntext = '''one\n\ntwo'''\ntext\n1 + \\\n2\n",
    "underscore": "1 + 1\n_ = 'mine'\n3\n_\ndel _\n_\n",
    "annotations": "x: int = 3\n__annotations__\nfrom __future__ import annotations\ny: nobody = 4\n__annotations__['y']\n",
    "hook": "import sys\ndef shown(value): print('<', value, '>')\n\nsys.displayhook = shown\n1\nsys.displayhook = sys.__displayhook__\n2\n",
    "streams": "import sys\nprint('to stderr', file=sys.stderr)\nsys.stdout.write('abc\\n')\nimport warnings\n",
    "match": "match [1, 2]:\n    case [a, b]:\n        a + b\n\nwith open('/dev/null') as f: f.read()\n\n",
    "comments": "# nothing\n\n1  # one\n",
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int = 0\n\nP(1)\nP(1) == P(1, 0)\n",
}
"""Lines as they are typed; an empty one ends a block."""

numbers: Iterator[int] = count(1_000)


def here(lines: list[str]) -> str:
    """What our console says to lines that are typed one after the other."""
    session, said, waiting = next(numbers), [], list[str]()
    for line in lines:
        waiting.append(line)
        text = "\n".join(waiting)
        if _session.is_complete(session, text):
            output, error, waits, _ = _session.evaluate(session, text)
            assert not waits
            said.append(output + (f"{error}\n" if error else ""))
            waiting = []
    assert not waiting
    _session.end(session)
    return "".join(said)


def in_python(lines: list[str]) -> str:
    """What `python3 -i` says to them."""
    setting = ["import sys; sys.ps1 = sys.ps2 = ''; del sys", *lines, ""]
    command = [sys.executable, "-i", "-u", "-q", "-E"]
    text = "\n".join(setting)
    run = subprocess.run(command, input=text, text=True, check=False, stdout=-1, stderr=-2, timeout=20)
    return run.stdout.removeprefix(">>> ")


def same(text: str) -> str:
    """A text without what has to be different: names of files, their lines, addresses."""
    text = re.sub(r"__(console\d*|main)__", "[module]", text)
    text = re.sub(r'"<(console-\d+|stdin)>"', '"[file]"', text)
    # Ours shows the lines that were typed, which Python 3.11 has forgotten.
    text = re.sub(r"((?:[ |+-]*)File \"\[file\]\", line \d+, in .*\n)(?:[ |]{4,}\S.*\n)+", r"\1", text)
    return re.sub(r"0x[0-9a-f]+", "[address]", text).strip()


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_as_in_python(name: str) -> None:
    lines = EXAMPLES[name].removesuffix("\n").split("\n")
    assert same(here(lines)) == same(in_python(lines))
