"""What is printed while the terminal is the console's."""

import pytest
from metapython import _native
from metapython._terminal import MAX_BEGUN, Stream


def test_what_has_no_end_is_shown_when_it_is_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines at once; the begun one at a flush, or when it has become too long to wait."""
    shown: list[str] = []
    monkeypatch.setattr(_native, "print_above", shown.append)
    stream = Stream()
    print("one\ntwo\nthr", end="", file=stream)
    assert shown == ["one\ntwo"]
    print("ee", end="", file=stream, flush=True)
    assert shown == ["one\ntwo", "three"]
    stream.flush()
    assert len(shown) == 2, "nothing waits"
    for _ in range(3 * MAX_BEGUN // 100):
        stream.write("x" * 100)
    assert "".join(shown[2:]).count("x") > 2 * MAX_BEGUN
