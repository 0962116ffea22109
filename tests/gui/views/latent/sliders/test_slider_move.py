"""A slider's move builds its transform once, decodes once, and shows the sliders once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.controllers import explore_controller
from aestudio.gui.state.workspace import LatentTransform
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.gui.widgets.slider_column import SliderColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session

WAIT = 20_000


def counted(calls: Counter[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        calls[name] += 1
        return function(*arguments)

    return call


@pytest.mark.parametrize("basis", ["dimensions", "components"])
def test_a_move_does_everything_once(
    studio_session: Session,
    show_view: Callable[..., LatentView],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    basis: Any,
) -> None:
    session, view = studio_session, show_view(LatentView)
    session.moved.connect(lambda: view.show_point(session.state))  # as the window does
    session.workspace.set_basis(basis)
    sliders = view.explorer.sliders
    qtbot.waitUntil(lambda: session.state.value("sliders") is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: not session.state.pending and sliders.count == 6, timeout=WAIT)
    session.workspace.lock(0, True)
    calls: Counter[str] = Counter()
    made = explore_controller.latent_transform_of
    monkeypatch.setattr(explore_controller, "latent_transform_of", counted(calls, "built", made))
    for owner, name in (
        (LatentTransform, "decoded_code"),
        (SliderColumn, "set_values"),
        (SliderColumn, "set_rows"),
    ):
        monkeypatch.setattr(owner, name, counted(calls, name, getattr(owner, name)))
    once = {"built": 1, "decoded_code": 1, "set_values": 1}
    sliders.column.value_changed.emit(("axis", 2), 0.7)
    assert calls == once
    assert sliders.column.sliders[2].value == pytest.approx(0.7, abs=1e-5)
    with qtbot.waitSignal(session.changed, timeout=WAIT):  # the whole state, a little later
        pass
    assert calls == once
    calls.clear()
    before = sliders.column.sliders[0].value
    sliders.column.value_changed.emit(("axis", 0), 3.0)
    assert calls == {"set_values": 1}, "a locked slider only goes back to its value"
    assert sliders.column.sliders[0].value == pytest.approx(before)
