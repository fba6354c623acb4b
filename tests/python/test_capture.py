"""Sound from outside, in runs of the program: recordings, and what is wrong with devices and files."""

from __future__ import annotations

import math
import os
import struct
import subprocess
import sys
import time
import wave
from array import array
from pathlib import Path

import pytest
from program import PROGRAM, metapython

RECORDER = '''
from pathlib import Path

from metapython import Process, machine, sound


class Recorder(Process):
    def start(self):
        self.microphone = sound.capture()
        self.microphone.record("{path}")
        assert self.microphone.is_recording

    def run(self, dt):
        if machine.tick == 31 and {stops}:
            self.microphone.stop_recording()
            assert not self.microphone.is_recording
'''


def _write(path: Path, samples: array[int], rate: int = 48_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def _read(path: Path) -> array[int]:
    with wave.open(str(path), "rb") as file:
        assert file.getparams()[:3] == (1, 2, 48_000)
        return array("h", file.readframes(file.getnframes()))


@pytest.mark.parametrize("stops", [True, False])
def test_a_recording_is_what_was_heard(tmp_path: Path, stops: bool) -> None:
    """It has the samples of its ticks, whether it is stopped or the machine ends."""
    heard = array("h", [round(20_000 * math.sin(n / 20)) for n in range(20_000)])
    voice, recording, script = (tmp_path / name for name in ("voice.wav", "recording.wav", "recorder.py"))
    _write(voice, heard)
    script.write_text(RECORDER.format(path=recording, stops=stops))
    run = metapython("run", script, "--headless", "--ticks", "40", "--capture", voice)
    assert (run.returncode, run.stderr) == (0, "")
    recorded = _read(recording)
    # Begun in the first tick, it has what comes in from the second on: the file, and silence after it.
    expected = (heard + array("h", [0] * 20_000))[: 800 * (30 if stops else 39)]
    assert len(recorded) == len(expected)
    assert all(abs(one - other) <= 1 for one, other in zip(recorded, expected, strict=True))
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".partial") == []


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    """Before anything runs, with what is wrong with it."""
    broken, script = tmp_path / "broken.wav", tmp_path / "script.py"
    broken.write_bytes(b"RIFF")
    script.write_text("print('runs')")
    run = metapython("run", script, "--headless", "--ticks", "1", "--capture", broken)
    assert (run.returncode, run.stdout) == (1, "")
    assert "broken.wav: it is not a WAV, OGG Vorbis, FLAC or MP3 file" in run.stderr


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (960_000, "it is cut off after 1.000 s of 10.000 s; copy or export it again"),
        # Far more than is taken: it is not even read.
        (0xFFFF_FF00, "it is longer than 600 s, the longest that is taken; shorten it or split it"),
    ],
)
def test_a_file_that_says_it_is_longer_is_refused(tmp_path: Path, declared: int, said: str) -> None:
    """Rather than heard as a second of sound and silence."""
    voice, script = tmp_path / "voice.wav", tmp_path / "script.py"
    _write(voice, array("h", [1_000] * 48_000))
    sound = bytearray(voice.read_bytes())
    # The size of the samples is in front of them, and that of the file behind its first four bytes.
    sound[40:44], sound[4:8] = struct.pack("<I", declared), struct.pack("<I", declared + 36)
    voice.write_bytes(sound)
    script.write_text("print('runs')")
    run = metapython("run", script, "--headless", "--ticks", "1", "--capture", voice)
    assert (run.returncode, run.stdout) == (1, "")
    assert said in run.stderr


NO_SOUND = {"ALSA_CONFIG_PATH": "/dev/null", "PULSE_SERVER": "unix:/dev/null"}


def test_devices_are_listed_where_there_are_none() -> None:
    run = metapython("devices", **NO_SOUND)
    assert run.returncode == 1
    assert run.stdout.startswith("to play on:\n    none\nto listen to:\n    none\n")


def test_a_device_that_is_not_there_is_no_choice() -> None:
    run = metapython("devices", "--use", "Cellar", **NO_SOUND)
    assert (run.returncode, run.stdout) == (1, "")
    assert 'there is no device "Cellar": give a number, an id or a name' in run.stderr
    run = metapython("devices", "--test", **NO_SOUND)
    assert run.returncode == 1
    assert "there is no device to try" in run.stderr


def test_a_choice_that_cannot_be_read_is_told_of_and_forgotten(tmp_path: Path) -> None:
    settings = tmp_path / "metapython" / "audio.ron"
    settings.parent.mkdir()
    settings.write_text("(version: 1,\n output: 3)")
    folder = str(tmp_path)
    run = metapython("devices", XDG_CONFIG_HOME=folder)
    assert run.returncode == 1
    assert "audio.ron:2:" in run.stderr and "metapython devices --forget" in run.stderr
    run = metapython("devices", "--forget", XDG_CONFIG_HOME=folder)
    assert (run.returncode, settings.exists()) == (0, False)


def test_a_recording_outlives_the_program(tmp_path: Path) -> None:
    """What was heard until a moment before the program is killed can be played.

    No other program takes the name as long as it lives, nor writes over what it has left.
    """
    voice, recording, script = (tmp_path / name for name in ("voice.wav", "recording.wav", "recorder.py"))
    _write(voice, array("h", [1_000] * 480_000))
    script.write_text(RECORDER.format(path=recording, stops=False))
    arguments = ["run", script, "--headless", "--capture", voice]
    again = [*arguments, "--ticks", "3"]
    with subprocess.Popen([PROGRAM, *arguments], env={**os.environ, "VIRTUAL_ENV": sys.prefix}) as program:
        try:
            partial = recording.with_name("recording.wav.partial")
            deadline = time.monotonic() + 60
            while not partial.exists() or partial.stat().st_size < 400_000:
                assert program.poll() is None and time.monotonic() < deadline
                time.sleep(0.01)
            meanwhile = metapython(*again)
        finally:
            program.kill()
    assert "recording.wav: it is being written already; choose another name" in meanwhile.stderr
    assert not recording.exists()
    after = metapython(*again)
    assert (after.returncode, after.stderr) == (0, "")
    assert len(_read(recording)) == 1_600
    recorded = _read(partial)
    # The file had as much, but for a second that had not been written down yet.
    assert len(recorded) > 100_000 and set(recorded[:100_000]) <= {999, 1_000, 1_001}


def test_a_recording_ends_where_there_is_no_more_room(tmp_path: Path) -> None:
    """What there was room for can be played, the user is told why it is no more, and the program goes on."""
    voice, recording, script = (tmp_path / name for name in ("voice.wav", "recording.wav", "recorder.py"))
    _write(voice, array("h", [1_000] * 48_000))
    script.write_text(RECORDER.format(path=recording, stops=False))
    # A file may have 20 KiB: the header of 44 bytes, and 2 for each sample.
    limited = ("sh", "-c", 'ulimit -f "$0" && exec "$@"', "40")
    run = metapython("run", script, "--headless", "--ticks", "40", "--capture", voice, before=limited)
    assert run.returncode == 0, run.stderr
    assert "recording.wav: File too large" in run.stderr and "it ends here" in run.stderr
    assert len(_read(recording)) == (20 * 1024 - 44) // 2
