"""AE Studio's trainer compared with training loops in plain torch: baselines (a) and (b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.training.compare import Claim, measure_claims, on_cpu

if TYPE_CHECKING:
    from benchmarks.settings import Settings
    from benchmarks.table import Row

TITLE = "training on the CPU, without and with the window, against the plainest fast loop and the tutorials'"

SECTION = "Training on the CPU, one thread"
PLAIN, STUDIO, TUTORIAL = "plain loop", "AE Studio", "tutorial's loop"
IN_TRAIN, IN_LATENT = "AE Studio with its window (Train)", "AE Studio with its window (Latent)"
CASES = (("deep-ae", 64, 6.0), ("deep-ae", 256, None), ("vae", 128, None), ("conv-vae", 128, None))


def measure(settings: Settings) -> list[Row]:
    """Four comparisons, each of one model at one batch size."""
    rows = []
    for model, batch, times_tutorial in CASES:
        rows += compare(model, batch, times_tutorial, settings)
    return rows


def compare(model: str, batch: int, times_tutorial: float | None, settings: Settings) -> list[Row]:
    """Compare all five candidates on one model at one batch size."""
    entries = [
        on_cpu(PLAIN, "benchmarks.training.plain", model, batch, settings),
        on_cpu(STUDIO, "benchmarks.training.studio", model, batch, settings),
        on_cpu(IN_TRAIN, "benchmarks.training.studio_window", model, batch, settings, BENCHMARK_VIEW="train"),
        on_cpu(
            IN_LATENT, "benchmarks.training.studio_window", model, batch, settings, BENCHMARK_VIEW="latent"
        ),
        on_cpu(TUTORIAL, "benchmarks.training.tutorial", model, batch, settings),
    ]
    return measure_claims(SECTION, f"`{model}`, batch {batch}", entries, _claims(times_tutorial), settings)


def _claims(times_tutorial: float | None) -> list[Claim]:
    return [
        Claim(
            STUDIO,
            PLAIN,
            "of the plain loop",
            target=1.0,
            note="images/s of AE Studio's trainer without a window, metrics and snapshots included, over "
            "those of the data set as one tensor with torch's fused Adam and nothing else",
        ),
        Claim(
            IN_TRAIN,
            PLAIN,
            "of the plain loop, window open",
            target=0.85,
            per_cpu=False,
            note="the same with the whole window open, Train in front and everything visible updating",
        ),
        Claim(
            IN_LATENT,
            PLAIN,
            "of the plain loop, window open at Latent",
            per_cpu=False,
            note="the same with the Latent view in front",
        ),
        Claim(
            STUDIO,
            TUTORIAL,
            "of the tutorial's loop",
            target=times_tutorial,
            note="over torchvision's transforms through a DataLoader, as most tutorials do it",
        ),
    ]
