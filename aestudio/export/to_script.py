"""A script that trains the same recipe from scratch with torch alone: `--to script`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.recipes.image_choice import ImageChoice

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.recipe import Recipe

# The objectives whose losses are written below, and the settings that the script knows. All others must be as
# they are declared: what the script does not do, it must not claim.
_OBJECTIVES = {
    "reconstruction": ("distance", "output", "code_activation"),
    "variational": ("beta", "likelihood", "pixel_variance", "warmup_epochs"),
}
_TRAINING = (
    *("epochs", "batch_size", "learning_rate", "optimiser", "weight_decay", "momentum", "gradient_clip"),
    *("schedule", "validation_images", "validations_per_epoch", "seed", "precision"),
)
_LIKELIHOODS = ("bernoulli", "gaussian")
_OPTIMISERS = {
    "adam": "torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)",
    "adamw": "torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay={weight_decay!r})",
    "sgd": "torch.optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum={momentum!r})",
}

_SCHEDULES = {
    "constant": "",
    "cosine": "torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS * steps)",
    "one_cycle": "torch.optim.lr_scheduler.OneCycleLR(\n"
    "        optimiser, LEARNING_RATE, total_steps=EPOCHS * steps, cycle_momentum=False\n    )",
}


def _changed(group: BaseModel, known: tuple[str, ...]) -> list[str]:
    """Settings that are not as they are declared, besides the known ones."""
    fields = type(group).model_fields
    return [
        name
        for name, field in fields.items()
        if name not in known and getattr(group, name) != field.get_default(call_default_factory=True)
    ]


def _refuses(architecture: Architecture) -> str:
    from aestudio.export.steps.code_form import refused

    reason = refused(architecture)
    if reason:
        return reason
    recipe = architecture.recipe
    objective, training = recipe.objective, recipe.training
    if objective.kind() not in _OBJECTIVES or not type(objective).__module__.startswith("aestudio."):
        return f"The losses of the objective {objective.title} cannot be written as a script yet"
    unknown = _changed(objective, _OBJECTIVES[objective.kind()]) + _changed(training, _TRAINING)
    unknown += [] if recipe.augmentation == Augmentation() else ["augmentation"]
    unknown += [] if recipe.images == ImageChoice() else ["the choice of images"]
    for name, value in (("dropout", 0.0), ("decoder_weights", "own")):
        unknown += [name] if getattr(recipe.network, name, value) != value else []
    if getattr(objective, "likelihood", "bernoulli") not in _LIKELIHOODS:
        unknown.append("likelihood")
    if training.optimiser not in _OPTIMISERS:
        unknown.append("optimiser")
    elif training.weight_decay and training.optimiser != "adamw":
        unknown.append("weight_decay")
    if unknown:
        return f"Training with {unknown[0].replace('_', ' ')} as here cannot be written as a script yet"
    return "" if architecture.data.image.grey else "A script for images in colour cannot be written yet"


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - quick
    from aestudio.export.python.python_page import python_page
    from aestudio.export.steps.code_form import model_steps
    from aestudio.storage.atomic_file import new_file

    snapshot = run.snapshot()
    recipe = snapshot.recipe
    training = recipe.training
    page = python_page(snapshot, model_steps(snapshot))
    optimiser = _OPTIMISERS[training.optimiser].format(
        weight_decay=training.weight_decay, momentum=training.momentum
    )
    schedule = _SCHEDULES[training.schedule]
    text = _SCRIPT.format(
        title=" ".join(recipe.title.split()).replace('"""', "'''").replace("\\", "\\\\"),
        settings=_settings(recipe),
        model=page.model.rstrip("\n"),
        loss=_LOSSES[recipe.objective.kind()].format(distance=_distance(recipe)).strip("\n"),
        optimiser=optimiser,
        schedule=f"\n    schedule = {schedule}" if schedule else "",
        next_rate="\n            schedule.step()" if schedule else "",
        clip=_CLIP.format(norm=training.gradient_clip) if training.gradient_clip else "",
    )
    with new_file(path) as file:
        file.write(text.encode())
    return "A script that trains the recipe from scratch"


def _settings(recipe: Recipe) -> str:
    training, objective = recipe.training, recipe.objective
    lines = [
        f"EPOCHS = {training.epochs}",
        f"BATCH = {training.batch_size}",
        f"LEARNING_RATE = {training.learning_rate!r}",
        f"VALIDATION = {training.validation_images}  # training images that are held back",
        f"SEED = {training.seed}",
    ]
    if objective.kind() == "variational":
        lines.append(f"BETA = {getattr(objective, 'beta', 1.0)!r}  # weight of the KL")
        lines.append(
            f"WARMUP = {getattr(objective, 'warmup_epochs', 0.0)!r}  # epochs in which it grows to that"
        )
    return "\n".join(lines)


