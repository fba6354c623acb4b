"""What every object of the framework can do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from metapython import _native
from metapython._loading import find_class

if TYPE_CHECKING:
    from typing_extensions import Buffer

Level = Literal["error", "v", "vv", "vvv", "vvvv"]
"""How loud an alert is: the more v, the fewer want to see it."""

T = TypeVar("T")


class Base:
    """Alerts, messages, and the creation of others."""

    @property
    def instance_name(self) -> str:
        """The name by which others find the object: a process's is unique, others have their class's."""
        return type(self).__name__

    def alert(
        self,
        message: object,
        *args: object,
        level: Level = "v",
        callback: Callable[[str], object] | None = None,
        callback_instruction: _native.Instruction | None = None,
    ) -> None:
        """Tell whoever watches the machine.

        `args` are put into the `{}` of the message, as by `str.format`. What is louder than the
        machine's verbosity is not shown. `callback` is called with the text, and
        `callback_instruction` executed, whether it is shown or not.

        Raises ValueError for a level that does not exist.
        """
        text = str(message).format(*args) if args else str(message)
        _native.raise_alert(self.instance_name, text, level)
        if callback is not None:
            callback(text)
        if callback_instruction is not None:
            callback_instruction.execute()

    def create(self, cls: type[T] | str, *args: Any, **kwargs: Any) -> T:
        """Create an object of a class, or of the class that "module.Class" names.

        A process that a process creates becomes its child, unless `parent=` says otherwise.
        """
        found: Any = find_class(cls) if isinstance(cls, str) else cls
        return cast(T, found(*args, **kwargs))

    def send_to(self, name: str, message: Buffer) -> None:
        """Put bytes into the mailbox of the process called `name`, who can read them next tick.

        `message` is `bytes`, or whatever gives out its bytes: a bytearray, an array of NumPy's.

        Raises LookupError if there is no such process, MailboxFull if its mailbox has no room,
        TypeError if the message is no bytes.
        """
        _native.send_message(name, message)
