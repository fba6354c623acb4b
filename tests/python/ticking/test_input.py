"""What the user does, made up by `input.simulate`: state, actions, hotkeys, events as messages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from metapython import Action, Process, input, machine, next_tick


def press(key: str, down: bool = True) -> None:
    input.simulate("key", key=key, label=key, down=down)


async def test_a_simulated_key_is_down_in_the_next_tick() -> None:
    press("Left Shift")
    press("W")
    assert not input.is_down("W")
    await next_tick()
    assert input.is_down("w") and input.was_pressed("Shift+W") and input.modifiers == ("Shift",)
    assert [(event.kind, event.key, event.down) for event in input.events] == [
        ("key", "Left Shift", True),
        ("key", "W", True),
    ]
    press("W", False)
    press("Left Shift", False)
    await next_tick()
    assert input.was_released("W") and not input.is_down("W")
    await next_tick()
    assert input.events == []


async def test_labels_wheel_and_window() -> None:
    input.simulate("key", key="Y", label="Z", down=True)
    input.simulate("wheel", x=0.0, y=0.25)
    input.simulate("wheel", x=0.0, y=0.5)
    input.simulate("resized", width=800, height=300)
    await next_tick()
    assert input.is_down("label:z") and input.label("Y") == "Z"
    assert input.wheel == (0.0, 0.75) and input.is_down("wheel:up")
    assert input.window_size == (800, 300)
    input.simulate("key", key="Y", label="Y", down=False)
    await next_tick()


async def test_gamepads_come_and_go() -> None:
    input.simulate("gamepad_connected", slot=1, name="Test pad")
    input.simulate("gamepad_button", slot=1, button="a", down=True)
    input.simulate("gamepad_axis", slot=1, axis="lefty", value=-1.0)
    await next_tick()
    (pad,) = input.gamepads
    assert (pad.slot, pad.name, pad.is_connected) == (1, "Test pad", True)
    assert pad.is_down("a") and pad.was_pressed("A") and pad.axis("lefty") == -1.0
    assert input.is_down("pad:lefty-") and not input.is_down("pad2:a")
    pad.rumble(0.5, 1.0, 0.1)
    input.simulate("gamepad_disconnected", slot=1)
    await next_tick()
    assert input.gamepads == [] and not pad.is_connected and not pad.is_down("a")
    assert input.was_released("pad:a")
    with pytest.raises(ValueError, match="did you mean `leftshoulder`"):
        pad.is_down("leftshuolder")
    with pytest.raises(ValueError, match="0 to 1"):
        pad.rumble(2, 0, 1)


async def test_fingers_and_compositions() -> None:
    input.simulate("finger", id=3, touch="down", x=10.0, y=20.0)
    input.simulate("composition", text="にほ", cursor=2)
    await next_tick()
    (finger,) = input.fingers
    assert (finger.id, finger.x, finger.y, finger.pressure) == (3, 10.0, 20.0, 1.0)
    assert finger.is_down and finger.was_pressed and not finger.was_released
    assert input.composition is not None
    assert (input.composition.text, input.composition.cursor) == ("にほ", 2)
    input.simulate("finger", id=3, touch="up", x=10.0, y=20.0)
    input.simulate("text", text="日本")
    await next_tick()
    assert input.composition is None and input.text == "日本"
    assert [finger.was_released for finger in input.fingers] == [True]


async def test_actions_are_bound_to_controls() -> None:
    jump = input.define("jump", "Space", "pad:a")
    steer = input.define("steer", ("Left", "Right"), "pad:leftx")
    assert isinstance(jump, Action) and jump.bindings == ["Space", "pad:a"]
    assert steer.bindings == [("Left", "Right"), "pad:leftx"]
    assert {"jump", "steer"} <= set(input.actions)
    press("Space")
    press("Left")
    await next_tick()
    assert jump.is_down and jump.was_pressed and steer.value == -1.0
    press("Left", False)
    input.bind("jump", "Ctrl+J")
    await next_tick()
    assert not jump.is_down and jump.was_released and jump.bindings == ["Ctrl+J"]
    input.reset("jump")
    press("Space", False)
    await next_tick()
    assert jump.bindings == ["Space", "pad:a"] and jump.value == 0.0


async def test_what_is_wrong_is_told() -> None:
    input.define("jump", "Space")
    with pytest.raises(ValueError, match="there is no action `jmup`; did you mean `jump`"):
        input.action("jmup")
    with pytest.raises(ValueError, match="did you mean `Space`"):
        input.bind("jump", "Spcae")
    with pytest.raises(TypeError, match="or pairs of them"):
        input.bind("jump", ("A", "B", "C"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="missing field `down`"):
        input.simulate("key", key="A")
    for kind in ("kye", "bound", "quit"):
        with pytest.raises(ValueError, match=rf'simulate\(kind\) takes "key", .* "file_dropped", not {kind!r}$'):
            input.simulate(kind)
    for number in (float("nan"), float("inf"), 10**400):
        with pytest.raises(ValueError, match=r"simulate\(x\) takes a finite number, not (nan|inf|10)"):
            input.simulate("mouse_motion", x=number, y=0)
    with pytest.raises(ValueError, match=r"simulate\(value\) takes -1 to 1, not 5.0"):
        input.simulate("gamepad_axis", slot=1, axis="leftx", value=5.0)
    with pytest.raises(ValueError, match=r"simulate\(slot\) takes 1 to 16, not 17"):
        input.simulate("gamepad_connected", slot=17, name="Pad")
    with pytest.raises(ValueError, match=r"simulate\(pressure\) takes 0 to 1, not -0.5"):
        input.simulate("finger", id=1, touch="down", x=0, y=0, pressure=-0.5)
    with pytest.raises(OSError, match="--bindings FILE"):
        input.save_bindings()
    with pytest.raises(ValueError, match='"key", "text", "mouse"'):
        input.send_to(machine["Test"], "keys")  # type: ignore[arg-type]


class Editor(Process):
    """Sleeps, and is called by its hotkeys."""

    interval = 1000.0
    hotkeys = {"Ctrl+S": "save", "F1": "help_me"}

    def __init__(self, log: list[str], **terms: Any) -> None:
        super().__init__(**terms)
        self._log = log

    def save(self) -> None:
        self._log.append(f"save in tick {machine.tick}")

    def help_me(self) -> None:
        self._log.append("help")


async def test_hotkeys_call_methods_of_a_sleeper() -> None:
    log: list[str] = []
    editor = Editor(log)
    assert dict(editor.hotkeys) == dict(Editor.hotkeys) == {"Ctrl+S": "save", "F1": "help_me"}
    await next_tick()
    press("Left Ctrl")
    press("S")
    await next_tick()
    assert log == [f"save in tick {machine.tick}"]
    press("S", False)
    press("F1")
    press("Left Ctrl", False)
    await next_tick()
    # With Ctrl it is another stroke.
    assert len(log) == 1
    press("F1", False)
    press("F1")
    press("F1", False)
    press("F1")
    await next_tick()
    assert log[1:] == ["help"]
    editor.hotkeys = {"F2": "help_me"}
    editor.pause()
    press("F2")
    await next_tick()
    assert log[2:] == []
    editor.resume()
    press("F2", False)
    press("F2")
    await next_tick()
    assert log[2:] == ["help"]
    for key in ("F1", "F2"):
        press(key, False)
    await next_tick()


async def test_a_wrong_hotkey_is_refused() -> None:
    with pytest.raises(ValueError, match=r'Bad\.hotkeys\["Ctrl\+Spcae"\]: .*did you mean `Space`\?'):

        class Bad(Process):
            hotkeys = {"Ctrl+Spcae": "run"}

    with pytest.raises(TypeError, match=r"calls svae\(\), and Wrong has no such method; did you mean `save`"):

        class Wrong(Process):
            hotkeys = {"F1": "svae"}

            def save(self) -> None: ...

    editor = Editor([])
    with pytest.raises(TypeError, match=r"Editor\.hotkeys"):
        editor.hotkeys = {"F1": "missing"}
    with pytest.raises(TypeError):
        editor.hotkeys["F3"] = "save"  # type: ignore[index]


class Listener(Process):
    """Awaits events."""

    log: list[Any] = []

    async def run(self) -> None:
        while True:
            event = json.loads(await self.message())
            self.log.append((machine.tick, event["kind"]))


async def test_events_are_messages_in_their_tick() -> None:
    listener = Listener()
    await next_tick()
    await next_tick()
    input.send_to(listener, "key", "gamepad")
    press("A")
    input.simulate("mouse_motion", x=1.0, y=2.0)
    input.simulate("gamepad_connected", slot=2, name="Pad")
    await next_tick()
    tick = machine.tick
    await next_tick()
    await next_tick()
    assert listener.log == [(tick, "key"), (tick, "gamepad_connected")]
    input.send_to(listener)
    press("A", False)
    input.simulate("gamepad_disconnected", slot=2)
    await next_tick()
    await next_tick()
    assert len(listener.log) == 2


async def test_text_is_asked_for_by_any_number() -> None:
    editor = Editor([])
    input.ask_for_text(editor, (10, 20, 100, 30))
    input.ask_for_text(editor)
    with pytest.raises(TypeError, match="four finite numbers"):
        input.ask_for_text(editor, "here")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="four finite numbers"):
        input.ask_for_text(editor, (float("nan"), 0, 0, 0))
    input.stop_text(editor)
    input.stop_text(editor)
