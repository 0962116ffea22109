"""A script that trains the same recipe from scratch with torch alone: `--to script`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.recipes.augmentation_settings import Augmentation
from aestudio.recipes.image_choice import ImageChoice

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from aestudio.export.python.script_losses import Loss
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

# The settings of a training that the script knows. All others must be as they are declared: what the script
# does not do, it must not claim.
_TRAINING = (
    *("epochs", "batch_size", "learning_rate", "optimiser", "weight_decay", "momentum", "gradient_clip"),
    *("schedule", "validation_images", "validations_per_epoch", "seed", "precision"),
    "initial_weights",
)
_WITH_MNISTS_FILES = ("mnist", "fashion-mnist", "kmnist")
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
    from aestudio.export.python.script_losses import LIKELIHOODS, LOSSES
    from aestudio.export.steps.code_form import refused

    reason = refused(architecture)
    if reason:
        return reason
    recipe = architecture.recipe
    objective, training = recipe.objective, recipe.training
    loss = LOSSES.get(objective.kind())
    if loss is None or not type(objective).__module__.startswith("aestudio."):
        return f"The losses of the objective {objective.title} cannot be written as a script yet"
    unknown = _changed(objective, loss.settings) + _changed(training, _TRAINING)
    unknown += [] if recipe.augmentation == Augmentation() else ["augmentation"]
    unknown += [] if recipe.images == ImageChoice() else ["the choice of images"]
    for name, value in (("dropout", 0.0), ("decoder_weights", "own")):
        unknown += [name] if getattr(recipe.network, name, value) != value else []
    if getattr(objective, "likelihood", "bernoulli") not in LIKELIHOODS:
        unknown.append("likelihood")
    initial = training.initial_weights
    if initial not in _INITIAL or (initial != "default" and _mixes(architecture)):
        unknown.append("initial weights")
    if training.optimiser not in _OPTIMISERS:
        unknown.append("optimiser")
    elif training.weight_decay and training.optimiser != "adamw":
        unknown.append("weight_decay")
    if unknown:
        return f"Training with {unknown[0].replace('_', ' ')} as here cannot be written as a script yet"
    if not architecture.data.image.grey:
        return "A script for images in colour cannot be written yet"
    return loss.refuses(architecture)


def _mixes(architecture: Architecture) -> bool:
    """Whether it has layers with several matrices in one, each of which is drawn by itself."""
    from aestudio.layers.attention import Attention
    from aestudio.layers.recurrent import Recurrent
    from aestudio.layers.transformer_block import TransformerBlock

    kinds = Attention, Recurrent, TransformerBlock
    return any(isinstance(layer, kinds) for layer in (*architecture.encoder, *architecture.decoder))


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - quick
    from aestudio.storage.atomic_file import new_file

    data = run.dataset()
    if data.name not in _WITH_MNISTS_FILES:
        raise StudioError(
            "The script reads the four files of MNIST, Fashion-MNIST or KMNIST, and this run was trained on "
            "other images",
            where=data.title,
            advice="Export the trained model (--to python, onnx or web), or train on one of these.",
        )
    text = script_text(run.snapshot()).replace("the four files of MNIST", f"the four files of {data.title}")
    with new_file(path) as file:
        file.write(text.encode())
    return "A script that trains the recipe from scratch"


def script_text(snapshot: Snapshot) -> str:
    """The script, of a snapshot whose recipe is not refused."""
    from aestudio.export.python.python_page import python_page
    from aestudio.export.python.script_losses import LOSSES, loss_text
    from aestudio.export.steps.code_form import model_steps

    recipe = snapshot.recipe
    training, loss = recipe.training, LOSSES[recipe.objective.kind()]
    page = python_page(snapshot, model_steps(snapshot))
    optimiser = _OPTIMISERS[training.optimiser].format(
        weight_decay=training.weight_decay, momentum=training.momentum
    )
    schedule = _SCHEDULES[training.schedule]
    own = loss_text(loss, recipe.objective)
    text = _SCRIPT.format(
        title=" ".join(recipe.title.split()).replace('"""', "'''").replace("\\", "\\\\"),
        settings=_settings(recipe, loss),
        model=page.model.rstrip("\n"),
        loss=own,
        initialise=_INITIAL[training.initial_weights],
        begin="\n    initialise(model)" if _INITIAL[training.initial_weights] else "",
        labels_reader=_LABELS if loss.labels else "",
        optimiser=optimiser,
        schedule=f"\n    schedule = {schedule}" if schedule else "",
        next_rate="\n            schedule.step()" if schedule else "",
        clip=_CLIP.format(norm=training.gradient_clip) if training.gradient_clip else "",
    )
    for name, (plain, told) in _TOLD.items():
        text = text.replace(f"<{name}>", told if loss.labels else plain)
    return text


