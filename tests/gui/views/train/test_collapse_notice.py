"""The line about a collapse: in the history it is that of the shown step, not of the whole run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aestudio.gui.state.run_state import RunState
from aestudio.gui.views.train.collapse_notice import CollapseNotice
from aestudio.training.events import CodeUse, MetricPoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

SIZE, DEAD = 6, 2


def use(step: int) -> CodeUse:
    """From step 2,000 on one dimension is the same for every image."""
    variance = [1.0] * SIZE
    variance[DEAD] = 1.0 if step < 2_000 else 1e-4
    return CodeUse(tuple(variance), (0.5,) * SIZE, 0.02, 0.06, 512)


def test_in_the_history_nothing_is_said_of_what_collapsed_later(
    qtbot: QtBot, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    steps = (1_000, 1_500, 2_000, 2_500, 3_000)
    points = tuple(MetricPoint("validation", step, step / 100, {"loss": 1.0}, use(step)) for step in steps)
    notice = CollapseNotice()
    qtbot.addWidget(notice)

    def text(step: int, history: int | None) -> str:
        state = studio_session.state
        model = state.model
        assert model is not None
        snapshot = make_snapshot(step=step)
        run = RunState("ended", run=snapshot.run, code_uses=points)
        state = replace(
            state,
            training=run,
            model=replace(model, snapshot=snapshot),
            history=replace(state.history, step=history),
        )
        assert state.shown_run.code_uses == points
        notice.show_state(state)
        return notice.text

    assert text(3_000, None) == "z3 collapsed at step 2,000"
    assert text(1_500, 1_500) == ""
    assert text(2_500, 2_500) == "z3 collapsed at step 2,000"
    assert text(2_000, 2_000) == "", "it counts from the second validation on"
    assert text(2_000, None) == "z3 collapsed at step 2,000", (
        "while it is trained snapshots are a little behind"
    )
