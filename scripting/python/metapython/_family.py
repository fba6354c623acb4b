"""The tree of objects: who is deleted with whom.

The engine itself keeps the families of processes. Here are those in which an object that is no
process is the parent or the child; the functions know both.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from metapython import _native
from metapython._native import ProcessHandle

if TYPE_CHECKING:
    from metapython.base import Base

KEY = "_metapython_family"
"""Where an object keeps its place in the tree; its class has None under that name. It is no access
to `__dict__`, which would cost a process the attributes that Python keeps within the object."""


class Family:
    """The relations of one object that the engine does not keep."""

    __slots__ = ("owner", "parent", "children", "is_deleted")

    def __init__(self, owner: Base) -> None:
        self.owner = weakref.ref(owner)
        self.parent: Base | None = None
        self.children: dict[int, Base] = {}
        """By identity, as objects need not be hashable; in the order in which they became so."""
        self.is_deleted = False

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        """A copy of an object is nobody's child yet, and has no children."""
        return type(None), ()


def known(item: Base) -> Family | None:
    """The relations of an object, if it has any; those that a copy took along are not its own."""
    family: Family | None = getattr(item, KEY)
    return family if family is not None and family.owner() is item else None


def of(item: Base) -> Family:
    """The relations of an object."""
    family = known(item)
    if family is None:
        family = Family(item)
        object.__setattr__(item, KEY, family)
    return family


def parent_of(item: Base) -> Base | None:
    """The object whose deletion deletes this one too."""
    family = known(item)
    if family is not None and family.parent is not None:
        return family.parent
    return ProcessHandle.parent.__get__(item) if isinstance(item, ProcessHandle) else None


def ancestors(item: Base) -> Iterator[Base]:
    """The parent of an object, its parent, and so on."""
    parent = parent_of(item)
    while parent is not None:
        yield parent
        parent = parent_of(parent)


def children_of(item: Base) -> list[Base]:
    """The objects that are deleted with this one: processes of a process, then the others."""
    family = known(item)
    others = [] if family is None else list(family.children.values())
    if isinstance(item, ProcessHandle):
        return [*ProcessHandle.children.__get__(item), *others]
    return others


def is_alive(item: Base) -> bool:
    """Whether an object is not deleted."""
    if isinstance(item, ProcessHandle):
        return bool(ProcessHandle.is_alive.__get__(item))
    family = known(item)
    return family is None or not family.is_deleted


def kind_of(item: Base) -> str:
    """What messages call an object."""
    return "process" if isinstance(item, ProcessHandle) else "object"


def check_alive(item: Base) -> None:
    """Raise ProcessDeleted if an object is deleted."""
    if not is_alive(item):
        raise _native.ProcessDeleted(f"the {kind_of(item)} {item.instance_name} is deleted")


def adopt(parent: Base, child: Base) -> None:
    """Make an object the child of another, and of no other.

    Raises ValueError if it would be its own ancestor, ProcessDeleted if one of them is gone.
    """
    check_alive(parent)
    check_alive(child)
    if child is parent or children_of(child) and any(child is one for one in ancestors(parent)):
        article = "a" if isinstance(child, ProcessHandle) else "an"
        raise ValueError(f"{article} {kind_of(child)} cannot be its own ancestor")
    former = parent_of(child)
    if former is parent:
        return
    if isinstance(parent, ProcessHandle) and isinstance(child, ProcessHandle):
        leave(child)
        _native.adopt_process(parent, child)
        return
    if former is not None:
        disown(former, child)
    of(child).parent = parent
    of(parent).children[id(child)] = child


def disown(parent: Base, child: Base) -> None:
    """Make an object no child of another any more; ValueError if it is none."""
    family = known(child)
    if family is not None and family.parent is parent:
        leave(child)
    elif isinstance(parent, ProcessHandle) and isinstance(child, ProcessHandle):
        _native.disown_process(parent, child)
    else:
        raise ValueError("it is no child of this object")


def leave(child: Base) -> None:
    """Take an object out of the family that the engine does not keep."""
    family = known(child)
    if family is not None and family.parent is not None:
        of(family.parent).children.pop(id(child), None)
        family.parent = None


def delete(item: Base) -> None:
    """Delete an object that is no process, its descendants first.

    All are deleted, whatever one of them raises; that is raised at the end.
    """
    family = of(item)
    if family.is_deleted:
        return
    family.is_deleted = True
    leave(item)
    failures = list(delete_all(reversed(descendants(item))))
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup(f"children of {item.instance_name} could not be deleted", failures)


def descendants(item: Base) -> list[Base]:
    """The children of an object, theirs, and so on; those of a process are left to its own end."""
    found = [] if known(item) is None else list(of(item).children.values())
    for member in found:
        family = None if isinstance(member, ProcessHandle) else known(member)
        if family is not None:
            found.extend(family.children.values())
    return found


def delete_all(items: Iterable[Base]) -> Iterator[Exception]:
    """Delete objects one after the other; what they raise."""
    for item in items:
        try:
            item.delete()
        except Exception as error:
            yield error


def end(process: Any) -> None:
    """A process is gone: so are those of its children that the engine does not know."""
    leave(process)
    for error in delete_all(reversed(descendants(process))):
        from metapython._traceback import format_exception

        text = f"a child could not be deleted: {format_exception(error)}"
        _native.raise_alert(process.instance_name, text, "error")
    object.__setattr__(process, KEY, None)
