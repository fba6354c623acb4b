"""`input(...)` at a console: the session is asked, and the machine goes on until the answer comes.

The function itself would hold the machine. So where a text can wait, that is outside of all functions and
classes, a call of it is compiled as an `await`. A function that is typed at the console and calls it has a
*twin*, the same as an `async def`; a line that calls the function by its name, or another one that does,
awaits the twin. Whoever else calls it, a function of a module say, has the function, which cannot ask.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any, TypeGuard
from weakref import WeakKeyDictionary

ASK = "__metapython_ask__"
"""The name, of nobody's choice, under which `input(...)` is compiled."""

PAIR = "__metapython_pair__"
"""The name of the decorator `pair`."""

AWAITABLE = "__metapython_awaitable__"
"""The name of what finds a function's twin: see `awaitable`."""

SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.GeneratorExp)
"""What has a scope of its own, in which nothing waits that is not told to."""

Functions = WeakKeyDictionary[FunctionType, FunctionType]

twins: Functions = WeakKeyDictionary()
"""The twins of functions, for as long as there are these."""


def pair(twin: FunctionType) -> Callable[[FunctionType], FunctionType]:
    """A decorator that gives a function its twin, with the same name and the same defaults."""

    def give(function: FunctionType) -> FunctionType:
        named = function.__code__
        twin.__code__ = twin.__code__.replace(co_name=named.co_name, co_qualname=named.co_qualname)
        twin.__defaults__, twin.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
        twins[function] = twin
        return function

    return give


def awaitable(called: Any) -> Callable[..., Any]:
    """What is awaited where something is called that may ask: its twin, if it has one."""
    function = called.__func__ if type(called) is MethodType else called
    twin = twins.get(function) if type(function) is FunctionType else None
    if twin is None:
        return plainly(called)
    return MethodType(twin, called.__self__) if function is not called else twin


def plainly(called: Any) -> Callable[..., Any]:
    """Something that does not ask, to be awaited."""

    async def call(*arguments: Any, **named: Any) -> Any:
        return called(*arguments, **named)

    return call


class Askers:
    """The names of those functions of a session that ask, themselves or by what they call."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def prepare(self, tree: ast.Module) -> bool:
        """Have a text ask the session; whether it does anywhere."""
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and can_have_twin(node)]
        calls = [(function, set(called_names(function))) for function in functions]
        self.names -= {function.name for function in functions}
        while more := {it.name for it, names in calls if not names.isdisjoint({"input", *self.names})} - self.names:
            self.names |= more
        # Those within others come last in the walk, and are to be whole before these are copied.
        asking = [function for function, names in reversed(calls) if not names.isdisjoint({"input", *self.names})]
        for function in asking:
            self.give_twin(tree, function)
        return bool(self.ask(tree) or asking)

    def give_twin(self, tree: ast.Module, function: ast.FunctionDef) -> None:
        """Put the twin of a function before it, so that it is in the same scope; its name goes after it."""
        name = f"__metapython_twin_of_{function.name}__"
        fields = {field: copy.deepcopy(value) for field, value in ast.iter_fields(function)}
        twin = ast.AsyncFunctionDef(**{**fields, "name": name, "decorator_list": [], "returns": None})
        for argument in ast.walk(twin.args):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        # What they are is evaluated once, with the function.
        twin.args.defaults = [ast.Constant(None) for _ in twin.args.defaults]
        twin.args.kw_defaults = [default and ast.Constant(None) for default in twin.args.kw_defaults]
        self.ask(ast.Module(twin.body, []))
        # In the body of a class Python does not ask the session for names, but in a function there it does.
        own = ast.Lambda(ast.arguments([], [], None, [], [], None, []), ast.Name(PAIR, ast.Load()))
        decorator = ast.Call(ast.Call(own, [], []), [ast.Name(name, ast.Load())], [])
        function.decorator_list.append(ast.copy_location(decorator, function))
        forget = ast.copy_location(ast.Delete([ast.Name(name, ast.Del())]), function)
        for body in bodies(tree):
            if function in body:
                at = body.index(function)
                body[at : at + 1] = [ast.copy_location(twin, function), function, forget]
        ast.fix_missing_locations(tree)

    def ask(self, tree: ast.Module) -> bool:
        """Have `input(...)`, and what asks by it, be awaited; whether there is any.

        In an `async def` of the user's, who awaits it, it is told that this is the session's.
        """
        # No recursion: a sum of a thousand terms is a thousand deep.
        has_asked = False
        left: list[tuple[ast.AST, bool]] = [(tree, True)]
        while left:
            node, can_wait = left.pop()
            can_wait = can_wait and not isinstance(node, SCOPES)
            is_awaited = isinstance(node, ast.Await)
            for name, value in ast.iter_fields(node):
                values = value if isinstance(value, list) else [value]
                for number, child in enumerate(values):
                    if not isinstance(child, ast.AST):
                        continue
                    left.append((child, can_wait))
                    if is_question(child) and (can_wait or is_awaited):
                        child.func = ast.copy_location(ast.Name(ASK, ast.Load()), child.func)
                    elif can_wait and not is_awaited and self.is_asker(child):
                        found = ast.Call(ast.Name(AWAITABLE, ast.Load()), [child.func], [])
                        child.func = ast.fix_missing_locations(ast.copy_location(found, child.func))
                    else:
                        continue
                    has_asked = True
                    if not is_awaited:
                        values[number] = ast.copy_location(ast.Await(child), child)
                if not isinstance(value, list):
                    setattr(node, name, values[0])
        return has_asked

    def is_asker(self, node: ast.AST) -> TypeGuard[ast.Call]:
        """Whether it is a call of what may be a function that asks."""
        return isinstance(node, ast.Call) and called_name(node) in self.names


def is_question(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether it is a call of `input` by that name."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "input"


def called_name(call: ast.Call) -> str | None:
    """The name that something is called by: that of `f(...)`, or `object.f(...)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def called_names(function: ast.FunctionDef) -> Iterator[str]:
    """The names of what a function itself calls; what an attribute is called is no `input` of Python's."""
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and (name := called_name(node)) and (name != "input" or is_question(node)):
            yield name


def can_have_twin(function: ast.FunctionDef) -> bool:
    """Whether a function does the same as an `async def`: no generator does."""
    is_generator = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own_nodes(function))
    return not is_generator and not getattr(function, "type_params", [])


def own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """What a function consists of, without what has a scope of its own."""
    left: list[ast.AST] = list(function.body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, SCOPES):
            left.extend(ast.iter_child_nodes(node))


def bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    """Every list of statements in a text."""
    for node in ast.walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value
