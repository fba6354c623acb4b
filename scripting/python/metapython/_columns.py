"""The components of many processes as NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterator
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
        self._rows = rows = _native.Rows(self._classes, self._of)
        self._columns = tuple(Column(rows, component) for component in self._classes)
        return self._columns

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._rows is None:
            return
        rows, columns = self._rows, self._columns
        self._rows, self._columns = None, ()
        touched = [entry for column in columns for entry in close(column)]
        if kind is None:
            rows.scatter(touched)

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


class Column:
    """A component of many processes: its fields of numbers are arrays."""

    __slots__ = ("_arrays", "_class", "_rows")

    _arrays: dict[str, tuple[int, NDArray[Any], NDArray[Any]]]
    _class: type
    _rows: _native.Rows | None

    def __init__(self, rows: _native.Rows, component: type) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_class", component)
        object.__setattr__(self, "_arrays", {})

    def __getattr__(self, name: str) -> NDArray[Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._arrays:
            return self._arrays[name][1]
        if self._rows is None:
            raise RuntimeError("the block of these columns has ended; keep its arrays, or open another")
        import numpy as np

        index, kind, numbers = self._rows.field(self._class, name)
        shape = (len(self._rows), numbers) if numbers else len(self._rows)
        array, before = np.empty(shape, kind), np.empty(shape, kind)
        self._rows.gather(self._class, index, raw(array), raw(before))
        self._arrays[name] = (index, array, before)
        return array

    def __setattr__(self, name: str, value: Any) -> None:
        array = getattr(self, name)
        if value is not array:
            import numpy as np

            np.copyto(array, value, casting="same_kind")

    def __dir__(self) -> Iterator[str]:
        return (name for name in dir(self._class) if not name.startswith("_"))


def close(column: Column) -> list[tuple[type, int, NDArray[Any], NDArray[Any]]]:
    """End a column; what was touched of it: component, field, array, and the array as it was."""
    arrays = column._arrays
    object.__setattr__(column, "_rows", None)
    object.__setattr__(column, "_arrays", {})
    return [(column._class, index, raw(array), raw(old)) for index, array, old in arrays.values()]


def raw(array: NDArray[Any]) -> NDArray[Any]:
    """The array in one dimension; truth values, of which an array may hold wrong ones, as bytes."""
    flat = array.reshape(-1)
    return flat.view("u1") if flat.dtype == bool else flat


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
