"""What every object of the framework can do."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from metapython import _documentation, _family, _method, _native
from metapython._alerts import Level
from metapython._loading import find_class

if TYPE_CHECKING:
    from typing_extensions import Buffer

T = TypeVar("T")


def wrong_type(what: str, takes: str, value: object) -> TypeError:
    """The exception for an argument of another type."""
    try:
        text = repr(value)
    except Exception:
        text = "this"
    return TypeError(f"{what} takes {takes}, not {text if len(text) <= 40 else f'{text[:40]}...'}")


class BaseType(ABCMeta):
    # The class of classes of objects: gives their public methods the keywords, and docstrings to
    # those without. It has no docstring of its own, because `__doc__` here is what finds theirs:
    # as an attribute of the class of a class it also serves `help`, which would see only the
    # unread descriptor otherwise.
    __doc__ = type.__dict__["__doc__"]

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], /, **kwargs: Any
    ) -> None:
        super().__init__(name, bases, namespace)
        _method.make_public(cls)
        if cls.__dict__["__doc__"] is None:
            cls.__doc__ = _documentation.COMPOSED

    def __setattr__(cls, name: str, value: Any) -> None:
        super().__setattr__(name, _method.public(cls, name, value))

    def __dir__(cls) -> list[str]:
        """The names of a class that its readers look for; `dir(object)` has all."""
        return _documentation.names(cls, super().__dir__())


class Base(metaclass=BaseType):
    """Alerts, messages, and a tree of objects in which children are deleted with their parents.

    Every public method takes three more keywords, each for that call alone:

    - `decorator=timed` calls `timed(ball.bounce)` in place of `ball.bounce`;
    - `decorators=[a, b]` does so with several, the first outermost, as lines `@a` and `@b` would;
    - `monkey_patch=function` calls `function(ball, ...)` in place of what the class defines. It may
      be a text, "module.name" or "module.Class.method". A decorator decorates the patch.

    A method that has a parameter of such a name keeps it. Type checkers do not know the keywords:
    tell them with `# type: ignore[call-arg]`.
    """

    _metapython_family: _family.Family | None = None

    @property
    def instance_name(self) -> str:
        """The name by which others find the object: a process's is unique, others have their class's."""
        return type(self).__name__

    @property
    def source(self) -> str | None:
        """The source text of the object's class; None where there is none, as for what was typed."""
        return _documentation.source(type(self))

    @property
    def is_alive(self) -> bool:
        """Whether the object is not deleted."""
        return _family.is_alive(self)

    @property
    def parent(self) -> Any:
        """The object whose deletion deletes this one too, or None."""
        return _family.parent_of(self)

    @property
    def children(self) -> list[Any]:
        """The objects that are deleted with this one, in the order in which they became so."""
        return _family.children_of(self)

    def alert(
        self,
        message: object,
        *args: object,
        level: Level = "v",
        callback: Callable[[str], object] | None = None,
        callback_instruction: _native.Instruction | None = None,
    ) -> None:
        """Tell whoever watches the machine.

        `args` are put into the `{}` of the message, as by `str.format`, if somebody is to see it.
        What is louder than the machine's verbosity is not shown. `callback` is called with the
        text, and `callback_instruction` executed, whether it is shown or not.

        Raises ValueError for a level that does not exist, TypeError for what cannot be called back.
        """
        is_shown = _native.is_alert_shown(level)
        if callback is not None and not callable(callback):
            raise wrong_type("alert(callback)", "a function of the text", callback)
        if not isinstance(callback_instruction, (_native.Instruction, type(None))):
            raise wrong_type("alert(callback_instruction)", "an Instruction", callback_instruction)
        if is_shown or callback is not None:
            text = str(message).format(*args) if args else str(message)
            if is_shown:
                _native.raise_alert(self.instance_name, text, level)
            if callback is not None:
                callback(text)
        if callback_instruction is not None:
            callback_instruction.execute()

    def create(self, cls: type[T] | str, *args: Any, **kwargs: Any) -> T:
        """Create an object of a class, or of the class that "module.Class" names.

        It becomes a child of this one, deleted with it, if it is one of the framework's; a process
        unless `parent=` says otherwise.

        Raises TypeError for what is no class, LookupError for a name that no class has.
        """
        _family.check_alive(self)
        found: Any = find_class(cls) if isinstance(cls, str) else cls
        if not callable(found):
            raise wrong_type("create(cls)", 'a class, or "module.Class"', found)
        if isinstance(found, type) and issubclass(found, _native.ProcessHandle):
            kwargs.setdefault("parent", self)
            return cast(T, found(*args, **kwargs))
        item = found(*args, **kwargs)
        if isinstance(item, Base) and item is not self and _family.parent_of(item) is None:
            _family.adopt(self, item)
        return cast(T, item)

    def add(self, item: Base) -> None:
        """Take an object as a child, deleted with this one.

        Raises ValueError if it would be its own ancestor, ProcessDeleted if one of them is gone.
        """
        if not isinstance(item, Base):
            raise wrong_type("add(item)", "an object of the framework", item)
        _family.adopt(self, item)

    def remove(self, child: Base) -> None:
        """Let a child go: it lives on when this one is deleted. ValueError if it is none."""
        if not isinstance(child, Base):
            raise wrong_type("remove(child)", "an object of the framework", child)
        _family.disown(self, child)

    def delete(self) -> None:
        """Delete the object and its children. A second time is no error."""
        _family.delete(self)

    def send_to(self, name: str, message: Buffer) -> None:
        """Put bytes into the mailbox of the process called `name`, who can read them next tick.

        `message` is `bytes`, or whatever gives out its bytes: a bytearray, an array of NumPy's.

        Raises LookupError if there is no such process, MailboxFull if its mailbox has no room,
        TypeError if the message is no bytes.
        """
        _native.send_message(name, message)
