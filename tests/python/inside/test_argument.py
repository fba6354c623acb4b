"""Arguments of the wrong type or out of range: each message says where, what is taken and what came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from metapython import (
    Base,
    Instruction,
    Process,
    Restart,
    Transform,
    input,
    machine,
    sleep,
    sound,
    window,
)

HUGE = 10**400
LEVELS = '"error", "v", "vv", "vvv" or "vvvv"'
NAME = "the instance name of a process"
SECONDS = "0 to 1e9 seconds"
FADE = "0 to 3600 seconds"
BUS = "the name of a bus"
PART = "a number from 0 to 1"
PARTS = "0 to 60 seconds"
WHOLE = "a whole number from -2147483648 to 2147483647"
SIDE = "a whole number from 1 to 8192 px"
HZ = "a whole number from 1 to 100000"
SEED = "a whole number from 0 to 18446744073709551615"
LIMIT = "0 (none) or 0.001 to 86400 seconds"
VOLUME = "a number from 0 (silent) to 4"
PAN = "a number from -1 (left) to 1 (right)"
PITCH = "a factor from 0.0625 to 16"
WAVES = '"sine", "square", "triangle", "sawtooth" or "noise"'
CLASS = "a component class, like Transform"


class Thing(Process):
    """Something to be wrong with."""


class Liar:
    """Fails when it is shown, and when it is asked for its number."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __float__(self) -> float:
        raise KeyError("no number")


class Long:
    """Takes many words."""

    def __repr__(self) -> str:
        return "x" * 10_000


