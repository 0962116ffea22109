"""The proof models as recipes, and how they get into the user's folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from aestudio.paths import user_parts_folder
from aestudio.recipes.own_parts.answers import remember_answer
from aestudio.recipes.own_parts.part_folder import read_part_folder
from aestudio.recipes.recipe import Recipe

FOLDER = Path(__file__).parent

FULLY_CONNECTED: dict[str, Any] = {"kind": "fully_connected", "hidden": [64], "latent_size": 8}

PROOFS: dict[str, dict[str, Any]] = {
    "gan": {
        "network": FULLY_CONNECTED | {"hidden": [128], "latent_size": 16},
        "objective": {"kind": "gan"},
    },
    "vector-quantised": {
        "network": {"kind": "maps", "latent_size": 8},
        "objective": {"kind": "vector_quantised"},
    },
    "conditional": {"network": FULLY_CONNECTED, "objective": {"kind": "class_channels"}},
    "two-level": {"network": FULLY_CONNECTED, "objective": {"kind": "two_level"}},
    "residual": {
        "network": {"kind": "residual_batch_norm", "latent_size": 8, "width": 4},
        "objective": {"kind": "reconstruction"},
    },
    "wake-sleep": {"network": FULLY_CONNECTED, "objective": {"kind": "dreaming"}},
}


def install(name: str) -> None:
    """Copy the proof's own parts into the user's folder, and agree to them."""
    for group in ("network", "objective"):
        source = FOLDER / f"{group}s" / PROOFS[name][group]["kind"]
        target = user_parts_folder(f"{group}s") / source.name
        if source.exists() and not target.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            remember_answer(read_part_folder(f"{group}s", source.name), allowed=True)


def recipe_of(name: str, **training: Any) -> Recipe:
    """The proof's recipe, after its parts are installed. training: settings of the training."""
    install(name)
    settings = {"epochs": 2, "batch_size": 32, "learning_rate": 0.002, "validation_images": 30} | training
    head = {"name": name, "title": name.capitalize(), "purpose": "A proof of the model contract."}
    return Recipe.model_validate(head | PROOFS[name] | {"training": settings})
