"""AE Studio: pick an autoencoder, train it, explore its latent space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.version import __version__

if TYPE_CHECKING:
    from aestudio.api import Run, open_run, train
    from aestudio.sweep_api import Sweep, open_sweep, sweep

__all__ = ["Run", "Sweep", "__version__", "open_run", "open_sweep", "sweep", "train"]


def __getattr__(name: str) -> Any:
    # Imported on first use: the command line and the first window must not wait for what training needs.
    if name in ("Run", "open_run", "train"):
        from aestudio import api

        return getattr(api, name)
    if name in ("Sweep", "open_sweep", "sweep"):
        from aestudio import sweep_api

        return getattr(sweep_api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