def calls(thing: Any, other: Base, voice: Any, music: Any) -> dict[str, Callable[[Any], Any]]:
    """What takes an argument, by what messages call it: a call with it."""
    instruction = Instruction("Thing", "pause")
    return {
        "Instruction(name)": lambda it: Instruction(it, "pause"),
        "Instruction(method)": lambda it: Instruction("Thing", it),
        "execute(delay)": lambda it: instruction.execute(delay=it),
        "execute(priority)": lambda it: instruction.execute(priority=it),
        "result(timeout)": lambda it: instruction.execute().result(it),
        "send_to(name)": lambda it: thing.send_to(it, b""),
        "send_to(message)": lambda it: other.send_to("Thing", it),
        "alert(level)": lambda it: thing.alert("text", level=it),
        "alert(callback)": lambda it: thing.alert("text", callback=it),
        "alert(callback_instruction)": lambda it: other.alert("text", callback_instruction=it),
        "create(cls)": lambda it: thing.create(it),
        "add(item)": lambda it: thing.add(it),
        "remove(child)": lambda it: thing.remove(it),
        "process[...]": lambda it: thing[it],
        "sleep(seconds)": lambda it: sleep(it).send(None),
        "message(timeout)": lambda it: thing.message(it).__await__().send(None),
        "Restart(limit)": lambda it: Restart(limit=it),
        "Restart(within)": lambda it: Restart(within=it),
        "Thing.priority": lambda it: setattr(thing, "priority", it),
        "Thing.interval": lambda it: setattr(thing, "interval", it),
        "Thing.missed": lambda it: setattr(thing, "missed", it),
        "Thing.restart": lambda it: setattr(thing, "restart", it),
        "Thing.memory_size": lambda it: setattr(thing, "memory_size", it),
        "Thing(instance_name)": lambda it: Thing(instance_name=it),
        "machine[...]": lambda it: machine[it],
        "machine.hz": lambda it: setattr(machine, "hz", it),
        "machine.seed": lambda it: setattr(machine, "seed", it),
        "machine.step_limit": lambda it: setattr(machine, "step_limit", it),
        "machine.frame_budget": lambda it: setattr(machine, "frame_budget", it),
        "machine.verbosity": lambda it: setattr(machine, "verbosity", it),
        "machine.stop(status)": lambda it: machine.stop(it),
        "machine.run(ticks)": lambda it: machine.run(it),
        "machine.run(window)": lambda it: machine.run(1, window=it),
        "machine.run(clock)": lambda it: machine.run(1, clock=it),
        "window.width": lambda it: setattr(window, "width", it),
        "window.height": lambda it: setattr(window, "height", it),
        "window.scale": lambda it: setattr(window, "scale", it),
        "window.fullscreen": lambda it: setattr(window, "fullscreen", it),
        "window.vsync": lambda it: setattr(window, "vsync", it),
        "window.icon": lambda it: setattr(window, "icon", it),
        "to_scene(x)": lambda it: window.to_scene(it, 0),
        "to_scene(y)": lambda it: window.to_scene(0, it),
        "window.title": lambda it: setattr(window, "title", it),
        "window.background": lambda it: setattr(window, "background", it),
        "is_down(control)": lambda it: input.is_down(it),
        "was_pressed(control)": lambda it: input.was_pressed(it),
        "was_released(control)": lambda it: input.was_released(it),
        "button_is_down(button)": lambda it: input.button_is_down(it),
        "button_was_pressed(button)": lambda it: input.button_was_pressed(it),
        "button_was_released(button)": lambda it: input.button_was_released(it),
        "play(path)": lambda it: sound.play(it),
        "play(volume)": lambda it: sound.play("none.wav", volume=it),
        "play(pan)": lambda it: sound.play("none.wav", pan=it),
        "play(pitch)": lambda it: sound.play("none.wav", pitch=it),
        "play(looped)": lambda it: sound.play("none.wav", looped=it),
        "tone(frequency)": lambda it: sound.tone(it),
        "tone(duration)": lambda it: sound.tone(440, it),
        "tone(volume)": lambda it: sound.tone(440, volume=it),
        "tone(pan)": lambda it: sound.tone(440, pan=it),
        "tone(waveform)": lambda it: sound.tone(440, waveform=it),
        "play(bus)": lambda it: sound.play("none.wav", bus=it),
        "play(fade_in)": lambda it: sound.play("none.wav", fade_in=it),
        "play(delay)": lambda it: sound.play("none.wav", delay=it),
        "tone(delay)": lambda it: sound.tone(440, delay=it),
        "tone(bus)": lambda it: sound.tone(440, bus=it),
        "tone(attack)": lambda it: sound.tone(440, attack=it),
        "tone(decay)": lambda it: sound.tone(440, decay=it),
        "tone(sustain)": lambda it: sound.tone(440, sustain=it),
        "tone(release)": lambda it: sound.tone(440, release=it),
        "stream(ahead)": lambda it: sound.stream(ahead=it),
        "stream(volume)": lambda it: sound.stream(volume=it),
        "stream(pan)": lambda it: sound.stream(pan=it),
        "stream(bus)": lambda it: sound.stream(bus=it),
        "bus(name)": lambda it: sound.bus(it),
        "Bus.volume": lambda it: setattr(music, "volume", it),
        "Bus.muted": lambda it: setattr(music, "muted", it),
        "fade_to(volume)": lambda it: music.fade_to(it, 1),
        "fade_to(seconds)": lambda it: music.fade_to(1, it),
        "low_pass(cutoff)": lambda it: music.low_pass(it),
        "low_pass(resonance)": lambda it: music.low_pass(800, resonance=it),
        "delay(time)": lambda it: music.delay(it),
        "delay(feedback)": lambda it: music.delay(1, feedback=it),
        "delay(mix)": lambda it: music.delay(1, mix=it),
        "reverb(room)": lambda it: music.reverb(it),
        "reverb(damping)": lambda it: music.reverb(1, damping=it),
        "reverb(mix)": lambda it: music.reverb(1, mix=it),
        "stop(fade_out)": lambda it: voice.stop(fade_out=it),
        "sound.volume": lambda it: setattr(sound, "volume", it),
        "set_volume(volume)": lambda it: voice.set_volume(it),
        "set_pan(pan)": lambda it: voice.set_pan(it),
        "set_pitch(pitch)": lambda it: voice.set_pitch(it),
    }