def _distance(recipe: Recipe) -> str:
    """How far the logits are from the images, per image, as an expression."""
    objective: Any = recipe.objective
    means = "logits" if getattr(objective, "output", "sigmoid") == "linear" else "torch.sigmoid(logits)"
    kind = getattr(objective, "distance", None) or {"bernoulli": "cross_entropy"}.get(
        objective.likelihood, "gaussian"
    )
    match kind:
        case "cross_entropy":
            total = 'functional.binary_cross_entropy_with_logits(logits, images, reduction="sum")'
        case "absolute_error":
            total = f"({means} - images).abs().sum()"
        case "gaussian":  # its constant has no gradient
            total = f"({means} - images).square().sum() / {2 * objective.pixel_variance!r}"
        case _:
            total = f"({means} - images).square().sum()"
    return f"{total} / len(images)"


_CLIP = "            nn.utils.clip_grad_norm_(model.parameters(), {norm!r})\n"
_LOSSES = {
    "reconstruction": """
def loss_of(model: Model, images: Tensor, epoch: float) -> Tensor:
    \"\"\"The distance between images (B, C, H, W) and their reconstructions, per image.\"\"\"
    logits = model.decoder(model.encode(images))
    return {distance}
""",
    "variational": """
def loss_of(model: Model, images: Tensor, epoch: float) -> Tensor:
    \"\"\"The negative ELBO of images (B, C, H, W) in nats per image, with a weight of the KL.\"\"\"
    mean, deviation = model.posterior(images)
    codes = mean + deviation * torch.randn_like(mean)
    logits = model.decoder(codes)
    distance = {distance}
    kl = 0.5 * (mean.square() + deviation.square() - 1 - 2 * deviation.log()).sum() / len(images)
    return distance + BETA * (min(1.0, epoch / WARMUP) if WARMUP else 1.0) * kl
""",
}
_SCRIPT = '''"""{title}, trained from scratch as AE Studio does it: python train.py FOLDER (torch only).

FOLDER has the four files of MNIST, train-images-idx3-ubyte and so on, packed (.gz) or not. Random numbers are
other ones than in AE Studio, so the figures agree within noise.
"""

import gzip
import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

{settings}
{model}


def read_images(folder: Path, name: str) -> Tensor:
    """The images of an IDX file: (N, 1, H, W) from 0 to 1."""
    path = folder / name
    data = path.read_bytes() if path.exists() else gzip.decompress((folder / f"{{name}}.gz").read_bytes())
    count, height, width = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8, 12))
    pixels = torch.frombuffer(bytearray(data[16:]), dtype=torch.uint8)
    return pixels.view(count, 1, height, width).float() / 255


{loss}


@torch.no_grad()
def validated(model: Model, images: Tensor, epoch: float) -> float:
    """The mean loss of images (N, 1, H, W)."""
    model.eval()
    parts = images.split(500)
    losses = [loss_of(model, part, epoch).item() * len(part) for part in parts]
    model.train()
    return sum(losses) / len(images)


@torch.no_grad()
def test_error(model: Model, images: Tensor) -> float:
    """The mean squared error per image between images (N, 1, H, W) and their reconstructions."""
    model.eval()
    errors = [(model.decode(model.encode(part)) - part).square().sum().item() for part in images.split(500)]
    return sum(errors) / len(images)


def main() -> None:
    torch.manual_seed(SEED)
    folder = Path(sys.argv[1])
    images = read_images(folder, "train-images-idx3-ubyte")
    images = images[torch.randperm(len(images))]
    held_back, images = images[:VALIDATION], images[VALIDATION:]
    model = Model()
    optimiser = {optimiser}
    steps = -(-len(images) // BATCH){schedule}
    for epoch in range(EPOCHS):
        for step, batch in enumerate(images[torch.randperm(len(images))].split(BATCH)):
            loss = loss_of(model, batch, epoch + step / steps)
            optimiser.zero_grad()
            loss.backward()
{clip}            optimiser.step(){next_rate}
        if len(held_back):
            print(f"epoch {{epoch + 1}}: validation loss {{validated(model, held_back, epoch + 1):.3f}}")
    error = test_error(model, read_images(folder, "t10k-images-idx3-ubyte"))
    print(f"squared error of a test image: {{error:.4f}}")
    torch.save(model.state_dict(), "model.pt")


if __name__ == "__main__":
    main()
'''

EXPORTER = Exporter(
    name="script",
    title="Training script",
    summary="Readable Python that trains the same recipe from scratch on MNIST's files, with torch alone.",
    suffix=".py",
    write=_write,
    refuses=_refuses,
)