def _settings(recipe: Recipe, loss: Loss) -> str:
    training = recipe.training
    lines = [
        f"EPOCHS = {training.epochs}",
        f"BATCH = {training.batch_size}",
        f"LEARNING_RATE = {training.learning_rate!r}",
        f"VALIDATION = {training.validation_images}  # training images that are held back",
        f"SEED = {training.seed}",
    ]
    return "\n".join([*lines, *loss.constants(recipe.objective)])


_CLIP = "            nn.utils.clip_grad_norm_(model.parameters(), {norm!r})\n"
_INITIAL = {
    "default": "",
    "xavier": '''

def initialise(model: Model) -> None:
    """Weights by the rule of Glorot and Bengio 2010, biases 0."""
    for module in model.modules():
        if isinstance(module, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
''',
}
_LABELS = '''

def read_labels(folder: Path, name: str) -> Tensor:
    """The labels of an IDX file: (N,) from 0."""
    path = folder / name
    data = path.read_bytes() if path.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())
    return torch.frombuffer(bytearray(data[8:]), dtype=torch.uint8).long()
'''
# What is different where the model is told the labels: first without, then with them.
_TOLD = {
    "arguments": ("images: Tensor", "images: Tensor, classes: Tensor"),
    "parts": ("images.split(500)", "zip(images.split(500), classes.split(500), strict=True)"),
    "part": ("part", "part, told"),
    "codes": ("", ", told"),
    "files": (
        'images = read_images(folder, "train-images-idx3-ubyte")',
        'images = read_images(folder, "train-images-idx3-ubyte")\n'
        '    classes = read_labels(folder, "train-labels-idx1-ubyte")',
    ),
    "shuffled": ("images = images[order]", "images, classes = images[order], classes[order]"),
    "cut": (
        "held_back, images = images[:VALIDATION], images[VALIDATION:]",
        "held_back, images = images[:VALIDATION], images[VALIDATION:]\n"
        "    told, classes = classes[:VALIDATION], classes[VALIDATION:]",
    ),
    "batch": ("images[numbers]", "images[numbers], classes[numbers]"),
    "held": ("held_back", "held_back, told"),
    "test": (
        'read_images(folder, "t10k-images-idx3-ubyte")',
        'read_images(folder, "t10k-images-idx3-ubyte"), read_labels(folder, "t10k-labels-idx1-ubyte")',
    ),
}
_SCRIPT = '''"""{title}, trained from scratch as AE Studio does it: python train.py FOLDER (torch only).

FOLDER has the four files of MNIST: train-images-idx3-ubyte and so on, packed (.gz) or not.
Random numbers are other ones than in AE Studio, so the figures agree within noise.
"""

import gzip
import math
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
{labels_reader}{initialise}

{loss}


@torch.no_grad()
def validated(model: Model, <arguments>) -> float:
    """The mean loss of images (N, 1, H, W), with every weight as it is at last."""
    model.eval()
    losses = [loss_of(model, <part>, math.inf).item() * len(part) for <part> in <parts>]
    model.train()
    return sum(losses) / len(images)


@torch.no_grad()
def test_error(model: Model, <arguments>) -> float:
    """The mean squared error per image between images (N, 1, H, W) and their reconstructions."""
    model.eval()
    total = 0.0
    for <part> in <parts>:
        made = model.decode(model.encode(<part>)<codes>)
        total += (made - part).square().sum().item()
    return total / len(images)


def main() -> None:
    torch.manual_seed(SEED)
    folder = Path(sys.argv[1])
    <files>
    order = torch.randperm(len(images))
    <shuffled>
    <cut>
    model = Model(){begin}
    optimiser = {optimiser}
    steps = -(-len(images) // BATCH){schedule}
    for epoch in range(EPOCHS):
        for step, numbers in enumerate(torch.randperm(len(images)).split(BATCH)):
            loss = loss_of(model, <batch>, epoch + step / steps)
            optimiser.zero_grad()
            loss.backward()
{clip}            optimiser.step(){next_rate}
        if len(held_back):
            print(f"epoch {{epoch + 1}}: validation loss {{validated(model, <held>):.3f}}")
    error = test_error(model, <test>)
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
