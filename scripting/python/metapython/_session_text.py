"""What is typed at a console, as code: by the rules of Python's own console.

A line is compiled as that does: every expression in it shows its value. Of a text of several lines,
pasted as a whole, only an expression at its end does. Both may `await`.
"""

from __future__ import annotations

import __future__

import ast
import codeop
import io
import sys
import tokenize
import warnings
from types import CodeType

from metapython import _source
from metapython._session_ask import Askers

KEPT_TEXTS = 100
"""How many texts that define nothing are kept for tracebacks: those of the lines above, as far as
somebody scrolls."""

FEATURES = [getattr(__future__, name).compiler_flag for name in __future__.all_feature_names]


class TextStore:
    """The texts of all sessions, each under a name of its own, which tracebacks and `inspect` show."""

    def __init__(self) -> None:
        self.count = 0
        self.passing: list[str] = []
        self.kept: dict[str, str] = {}
        """The names of the texts that are kept for good."""

    def add(self, text: str) -> str:
        """Keep a text; its name. One that is evaluated again and again, as `watch` does, has one name."""
        if text in self.kept:
            return self.kept[text]
        self.count += 1
        file = f"<console-{self.count}>"
        _source.show(file, text)
        self.passing.append(file)
        if len(self.passing) > KEPT_TEXTS:
            _source.forget(self.passing.pop(0))
        return file

    def keep(self, file: str, text: str) -> None:
        """Keep a text for good: it defines something, which may live for as long as the machine."""
        if text not in self.kept:
            self.passing.remove(file)
            self.kept[text] = file


texts = TextStore()


class Definitions:
    """The texts of a session that define classes, as a file in which `inspect` finds them.

    It looks for a class by its name, and takes the first one: so the newest text comes first. From
    Python 3.13 on it goes by the number of the line, which is that in the text alone; it finds none then.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = ""

    def add(self, text: str) -> None:
        """Take in a text."""
        if sys.version_info < (3, 13):
            self.text = text + self.text
            _source.show(self.file, self.text)


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Compiler:
    """Compiles the texts of a session. `from __future__ import` in one holds for those that follow."""

    def __init__(self, definitions: Definitions) -> None:
        self.flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self.definitions = definitions
        self.askers = Askers()

    def codes(self, text: str, *, asks: bool) -> list[CodeType]:
        """The code of a text, in pieces to be executed one after the other.

        With `asks`, `input(...)` asks the session. Raises SyntaxError.
        """
        text = unindented(text).rstrip() + "\n"
        file = texts.add(text)
        try:
            tree = self.parsed(text, file)
            kinds = set(map(type, ast.walk(tree)))
            if not kinds.isdisjoint(DEFINITIONS):
                texts.keep(file, text)
            if ast.ClassDef in kinds:
                self.definitions.add(text)
            has_asked = asks and "input" not in bound_names(tree) and self.askers.prepare(tree)
            found = pieces(tree.body)
            codes = []
            for piece in found:
                mode = "single" if isinstance(piece, ast.Interactive) else "exec"
                # Of a tree Python compiles no more than a thousand levels, of a text three times that.
                whole = text if len(found) == 1 and not has_asked else piece
                code: CodeType = compile(whole, file, mode, self.flags, dont_inherit=True)
                self.remember_features(code)
                codes.append(code)
        except SyntaxError as error:
            if error.text is None and error.filename == file and error.lineno:
                # The compiler looks for the line in the file, and there is none.
                error.text = text.splitlines(keepends=True)[error.lineno - 1]
            raise
        except ValueError as error:
            raise SyntaxError(f"this is no Python: {error}") from None
        return codes

    def expression(self, text: str) -> CodeType:
        """The code of an expression, which is to be evaluated by `eval`. Raises SyntaxError."""
        text = text.strip()
        flags = self.flags & ~ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(text, texts.add(text), "eval", flags, dont_inherit=True)
        return code

    def parsed(self, text: str, file: str) -> ast.Module:
        """The syntax tree of a text. Raises SyntaxError."""
        flags = self.flags | ast.PyCF_ONLY_AST
        tree: ast.Module = compile(text, file, "exec", flags, dont_inherit=True)
        return tree

    def remember_features(self, code: CodeType) -> None:
        """Have the `__future__` imports of a code hold from now on."""
        for flag in FEATURES:
            self.flags |= code.co_flags & flag

    def is_complete(self, text: str) -> bool:
        """Whether a text is whole, or so wrong that no further line could mend it.

        A block ends with an empty line, as in Python's own console.
        """
        text = unindented(text)
        try:
            return self.compiled_command(text, "single")
        except (SyntaxError, OverflowError, ValueError):
            pass
        # It is wrong, or several statements: pasted ones.
        try:
            if not self.compiled_command(text, "exec"):
                return False
        except (SyntaxError, OverflowError, ValueError):
            return True
        lines = text.split("\n")
        return not lines[-1].startswith((" ", "\t"))

    def compiled_command(self, text: str, mode: str) -> bool:
        """Whether a text can be compiled as it is; not so if it wants more lines."""
        command = codeop.CommandCompiler()
        command.compiler.flags |= self.flags
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return command(text, "<console>", mode) is not None


def pieces(body: list[ast.stmt]) -> list[ast.Module | ast.Interactive]:
    """The statements of a text, as the ones whose expressions are shown and those before."""
    if not body:
        return []
    last = body[-1]
    if body[0].lineno == last.lineno:
        return [ast.Interactive(body)]
    if isinstance(last, ast.Expr):
        return [ast.Module(body[:-1], []), ast.Interactive([last])]
    return [ast.Module(body, [])]


def bound_names(tree: ast.Module) -> set[str]:
    """The names that a text gives a meaning of its own anywhere."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.MatchMapping(rest=str(name)):
                names.add(name)
    return names


def unindented(text: str) -> str:
    """A text that was pasted from an indented place, from the margin; what stands in strings is left."""
    lines = text.split("\n")
    code = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    first = next(code, "")
    margin = first[: len(first) - len(first.lstrip())]
    if not margin:
        return text
    inside = lines_in_strings(text)
    return "\n".join(
        line if number in inside else line.removeprefix(margin) for number, line in enumerate(lines, 1)
    )


def lines_in_strings(text: str) -> set[int]:
    """The numbers of the lines that begin within a string."""
    inside = set[int]()
    begun: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            kind = tokenize.tok_name[token.type]
            if kind.endswith("STRING_START"):  # From Python 3.12 on an f-string is several tokens.
                begun.append(token.start[0])
            elif kind == "STRING" or kind.endswith("STRING_END"):
                start = begun.pop() if kind != "STRING" else token.start[0]
                inside.update(range(start + 1, token.end[0] + 1))
    except (tokenize.TokenError, SyntaxError):
        pass  # It is not whole, or wrong: the compiler tells.
    return inside
