"""Imports pyqtgraph and torch on threads of their own behind the first painted window.

Longest time between two ticks of a 60 Hz timer until Start was ready, medians of two or three rounds on
two cores that others used too (`benchmarks/window/start.py`): 0.70 s as it came; 0.65 with the
interpreter's lock changing hands after 0.5 ms instead of 5; 0.64 without garbage collection; 0.57 with
both. On top of both, loading the libraries ahead: 0.66 against 0.91 without.
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


def warm_up(session: Session, plots_there: Callable[[], None] = lambda: None) -> None:
    """Begin; `plots_there` is called when a plot can be made at once, the session says "ready" with torch."""
    session.run_task(
        PLOTS_TASK, "the plots were being loaded", _import_plots, lambda _letter: plots_there(), urgent=True
    )
    session.run_task(
        TORCH_TASK,
        "torch was being loaded",
        _import_torch,
        lambda message: _imported(session, message),
        urgent=True,
    )


def _import_plots(progress: Progress) -> None:  # noqa: ARG001 - cannot be measured
    for name in _PLOTS:
        importlib.import_module(f"aestudio.gui.plots.{name}")


def _import_torch(progress: Progress) -> tuple[DeviceInfo, ...]:
    # First the plots: an import holds the interpreter's lock while it waits for the loader of libraries.
    _import_plots(progress)
    load_libraries()
    with _fair_to_the_window():
        from aestudio.training.device import list_devices

        return list_devices()


@contextlib.contextmanager
def _fair_to_the_window() -> Iterator[None]:
    """The interpreter's lock changes hands sooner, and no garbage is looked for among what is imported."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with collection_paused():
            yield
    finally:
        sys.setswitchinterval(interval)


def load_libraries() -> tuple[str, ...]:
    """Load torch's shared libraries without the interpreter's lock; returns those that were.

    `ctypes` lets other threads run meanwhile, an import does not. Where the files have other names the
    import finds them by itself.
    """
    found = importlib.util.find_spec("torch")
    if found is None or not found.submodule_search_locations:
        return ()
    folder = Path(found.submodule_search_locations[0]) / "lib"
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
    session.training.torch_ready()
