"""Preloading torch's libraries never fails; the session becomes ready."""

from __future__ import annotations

import importlib.util
import sys
from typing import TYPE_CHECKING

from aestudio.gui.startup import warmup
from aestudio.gui.startup.warmup import load_libraries, warm_up

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot


def test_known_libraries_are_loaded() -> None:
    names = warmup._LIBRARIES.get(sys.platform, ())
    assert set(load_libraries()) <= set(names)
    if sys.platform == "linux":
        assert "libtorch_python.so" in load_libraries()


def test_unknown_names_and_a_missing_torch_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(warmup._LIBRARIES, sys.platform, ("libnothing.so",))
    assert load_libraries() == ()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert load_libraries() == ()


def test_the_session_becomes_ready_and_the_plots_are_loaded(qtbot: QtBot) -> None:
    from aestudio.gui.controllers.session import Session

    session, received = Session(), []
    warm_up(session, lambda: received.append("plots"))
    assert session.state.torch_phase == "loading"
    qtbot.waitUntil(lambda: session.state.torch_phase == "ready" and bool(received), timeout=60_000)
    assert session.state.devices
    assert session.inference_worker is not None
    assert received == ["plots"]
    qtbot.waitUntil(session.close, timeout=20_000)
