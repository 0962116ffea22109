"""Imports torch on a thread of its own behind the first painted window, and one optimiser with it.

The first optimiser object imports torch's compiler and costs as much as torch itself (measured);
done here, only Start has to wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.session.data_control import TORCH_TASK

if TYPE_CHECKING:
    from aestudio.gui.jobs.letters import TaskDone
    from aestudio.gui.session.session import Session
    from aestudio.progress import Progress
    from aestudio.training.device import DeviceInfo


def warm_up(session: Session) -> None:
    """Begin; the session says "ready" when it is done."""
    session.run_task(
        TORCH_TASK, "torch was being loaded", _import_torch, lambda letter: _imported(session, letter)
    )


def _import_torch(progress: Progress) -> tuple[DeviceInfo, ...]:  # noqa: ARG001 - cannot be measured
    from aestudio.training.device import list_devices

    return list_devices()


def _imported(session: Session, letter: TaskDone) -> None:
    if letter.problem is not None:
        session.update(engine="failed")
        session.say(str(letter.problem), "bad")
        return
    session.update(devices=letter.value)
    session.engine_ready()
    session.run_task(
        "optimiser", "the optimiser was being loaded", _make_optimiser, lambda _: _ready(session)
    )


def _make_optimiser(progress: Progress) -> None:  # noqa: ARG001 - cannot be measured
    import torch

    parameter = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.Adam([parameter], fused=True)
    parameter.sum().backward()
    optimiser.step()


def _ready(session: Session) -> None:
    session.update(engine="ready")
    session.training.engine_ready()
