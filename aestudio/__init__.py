"""AE Studio: pick an autoencoder, train it, explore its latent space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.version import __version__

if TYPE_CHECKING:
    from aestudio.api import Run, open_run, train

__all__ = ["Run", "__version__", "open_run", "train"]


def __getattr__(name: str) -> Any:
    # Imported on first use: the command line and the first window must not wait for what training needs.
    if name in ("Run", "open_run", "train"):
        from aestudio import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
