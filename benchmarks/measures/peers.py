"""AE Studio's trainer compared with those of other libraries: baselines (c), (d) and (e)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.peers import environment
from benchmarks.table import Row
from benchmarks.training.compare import Claim, measure_claims, on_cpu

if TYPE_CHECKING:
    from benchmarks.settings import Settings

TITLE = "training on the CPU against pythae, Keras 3 on torch, and Lightning, each as released"

SECTION = "Training beside other libraries, one thread of the CPU"
STUDIO = "AE Studio"
NOTES = {
    "pythae": "images/s of AE Studio's trainer without a window over those of pythae's TrainingPipeline",
    "Keras": "over those of Keras 3's `fit` on its torch backend, images as one array",
    "Lightning": "over those of Lightning's Trainer as its introduction has it, images through a DataLoader "
    "over a TensorDataset, the loss logged",
    "Lightning, silent": "the same without the loss logged",
}
MODULES = {"pythae": "pythae_trainer", "Keras": "keras_fit"}
TARGETS = {"pythae": 1.6, "Keras": 2.3, "Lightning": 3.0}
SILENT = {"Lightning, silent": {"BENCHMARK_SILENT": "1"}}
LIGHTNING = ("Lightning", "Lightning, silent")
CASES = {
    ("deep-ae", 64): ("Keras", *LIGHTNING),
    ("vae", 128): ("pythae", "Keras", *LIGHTNING),
    ("conv-vae", 128): ("Keras", *LIGHTNING),
}


def measure(settings: Settings) -> list[Row]:
    """Three comparisons; none with --no-peers."""
    if not settings.peers:
        return [Row.not_measured(SECTION, "all", "", "left out by --no-peers")]
    python = str(environment.prepare(settings.peers_environment))
    rows = []
    for model, batch in CASES:
        rows += compare(model, batch, settings, python)
    return rows


def compare(model: str, batch: int, settings: Settings, python: str) -> list[Row]:
    """Compare AE Studio on one model with the libraries that can train it."""
    libraries = CASES[model, batch]
    entries = [on_cpu(STUDIO, "benchmarks.training.studio", model, batch, settings)]
    for name in libraries:
        module = f"benchmarks.peers.{MODULES.get(name, 'lightning_trainer')}"
        entries.append(on_cpu(name, module, model, batch, settings, python, **SILENT.get(name, {})))
    claims = [Claim(STUDIO, name, f"of {name}", NOTES[name], TARGETS.get(name)) for name in libraries]
    return measure_claims(SECTION, f"`{model}`, batch {batch}", entries, claims, settings)
