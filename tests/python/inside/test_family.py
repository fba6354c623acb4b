"""The tree of objects, of processes and others: who is deleted with whom."""

import copy
import pickle
import sys
import types

import pytest
from metapython import Base, Process, ProcessDeleted, machine


class Thing(Process):
    pass


class Plain(Base):
    """An object that is no process."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name, self.log = name, [] if log is None else log

    def delete(self) -> None:
        if self.is_alive:
            self.log.append(self.name)
        super().delete()


def test_plain_objects_form_a_tree() -> None:
    root = Plain()
    first, second = root.create(Plain), Plain()
    root.add(second)
    assert root.children == [first, second] and first.parent is second.parent is root and root.parent is None
    root.remove(first)
    assert root.children == [second] and first.parent is None
    with pytest.raises(ValueError, match="no child"):
        root.remove(first)
    with pytest.raises(TypeError, match="an object of the framework, not 5"):
        root.add(5)
    assert root.create(dict, a=1) == {"a": 1}


def test_a_child_has_one_parent() -> None:
    for first, second, child in [(Plain(), Plain(), Plain()), (Thing(), Plain(), Thing()), (Plain(), Thing(), Thing())]:
        first.add(child)
        second.add(child)
        assert (first.children, second.children, child.parent) == ([], [child], second)


def test_no_object_is_its_own_ancestor() -> None:
    process, plain, grandchild = Thing(), Plain(), Thing()
    process.add(plain)
    plain.add(grandchild)
    for ancestor, child in [(grandchild, process), (grandchild, plain), (plain, plain), (process, process)]:
        with pytest.raises(ValueError, match="own ancestor"):
            ancestor.add(child)
    assert (process.parent, plain.parent, grandchild.parent) == (None, process, plain)


def test_deletion_takes_children_along_from_the_leaves() -> None:
    log: list[str] = []
    root = Plain("root", log)
    middle = root.create(Plain, "middle", log)
    leaf = middle.create(Plain, "leaf", log)
    root.delete()
    assert log == ["root", "leaf", "middle"]
    assert not any(item.is_alive for item in (root, middle, leaf)) and root.children == []
    root.delete()
    assert len(log) == 3
    with pytest.raises(ProcessDeleted, match="the object Plain is deleted"):
        root.create(Plain)
    with pytest.raises(ProcessDeleted):
        Plain().add(root)


def test_a_long_chain_is_deleted() -> None:
    root = item = Plain()
    for _ in range(5_000):
        item = item.create(Plain)
    root.delete()
    assert not item.is_alive


def test_one_that_cannot_be_deleted_keeps_none_alive() -> None:
    class Clinging(Plain):
        def delete(self) -> None:
            super().delete()
            raise OSError(self.name)

    root = Plain()
    clinging, other = root.create(Clinging, "clinging"), root.create(Plain)
    with pytest.raises(OSError, match="clinging"):
        root.delete()
    assert not (root.is_alive or clinging.is_alive or other.is_alive)
    root = Plain()
    for name in "ab":
        root.create(Clinging, name)
    with pytest.raises(ExceptionGroup, match="could not be deleted"):
        root.delete()


def test_a_process_can_be_the_child_of_a_plain_object() -> None:
    root = Plain()
    first, second = root.create(Thing), Thing(parent=root)
    assert root.children == [first, second] and first.parent is root
    with pytest.raises(TypeError, match=r"Thing\(parent=...\) is an object of the framework, not str"):
        Thing(parent="me")


def test_the_parent_is_known_in_init() -> None:
    class Curious(Process):
        def __init__(self) -> None:
            self.seen = self.parent

    root = Plain()
    assert root.create(Curious).seen is root


def test_a_child_that_fails_to_begin_is_none() -> None:
    class Failing(Process):
        def __init__(self, children: list[Plain]) -> None:
            children.append(self.create(Plain))
            raise OSError("no")

    root, children = Plain(), []
    with pytest.raises(OSError, match="no"):
        root.create(Failing, children)
    assert root.children == [] and not children[0].is_alive


def test_a_copy_is_nobodys_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, __name__, types.SimpleNamespace(Plain=Plain))
    root = Plain()
    child = root.create(Plain)
    child.create(Plain)
    for other in (copy.copy(child), copy.deepcopy(child), pickle.loads(pickle.dumps(child))):
        assert (other.parent, other.children) == (None, [])
        other.delete()
    assert child.is_alive and root.children == [child] and len(child.children) == 1


def test_an_object_with_a_parent_keeps_it_when_it_is_created_again() -> None:
    child = Plain()
    Thing().create(lambda: child)
    former = child.parent
    Plain().create(lambda: child)
    assert child.parent is former


def test_the_family_is_no_attribute_of_a_process() -> None:
    from metapython.process import attributes

    thing = Thing()
    thing.create(Plain)
    assert attributes(thing) == {}
    assert thing.instance_name in machine