TYPES: list[tuple[str, str, list[Any]]] = [
    ("Instruction(name)", NAME, [3, None, b"Thing", Thing]),
    ("Instruction(method)", "the name of a method", [3, None, Thing.pause]),
    ("execute(delay)", SECONDS, ["x", True, None, [1]]),
    ("execute(priority)", WHOLE, ["x", 1.5, False, None]),
    ("result(timeout)", SECONDS, ["x", True]),
    ("send_to(name)", NAME, [3, None, b""]),
    ("send_to(message)", "bytes, or what gives out its bytes (text has to be encoded)", ["text", 3, None]),
    ("alert(level)", LEVELS, [3, None, b"v"]),
    ("alert(callback)", "a function of the text", [3, "print"]),
    ("alert(callback_instruction)", "an Instruction", [3, print]),
    ("create(cls)", 'a class, or "module.Class"', [3, None]),
    ("add(item)", "an object of the framework or a component", [3, None, Transform]),
    ("remove(child)", "an object of the framework", [3, None, Transform()]),
    ("process[...]", CLASS, [3, None, "Transform", Transform()]),
    ("sleep(seconds)", SECONDS, ["x", True, None]),
    ("message(timeout)", SECONDS, ["x", True]),
    ("Restart(limit)", "a whole number from 1 to 4294967295 (restart=None is no restart)", ["x", 1.5, True, None]),
    ("Restart(within)", "a number of seconds above 0 and up to 1e9", ["x", True, None]),
    ("Thing.priority", WHOLE, ["x", 1.5, True, None]),
    ("Thing.interval", "0 (every tick) or 0.00001 to 1e9 seconds", ["x", True, None]),
    ("Thing.missed", '"skip", "burst" or "delay"', [3, None, b"skip"]),
    ("Thing.restart", "a Restart(...) or None", [3, True, {"limit": 3}]),
    ("Thing.memory_size", "a whole number from 0 to 1073741824 bytes", ["x", 1.5, True, None]),
    ("Thing(instance_name)", "a name that no process has", [3, b"x"]),
    ("machine[...]", NAME, [3, None, b"Thing"]),
    ("machine.hz", HZ, ["x", 60.5, True, None]),
    ("machine.seed", SEED, ["x", 1.5, True, None]),
    ("machine.step_limit", LIMIT, ["x", True, None]),
    ("machine.frame_budget", "a number above 0 and up to 1", ["x", True, None]),
    ("machine.verbosity", LEVELS, [3, None]),
    ("machine.stop(status)", "a whole number of 32 bits; the program ends with the lowest 8 of them", ["x", 1.5, True, None]),
    ("machine.run(ticks)", "a whole number from 0, or None for no end", ["x", 1.5, True]),
    ("machine.run(window)", "True or False", [3, "no", None]),
    ("machine.run(clock)", '"real" or "virtual"', [3, True]),
    ("window.width", SIDE, ["x", 1.5, True, None]),
    ("window.height", SIDE, ["x", 1.5, True, None]),
    ("window.title", "text", [3, None, b"x"]),
    ("window.scale", "a number from 0.25 to 16", ["x", True, None]),
    ("window.fullscreen", "True or False", [3, "no", None]),
    ("window.vsync", "True or False", [3, "no", None]),
    ("window.icon", 'the name of a file, like "icon.png"', [3, None, b"x"]),
    ("to_scene(x)", "a finite number of px", ["x", True, None]),
    ("to_scene(y)", "a finite number of px", ["x", True, None]),
    ("is_down(control)", 'the name of a control, like "Space" or "pad:a"', [3, None]),
    ("was_pressed(control)", 'the name of a control, like "Space" or "pad:a"', [3, None]),
    ("was_released(control)", 'the name of a control, like "Space" or "pad:a"', [3, None]),
    ("button_is_down(button)", 'the name of a button, like "left"', [3, None]),
    ("button_was_pressed(button)", 'the name of a button, like "left"', [3, None]),
    ("button_was_released(button)", 'the name of a button, like "left"', [3, None]),
    ("play(path)", "the path of a file", [3, None]),
    ("play(volume)", VOLUME, ["x", True, None]),
    ("play(pan)", PAN, ["x", True, None]),
    ("play(pitch)", PITCH, ["x", True, None]),
    ("play(looped)", "True or False", [3, "x", None]),
    ("tone(frequency)", "1 to 20000 Hz", ["x", True, None]),
    ("tone(duration)", "1/48000 to 86400 seconds, or None", ["x", True]),
    ("tone(volume)", VOLUME, ["x", True, None]),
    ("tone(pan)", PAN, ["x", True, None]),
    ("tone(waveform)", WAVES, [3, None]),
    ("play(bus)", BUS, [3, None, b"music"]),
    ("play(fade_in)", FADE, ["x", True, None]),
    ("play(delay)", FADE, ["x", True, None]),
    ("tone(delay)", FADE, ["x", True, None]),
    ("tone(bus)", BUS, [3, None]),
    ("tone(attack)", PARTS, ["x", True, None]),
    ("tone(decay)", PARTS, ["x", True, None]),
    ("tone(sustain)", PART, ["x", True, None]),
    ("tone(release)", PARTS, ["x", True, None]),
    ("stream(ahead)", "0.02 to 10 seconds", ["x", True, None]),
    ("stream(volume)", VOLUME, ["x", True, None]),
    ("stream(pan)", PAN, ["x", True, None]),
    ("stream(bus)", BUS, [3, None]),
    ("bus(name)", BUS, [3, None]),
    ("Bus.volume", VOLUME, ["x", True, None]),
    ("Bus.muted", "True or False", [1, None]),
    ("fade_to(volume)", VOLUME, ["x", True, None]),
    ("fade_to(seconds)", FADE, ["x", True, None]),
    ("low_pass(cutoff)", "20 to 20000 Hz", ["x", True]),
    ("low_pass(resonance)", "a number from 0.1 to 10", ["x", None]),
    ("delay(time)", "0.001 to 2 seconds", ["x", True]),
    ("delay(feedback)", "a number from 0 to 0.95", ["x", None]),
    ("delay(mix)", PART, ["x", None]),
    ("reverb(room)", PART, ["x", True]),
    ("reverb(damping)", PART, ["x", None]),
    ("reverb(mix)", PART, ["x", None]),
    ("stop(fade_out)", FADE, ["x", True, None]),
    ("sound.volume", VOLUME, ["x", True, None]),
    ("set_volume(volume)", VOLUME, ["x", True, None]),
    ("set_pan(pan)", PAN, ["x", True, None]),
    ("set_pitch(pitch)", PITCH, ["x", True, None]),
]

