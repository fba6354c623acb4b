"""The components of many processes as NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterator
from sys import getrefcount
from types import TracebackType
from typing import TYPE_CHECKING, Any

from metapython import _native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Columns:
    """A block in which components of many processes are arrays; see `columns`."""

    def __init__(self, components: tuple[type, ...], of: type | None) -> None:
        self._classes = components
        self._of = of
        self._rows: _native.Rows | None = None
        self._columns: tuple[Column, ...] = ()

    def __enter__(self) -> tuple[Column, ...]:
        if self._rows is not None:
            raise RuntimeError("this block of columns is open already: make another with columns()")
        rows, left = self._left()
        self._rows = rows
        self._columns = tuple(Column(rows, component, left) for component in self._classes)
        return self._columns

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._rows is None:
            return
        rows, columns = self._rows, self._columns
        self._rows, self._columns = None, ()
        fields = [field for column in columns for field in close(column)]
        if kind is None:
            ticks = rows.scatter([field.touched() for field in fields])
            for field, tick in zip(fields, ticks, strict=True):
                field.since = tick
            if self._of is None:
                _native.leave_columns(self._classes, (rows, fields))

    def __len__(self) -> int:
        """How many processes there are in the open block."""
        return len(self._open())

    @property
    def processes(self) -> list[Any]:
        """The processes, in the order of the arrays; None for one that has gone meanwhile."""
        return self._open().processes()

    def _open(self) -> _native.Rows:
        if self._rows is None:
            raise RuntimeError("this block of columns is not open: with columns(...) as (...):")
        return self._rows

    def _left(self) -> tuple[_native.Rows, list[Field]]:
        """The rows, and the fields that the last such block has left if they are of the same rows."""
        if self._of is None:
            left: tuple[_native.Rows, list[Field]] | None = _native.take_columns(self._classes)
            if left and left[0].is_current(self._classes):
                return left
        return _native.Rows(self._classes, self._of), []


class Field:
    """A field of many processes: its array, that array as it was, and since when it is so.

    The next block with the same rows has it again, so that what nobody has changed meanwhile need
    not be read anew, nor memory be asked for.
    """

    __slots__ = ("array", "before", "component", "index", "kind", "name", "shape", "since")

    def __init__(self, rows: _native.Rows, component: type, name: str) -> None:
        import numpy as np

        self.component, self.name = component, name
        self.index, kind, numbers = rows.field(component, name)
        self.kind = np.dtype(kind)
        self.shape = (len(rows), numbers) if numbers else (len(rows),)
        self.array: NDArray[Any] = np.empty(self.shape, kind)
        self.before: NDArray[Any] = np.empty_like(self.raw())
        self.since: int | None = None

    def is_free(self) -> bool:
        """Whether nobody else has the array, and it is what it was made as."""
        # Two references are the field's and the call's.
        is_own = getrefcount(self.array) == 2
        return is_own and self.array.dtype == self.kind and self.array.shape == self.shape

    def gather(self, rows: _native.Rows) -> None:
        """Make both arrays what the field is."""
        self.since = rows.gather(self.component, self.index, self.raw(), self.before, self.since)

    def touched(self) -> tuple[type, int, NDArray[Any], NDArray[Any], int]:
        """What `Rows.scatter` takes."""
        return (self.component, self.index, self.raw(), self.before, self.since or 0)

    def raw(self) -> NDArray[Any]:
        """The array; truth values, of which one may hold wrong ones, as bytes."""
        return self.array.view("u1") if self.kind.kind == "b" else self.array


class Column:
    """A component of many processes: its fields of numbers are arrays."""

    __slots__ = ("_class", "_fields", "_left", "_rows")

    _class: type
    _fields: dict[str, Field]
    _left: dict[str, Field]
    _rows: _native.Rows | None

    def __init__(self, rows: _native.Rows, component: type, left: list[Field]) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_class", component)
        object.__setattr__(self, "_fields", {})
        own = [field for field in left if field.component is component]
        # A component that the block has twice has arrays of its own each time.
        left[:] = [field for field in left if field.component is not component]
        object.__setattr__(self, "_left", {field.name: field for field in own})

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._fields:
            return self._fields[name].array
        rows = self._rows
        if rows is None:
            raise RuntimeError("the block of these columns has ended; keep its arrays, or open another")
        field = self._left.pop(name, None)
        if field is None or not field.is_free():
            field = Field(rows, self._class, name)
        field.gather(rows)
        self._fields[name] = field
        return field.array

    def __setattr__(self, name: str, value: Any) -> None:
        array = getattr(self, name)
        if value is not array:
            import numpy as np

            np.copyto(array, value, casting="same_kind")

    def __dir__(self) -> Iterator[str]:
        return (name for name in dir(self._class) if not name.startswith("_"))


def close(column: Column) -> list[Field]:
    """End a column; the fields that were touched of it."""
    fields = list(column._fields.values())
    object.__setattr__(column, "_rows", None)
    object.__setattr__(column, "_fields", {})
    object.__setattr__(column, "_left", {})
    return fields


def columns(*components: type, of: type | None = None) -> Columns:
    """The components of all processes that have these, as NumPy arrays, within a `with` block.

        with columns(Transform, Velocity) as (transform, velocity):
            transform.x += velocity.x * dt

    An array has an element for each process (of class `of`, where that is given), in an order that
    is the same for all arrays of a block and in every run: that of spawning, as long as none of the
    processes was deleted or had components added or taken. Fields of vectors are arrays of two
    dimensions. `block.processes` are the processes, with `block = columns(...)`.

    An array is a copy of its field, made when the field is first used. At the end of the block the
    elements that the block has changed are written back, for processes that still have the
    component; if it is left by an exception none are. What others change meanwhile stays where the
    block changes nothing, so that blocks may be nested, or stay open over several steps.

    Raises ImportError without NumPy, ValueError, and nothing is written, if a number is not finite,
    and AttributeError for a field that has no numbers.
    """
    if not components:
        raise TypeError("columns() takes the components that the processes must have")
    try:
        import numpy  # noqa: F401
    except ImportError:
        raise ImportError("columns() needs NumPy: pip install numpy") from None
    return Columns(components, of)
