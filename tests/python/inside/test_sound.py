"""Sound as scripts have it: buses, voices and the component."""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from metapython import Bus, Capture, Process, Scope, Sound, Stream, Voice, sound


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    yield
    sound.stop_all()


def test_a_bus_keeps_what_it_is_set_to_for_everybody_who_names_it() -> None:
    music = sound.bus("music")
    assert isinstance(music, Bus)
    assert (music.name, music.volume, music.muted, music.effects) == ("music", 1.0, False, {})
    music.volume = 0.5
    music.muted = True
    music.low_pass(800)
    music.delay(0.25, mix=1)
    music.reverb(0.5)
    again = sound.bus("music")
    assert (again.volume, again.muted) == (0.5, True)
    assert again.effects["low_pass"] == {"cutoff": 800.0, "resonance": pytest.approx(0.7071, abs=1e-4)}
    assert again.effects["delay"] == {"time": 0.25, "feedback": 0.4, "mix": 1.0}
    again.low_pass(None)
    again.delay(None)
    assert list(music.effects) == ["reverb"]
    music.reverb(None)
    music.volume, music.muted = 1, False


def test_the_master_is_a_bus() -> None:
    sound.bus("master").volume = 0.25
    assert sound.volume == 0.25
    sound.volume = 1
    assert sound.bus("master").volume == 1


def test_a_name_that_is_none_is_refused() -> None:
    for name in ("", "a\nb", "x" * 65):
        with pytest.raises(ValueError, match="cannot be the name of a bus"):
            sound.bus(name)
    with pytest.raises(ValueError, match="cannot be the name of a bus"):
        sound.tone(440, bus="")


def test_a_process_has_a_sound() -> None:
    class Siren(Process):
        sound: Sound = Sound(clip="none.wav", volume=0.5, bus="effects", looped=True)

    siren = Siren()
    assert (siren.sound.volume, siren.sound.bus, siren.sound.playing) == (0.5, "effects", True)
    siren.sound.pitch = 2
    siren.sound.playing = False
    assert not siren.sound.finished
    with pytest.raises(ValueError, match=r"Sound\.volume"):
        siren.sound.volume = float("nan")
    siren.delete()


def test_a_tone_that_has_not_begun_is_never_heard_once_it_is_let_go() -> None:
    voice = sound.tone(440, None, delay=1, attack=0.01, decay=0.1, sustain=0.5, release=0.2)
    assert voice.is_playing
    voice.release()
    assert not voice.is_playing
    tap = sound.tone(440, None, release=0.2)
    tap.release()
    assert tap.is_playing, "one that begins in this tick is heard"


def test_a_process_has_a_scope() -> None:
    class Screen(Process):
        scope: Scope = Scope(width=100, gain=2, color="lime")

    screen = Screen()
    assert (screen.scope.width, screen.scope.height, screen.scope.gain) == (100, 120, 2)
    assert (screen.scope.color, screen.scope.visible) == ("#00ff00", True)
    with pytest.raises(ValueError, match=r"Scope\.seconds"):
        screen.scope.seconds = float("nan")
    screen.delete()


def test_a_stream_takes_blocks_of_one_channel_or_two() -> None:
    stream = sound.stream(ahead=0.1)
    assert isinstance(stream, Stream) and isinstance(stream, Voice)
    assert (stream.room, stream.buffered, stream.underruns, stream.is_playing) == (4800, 0.0, 0, True)
    stream.write(np.zeros(2400, np.float32))
    stream.write(np.zeros((600, 2), np.float32)[::2])
    stream.write(np.zeros((100, 1), np.float32))
    assert stream.room == 2000
    assert stream.buffered == 2800 / sound.sample_rate
    stream.set_volume(0.5)
    stream.close()
    assert stream.room == 0
    with pytest.raises(ValueError, match="the stream is closed"):
        stream.write(np.zeros(1, np.float32))
    stream.write(array("f"))  # Nothing is nothing, also now.


@pytest.mark.parametrize("block", [3, None, "text", b"bytes", np.zeros(3), np.zeros(3, np.int16), [0.0]])
def test_a_block_of_another_type_is_refused(block: object) -> None:
    with pytest.raises(TypeError, match=r"^write\(block\) takes a float32 array of shape \(n,\) or \(n, 2\)"):
        sound.stream().write(block)  # type: ignore[arg-type]


def test_a_block_that_cannot_be_heard_is_refused_whole() -> None:
    stream = sound.stream(ahead=0.1)
    for shape in ((3, 3), (2, 2, 2)):
        with pytest.raises(ValueError, match=r"^write\(block\) takes a float32 array"):
            stream.write(np.zeros(shape, np.float32))
    with pytest.raises(ValueError, match="sample 2 of the block is infinite or not a number"):
        stream.write(np.array([0, 0, np.nan], np.float32))
    with pytest.raises(ValueError, match="has 4801 samples, and the stream has room for 4800"):
        stream.write(np.zeros(4801, np.float32))
    assert stream.buffered == 0


def test_a_capture_is_silent_where_there_is_no_microphone() -> None:
    microphone = sound.capture(channels=2, keep=0.5)
    assert isinstance(microphone, Capture)
    assert (microphone.channels, microphone.waiting, microphone.peak, microphone.overruns) == (2, 0, 0.0, 0)
    assert microphone.device is None and not microphone.is_closed and not microphone.is_recording
    block = microphone.read()
    assert (type(block), block.shape, block.dtype) == (np.ndarray, (0, 2), np.float32)
    microphone.stop_recording()
    microphone.close()
    assert microphone.is_closed and microphone.read(10).shape == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"device": 3}, r"capture\(device\) takes the id or the name of a device, or None, not 3"),
        ({"device": ""}, r"capture\(device\) takes the id or the name of a device, or None, not ''"),
        ({"channels": 3}, r"capture\(channels\) takes 1 or 2, not 3"),
        ({"keep": 0}, r"capture\(keep\) takes 0.02 to 60 seconds, not 0"),
        ({"to": "Ann"}, r"capture\(to\) takes a process, or None, not 'Ann'"),
        ({"block": 7}, r"capture\(block\) takes 32 to 48000 samples, or None, not 7"),
        ({"otherwise": 7}, r"capture\(otherwise\) takes the path of a sound file, or None, not 7"),
    ],
)
def test_a_capture_of_something_else_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        sound.capture(**arguments)


def test_a_capture_that_cannot_go_on_says_why(tmp_path: Path) -> None:
    microphone = sound.capture()
    with pytest.raises(OSError, match="choose a folder that exists"):
        microphone.record(tmp_path / "none" / "heard.wav")
    microphone.record(tmp_path / "heard.wav")
    with pytest.raises(OSError, match="this capture writes another file"):
        microphone.record(tmp_path / "other.wav")
    others = [sound.capture() for _ in range(31)]
    with pytest.raises(ValueError, match="there are 32 captures already"):
        sound.capture()
    for capture in (microphone, *others):
        capture.close()