NUMBERS = [-1, float("nan"), float("inf"), HUGE]
RANGES: list[tuple[str, list[Any]]] = [
    ("execute(delay)", [*NUMBERS, 1.1e9]),
    ("execute(priority)", [10**30, -(10**30), 2**31]),
    ("result(timeout)", NUMBERS),
    ("alert(level)", ["loud", "V", ""]),
    ("sleep(seconds)", [*NUMBERS, 1.1e9]),
    ("message(timeout)", NUMBERS),
    ("Restart(limit)", [0, -1, 2**32, HUGE]),
    ("Restart(within)", [*NUMBERS, 0]),
    ("Thing.priority", [2**31, -(2**31) - 1, 2**64, HUGE]),
    ("Thing.interval", [*NUMBERS, 1e-6, 1.1e9, 1e-320]),
    ("Thing.missed", ["brust", "Burst", "", "\ud800"]),
    ("Thing.memory_size", [-1, 2**30 + 1, 2**64, HUGE]),
    ("machine.hz", [0, -1, 100_001, HUGE]),
    ("machine.seed", [-1, 2**64, HUGE]),
    ("machine.step_limit", [*NUMBERS, 1e-4, 86_401]),
    ("machine.frame_budget", [*NUMBERS, 0, 1.1]),
    ("machine.verbosity", ["loud", ""]),
    ("machine.stop(status)", [2**31, HUGE]),
    ("machine.run(ticks)", [-1, HUGE]),
    ("machine.run(clock)", ["wall", ""]),
    ("window.width", [0, -1, 8193, HUGE]),
    ("window.height", [0, -1, 8193, HUGE]),
    ("window.title", ["\ud800"]),
    ("window.scale", [*NUMBERS, 0.2, 16.1]),
    ("to_scene(x)", [float("nan"), float("inf"), HUGE]),
    ("Instruction(name)", ["\ud800"]),
    ("play(volume)", [*NUMBERS, 4.1]),
    ("play(pan)", [-1.1, 1.1, float("nan")]),
    ("play(pitch)", [*NUMBERS, 0.05, 17]),
    ("tone(frequency)", [*NUMBERS, 0.5, 20_001]),
    ("tone(duration)", [*NUMBERS, 0, 86_401]),
    ("tone(volume)", [*NUMBERS, 4.1]),
    ("tone(waveform)", ["sin", ""]),
    ("play(fade_in)", [*NUMBERS, 3601]),
    ("play(delay)", [*NUMBERS, 3601]),
    ("tone(delay)", [*NUMBERS, 3601]),
    ("tone(attack)", [*NUMBERS, 61]),
    ("tone(decay)", [*NUMBERS, 61]),
    ("tone(sustain)", [*NUMBERS, 1.1]),
    ("tone(release)", [*NUMBERS, 61]),
    ("stream(ahead)", [*NUMBERS, 0.01, 10.1]),
    ("stream(volume)", [*NUMBERS, 4.1]),
    ("Bus.volume", [*NUMBERS, 4.1]),
    ("fade_to(volume)", [*NUMBERS, 4.1]),
    ("fade_to(seconds)", [*NUMBERS, 3601]),
    ("low_pass(cutoff)", [*NUMBERS, 19, 20_001]),
    ("low_pass(resonance)", [*NUMBERS, 0, 11]),
    ("delay(time)", [*NUMBERS, 0, 2.1]),
    ("delay(feedback)", [*NUMBERS, 1]),
    ("delay(mix)", [*NUMBERS, 1.1]),
    ("reverb(room)", [*NUMBERS, 1.1]),
    ("reverb(damping)", [*NUMBERS, 1.1]),
    ("reverb(mix)", [*NUMBERS, 1.1]),
    ("stop(fade_out)", [*NUMBERS, 3601]),
    ("sound.volume", [*NUMBERS, 4.1]),
    ("set_volume(volume)", [*NUMBERS, 4.1]),
    ("set_pan(pan)", [-1.1, 1.1, float("nan")]),
    ("set_pitch(pitch)", [*NUMBERS, 17]),
]


