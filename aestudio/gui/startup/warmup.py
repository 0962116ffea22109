"""Imports pyqtgraph and torch on background threads after the first paint.

The longest time between two ticks of a 60 Hz timer until Start was ready, medians of two or three rounds on
two shared cores (`benchmarks/window/start.py`): 0.70 s without measures; 0.65 s with a switch interval of the
interpreter's lock of 0.5 ms instead of 5 ms; 0.64 s without garbage collection; 0.57 s with both. With both,
loading the shared libraries first: 0.66 s, against 0.91 s without, in a later series.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.gui.controllers.data_controller import TORCH_TASK
from aestudio.gui.startup.qt_types import make_qt_types
from aestudio.gui.workers.garbage_collection import collection_paused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.device import DeviceInfo

PLOTS_TASK = "plots"
_SWITCH_SECONDS = 0.0005
_PLOTS = ("class_map", "curve_plot", "small_multiples", "rate_curve")
_LIBRARIES = {"linux": ("libtorch_global_deps.so", "libtorch_python.so")}


def warm_up(session: Session, on_plots_ready: Callable[[], None] = lambda: None) -> None:
    """Start the imports. `on_plots_ready` is called after pyqtgraph's; torch makes the session "ready"."""
    make_qt_types()
    session.run_task(
        PLOTS_TASK,
        "the plots were being loaded",
        _import_plots,
        lambda _message: on_plots_ready(),
        urgent=True,
    )
    session.run_task(
        TORCH_TASK,
        "torch was being loaded",
        _import_torch,
        lambda message: _imported(session, message),
        urgent=True,
    )


def _import_plots(progress: Progress) -> None:  # noqa: ARG001 - an import reports no progress
    for name in _PLOTS:
        importlib.import_module(f"aestudio.gui.plots.{name}")


def _import_torch(progress: Progress) -> tuple[DeviceInfo, ...]:
    # The plots first: an import holds the interpreter's lock while it waits for the dynamic loader.
    _import_plots(progress)
    load_libraries()
    with _responsive_window():
        from aestudio.training.device import list_devices

        return list_devices()


@contextlib.contextmanager
def _responsive_window() -> Iterator[None]:
    """Let threads exchange the interpreter's lock more often, and pause garbage collection."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with collection_paused():
            yield
    finally:
        sys.setswitchinterval(interval)


def load_libraries() -> tuple[str, ...]:
    """Load torch's shared libraries without the interpreter's lock; return the names of those loaded.

    `ctypes` releases the lock while it loads, an import does not. Libraries that are not found here are
    loaded by the import.
    """
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return ()
    folder = Path(spec.submodule_search_locations[0]) / "lib"
    loaded = []
    for name in _LIBRARIES.get(sys.platform, ()):
        with contextlib.suppress(OSError):
            ctypes.CDLL(str(folder / name), mode=ctypes.RTLD_GLOBAL)
            loaded.append(name)
    return tuple(loaded)


def _imported(session: Session, message: TaskDone) -> None:
    if message.problem is not None:
        session.update(torch_phase="failed")
        session.show_message(str(message.problem), "bad")
        return
    session.update(devices=message.value)
    session.torch_ready()
    session.update(torch_phase="ready")
