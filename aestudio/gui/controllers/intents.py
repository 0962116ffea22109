"""Calls from one controller to another. Controllers know these intents, and never each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.reading import Reading
    from aestudio.gui.workers.opened_run import OpenedRun
    from aestudio.inference.conditions import ConditionRow

P = ParamSpec("P")


class Intent(Generic[P]):
    """A call that one controller makes and another one carries out, at once.

    No Qt signal: an error reaches the caller, and signals are blocked while the mailbox is emptied.
    """

    def __init__(self) -> None:
        self._carry_out: Callable[P, None] | None = None

    def connect(self, carry_out: Callable[P, None]) -> None:
        """Set the function that carries it out; raises ValueError if there is one already."""
        if self._carry_out is not None:
            raise ValueError("an intent is carried out by one controller")
        self._carry_out = carry_out

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Carry it out; nothing happens if no function is connected."""
        if self._carry_out is not None:
            self._carry_out(*args, **kwargs)


@dataclass(frozen=True)
class Intents:
    """Every intent; `session.py` connects each with the controller that carries it out.

    Codes are float32 (L,).
    """

    load_data: Intent[[]] = field(default_factory=Intent)
    stop_loading: Intent[[]] = field(default_factory=Intent)
    choose_data: Intent[[str, Reading | None]] = field(default_factory=Intent)
    take_data: Intent[[Dataset]] = field(default_factory=Intent)
    choose_folder: Intent[[Path]] = field(default_factory=Intent)
    start_training: Intent[[]] = field(default_factory=Intent)
    start_queued: Intent[[Callable[[str], None]]] = field(default_factory=Intent)
    stop_training: Intent[[]] = field(default_factory=Intent)
    refresh_runs: Intent[[]] = field(default_factory=Intent)
    runs_begun: Intent[[tuple[Path, ...]]] = field(default_factory=Intent)
    own_parts_loaded: Intent[[]] = field(default_factory=Intent)
    open_run: Intent[[str]] = field(default_factory=Intent)
    show_run: Intent[[OpenedRun]] = field(default_factory=Intent)
    run_opened: Intent[[OpenedRun]] = field(default_factory=Intent)
    live_setting_changed: Intent[[str, float]] = field(default_factory=Intent)
    select_image: Intent[[int]] = field(default_factory=Intent)
    select_images: Intent[[NDArray[np.int64]]] = field(default_factory=Intent)
    move_to: Intent[[NDArray[np.float32], ConditionRow | None]] = field(default_factory=Intent)
    return_to: Intent[[NDArray[np.float32], bool, ConditionRow | None]] = field(default_factory=Intent)
    choose_plane: Intent[[Any]] = field(default_factory=Intent)
    remember: Intent[[str, str]] = field(default_factory=Intent)
