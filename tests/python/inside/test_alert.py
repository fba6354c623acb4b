"""Alerts: who sees them, what is made of them, and Python's `logging`."""

import logging
import threading
from collections.abc import Iterator

import pytest
from metapython import Process, machine


class Thing(Process):
    pass


class Costly:
    """Something that should be written only for somebody who reads it."""

    written = 0

    def __str__(self) -> str:
        Costly.written += 1
        return "costly"

    def __format__(self, how: str) -> str:
        return str(self)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    Costly.written = 0
    yield
    machine.verbosity = "v"


def test_what_nobody_sees_is_not_written() -> None:
    thing = Thing()
    thing.alert(Costly(), level="vv")
    thing.alert("{}", Costly(), level="vvv")
    assert Costly.written == 0
    thing.alert("{}", Costly(), level="vv", callback=lambda text: None)
    thing.alert("{}", Costly())
    assert Costly.written == 2
    with pytest.raises(ValueError, match="takes .*, not 'loud'"):
        thing.alert("x", level="loud")


def test_the_machine_knows_the_last_alerts() -> None:
    thing = Thing()
    thing.alert("one")
    thing.alert("hidden", level="vv")
    machine.verbosity = "vv"
    assert machine.verbosity == "vv"
    thing.alert("two", level="vv")
    one, two = machine.alerts[-2:]
    assert one == (machine.time, thing.instance_name, "v", "one")
    assert (two.time, two.source, two.level, two.text) == (machine.time, thing.instance_name, "vv", "two")
    with pytest.raises(ValueError, match="takes .*, not 'loud'"):
        machine.verbosity = "loud"


@pytest.mark.parametrize(
    ("number", "level"),
    [(logging.CRITICAL, "error"), (logging.ERROR, "error"), (logging.WARNING, "v"), (logging.INFO, "vv")]
    + [(logging.DEBUG, "vvv"), (5, "vvvv")],
)
def test_what_is_logged_is_an_alert(number: int, level: str) -> None:
    machine.verbosity = "vvvv"
    logging.getLogger("game.sound").log(number, "%d voices", 3)
    assert machine.alerts[-1][1:] == ("game.sound", level, "3 voices")


def test_logging_follows_the_verbosity() -> None:
    logger = logging.getLogger("quiet")
    logger.info("%s", Costly())
    assert Costly.written == 0 and not logger.isEnabledFor(logging.INFO)
    machine.verbosity = "vv"
    logger.info("%s", Costly())
    assert Costly.written == 1 and machine.alerts[-1].text == "costly"
    machine.verbosity = "error"
    assert not logger.isEnabledFor(logging.WARNING)


def test_who_sets_the_level_of_logging_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.CRITICAL)
    machine.verbosity = "vvvv"
    assert root.level == logging.CRITICAL
    root.setLevel(before)


def test_an_exception_is_logged_with_its_traceback() -> None:
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("sums").exception("it failed")
    text = machine.alerts[-1].text
    assert text.startswith("it failed\nTraceback") and text.endswith("ZeroDivisionError: division by zero")


def test_a_record_that_cannot_be_written_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("wrong").warning("%d", "text")
    assert "--- Logging error ---" in capsys.readouterr().err


def test_another_thread_may_log() -> None:
    """It is seen at the end of the tick; `tests/cases/process/logging` shows that."""
    thread = threading.Thread(target=lambda: logging.getLogger("elsewhere").warning("hello"))
    thread.start()
    thread.join()
    assert all(alert.source != "elsewhere" for alert in machine.alerts)
