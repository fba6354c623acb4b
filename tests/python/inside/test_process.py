"""Processes: names, families, messages, and what other threads may not do."""

import array
import gc
import sys
import threading
import weakref

import pytest
from metapython import Instruction, MailboxFull, Process, machine


class Thing(Process):
    pass


def test_names_are_unique_and_made_from_the_class() -> None:
    first, second, third = Thing(), Thing(), Thing(instance_name="Special")
    assert (first.instance_name, second.instance_name, third.instance_name) == ("Thing", "Thing1", "Special")
    assert machine["Thing1"] is second and "Special" in machine
    assert repr(first) == "<Thing Thing>"


@pytest.mark.parametrize("name", ["", "two words", "1st", "Taken"])
def test_a_bad_name_is_refused(name: str) -> None:
    if name == "Taken":
        Thing(instance_name="Taken")
    with pytest.raises(ValueError, match="named `Taken` already|cannot be the name"):
        Thing(instance_name=name)


def test_a_process_that_is_missing_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        machine["Nobody"]


def test_children_know_their_parents() -> None:
    parent = Thing()
    child = parent.create(Thing)
    adopted = Thing()
    parent.add(adopted)
    assert parent.children == [child, adopted] and child.parent is parent
    parent.remove(adopted)
    assert parent.children == [child] and adopted.parent is None
    with pytest.raises(ValueError, match="own ancestor"):
        child.add(parent)
    with pytest.raises(ValueError, match="no child"):
        parent.remove(adopted)


def test_create_finds_classes_by_name() -> None:
    counter = Thing().create("collections.Counter", "abca")
    assert counter["a"] == 2
    with pytest.raises(LookupError, match="no class 'Countre'; did you mean `Counter`"):
        Thing().create("collections.Countre")


def test_terms_can_change() -> None:
    thing = Thing()
    thing.priority, thing.interval = 5, 0.1
    assert (thing.priority, thing.interval) == (5, 0.1)
    with pytest.raises(ValueError, match="Thing.interval takes 0 .* or 0.00001 to 1e9 seconds, not -1"):
        thing.interval = -1
    with pytest.raises(ValueError, match=r"Thing.interval takes .* seconds, not 1e-320$"):
        thing.interval = 1e-320
    with pytest.raises(TypeError, match="Thing.interval takes 0 .* seconds, not 'soon'"):
        thing.interval = "soon"
    with pytest.raises(ValueError, match="Thing.priority takes a whole number from -2147483648 to 2147483647, not 10"):
        thing.priority = 2**40
    with pytest.raises(ValueError, match="Thing.priority takes a whole number from"):
        Thing(priority=-(2**31) - 1)
    with pytest.raises(TypeError, match="Thing.priority takes a whole number from .*, not True"):
        thing.priority = True
    assert (thing.priority, thing.interval) == (5, 0.1)


def test_the_machine_is_a_mapping_by_name() -> None:
    first, second = Thing(instance_name="Zoe"), Thing(instance_name="Adam")
    names = list(machine)
    assert names[-2:] == ["Zoe", "Adam"] and len(names) == len(machine)
    assert [machine[name] for name in names] == machine.processes


def test_the_hash_is_that_of_the_order_of_creation() -> None:
    first, second = Thing(), Thing()
    assert hash(second) == hash(first) + 1
    assert first == first and first != second and {first, second, first} == {second, first}
    with pytest.raises(RuntimeError, match="call its class to create one"):
        hash(Thing.__new__(Thing))


@pytest.mark.parametrize("message", ["text", 5, None, [1, 2]])
def test_a_message_that_is_no_bytes_is_refused(message: object) -> None:
    with pytest.raises(TypeError, match=r"send_to\(message\) takes bytes"):
        Thing().send_to(Thing().instance_name, message)


def test_a_full_mailbox_refuses_and_loses_nothing() -> None:
    thing = Thing()
    Thing().send_to(thing.instance_name, bytes(60_000))
    with pytest.raises(MailboxFull, match="60000 of 65536 bytes and 6000 more do not fit"):
        Thing().send_to(thing.instance_name, bytes(6_000))
    Thing().send_to(thing.instance_name, bytearray(b"small"))
    Thing().send_to(thing.instance_name, array.array("d", [1.5]))
    assert thing.read_messages() == [], "a message can be read from the next tick on"
    with pytest.raises(LookupError, match="no process `Thign`"):
        thing.send_to("Thign", b"")


def test_another_thread_cannot_touch_the_world() -> None:
    thing = Thing()
    errors: list[BaseException] = []

    def touch() -> None:
        try:
            thing.priority = 1
        except RuntimeError as error:
            errors.append(error)
        Instruction(thing.instance_name, "pause").execute()

    thread = threading.Thread(target=touch)
    thread.start()
    thread.join()
    assert "only the machine's own thread" in str(errors[0])


def test_an_object_that_is_no_process_yet_says_so() -> None:
    half = Thing.__new__(Thing)
    with pytest.raises(RuntimeError, match="call its class to create one"):
        half.pause()
    assert not half.is_alive


def test_an_instruction_shows_what_it_calls() -> None:
    assert repr(Instruction("Ball", "bounce", 3, fast=True)) == "Instruction(\"Ball\", \"bounce\", 3, fast=True)"
    with pytest.raises(ValueError, match="takes 0 to 1e9 seconds, not -1"):
        Instruction("Ball", "bounce").execute(delay=-1)


def test_alerts_have_levels_and_callbacks() -> None:
    said: list[str] = []
    thing = Thing()
    thing.alert("{} and {}", 1, "two", level="vvvv", callback=said.append)
    assert said == ["1 and two"]
    with pytest.raises(ValueError, match="takes .*, not 'loud'"):
        thing.alert("x", level="loud")


def test_collecting_garbage_touches_no_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects that never became processes are collected, those that did are not, and nothing is raised."""
    raised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda problem: raised.append(problem.exc_value))
    half = Thing.__new__(Thing)
    half.cycle = half
    whole = Thing()
    whole.cycle = [whole, whole.instance_name]
    references = weakref.ref(half), weakref.ref(whole)
    name = whole.instance_name
    del half, whole
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()
    assert (references[0](), references[1]()) == (None, machine[name])
    assert raised == []