@pytest.fixture
def call() -> Callable[[str, Any], tuple[type, str]]:
    """Calls what takes an argument with one that it refuses, and returns what it says."""
    thing = machine["Thing"] if "Thing" in machine else Thing()
    table = calls(thing, Base(), sound.tone(440), sound.bus("music"))
    count = len(machine)

    def call(what: str, value: Any) -> tuple[type, str]:
        with pytest.raises((TypeError, ValueError)) as caught:
            table[what](value)
        assert len(machine) == count
        return type(caught.value), str(caught.value)

    return call


def shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:40] + "..."


@pytest.mark.parametrize(("what", "takes", "values"), TYPES, ids=[row[0] for row in TYPES])
def test_another_type_is_a_type_error_that_says_what_is_taken(
    call: Any, what: str, takes: str, values: list[Any]
) -> None:
    for value in values:
        assert call(what, value) == (TypeError, f"{what} takes {takes}, not {shown(value)}")
    assert call(what, Long()) == (TypeError, f"{what} takes {takes}, not {'x' * 40}...")


@pytest.mark.parametrize(("what", "values"), RANGES, ids=[row[0] for row in RANGES])
def test_a_value_out_of_range_is_a_value_error_that_says_the_range(
    call: Any, what: str, values: list[Any]
) -> None:
    takes = next(row[1] for row in TYPES if row[0] == what)
    for value in values:
        assert call(what, value) == (ValueError, f"{what} takes {takes}, not {shown(value)}")


@pytest.mark.parametrize("setting", ["priority", "interval", "missed", "restart", "memory_size"])
def test_a_setting_is_refused_in_the_same_words_wherever_it_is_given(setting: str) -> None:
    takes = next(row[1] for row in TYPES if row[0] == f"Thing.{setting}")
    for give in (
        lambda: Thing(**{setting: [3]}),
        lambda: setattr(Thing, setting, [3]),
        lambda: type("Thing", (Process,), {setting: [3]}),
    ):
        with pytest.raises(TypeError) as caught:
            give()
        assert str(caught.value) == f"Thing.{setting} takes {takes}, not [3]"


def test_what_fails_as_it_is_looked_at_fails_with_its_own_exception(call: Any) -> None:
    with pytest.raises(KeyError, match="no number"):
        sleep(Liar()).send(None)  # type: ignore[arg-type]
    assert call("machine.hz", Liar()) == (TypeError, f"machine.hz takes {HZ}, not this")
    assert call("alert(callback)", Liar()) == (TypeError, "alert(callback) takes a function of the text, not this")


def test_all_ways_to_a_component_take_classes_alone() -> None:
    thing = Thing()
    for act in (lambda: 3 in thing, lambda: thing[3], lambda: thing.__delitem__(3)):  # type: ignore
        with pytest.raises(TypeError, match=r"process\[...\] takes a component class, like Transform, not 3"):
            act()
    with pytest.raises(TypeError, match="int is no component that processes can have"):
        thing[int]


def test_numbers_of_other_types_are_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    instruction = Instruction("Nobody", "pause")
    instruction.execute(delay=numpy.float32(0.5), priority=numpy.int8(-3))
    assert sleep(numpy.int64(2)).send(None) == 2.0
    assert Restart(limit=numpy.uint8(2), within=3) == Restart(2, 3.0)
