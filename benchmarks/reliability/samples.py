"""Small intact files of every kind that the program reads, to be damaged."""

from __future__ import annotations

import io
import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aestudio.datasets.dataset import ImageSet
from aestudio.datasets.synthetic import generate
from aestudio.recipes.library import find_recipe
from aestudio.runs.bookmarks_file import Bookmark, write_bookmarks
from aestudio.runs.drawings_file import FILE, Drawing, write_drawings
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.model_preview import ModelPreview, write_preview
from aestudio.runs.record import record
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset

LATENT = 3


@dataclass(frozen=True)
class Samples:
    """A finished run of a small VAE with all files of its folder, and its data set."""

    run: KeptRun
    dataset: Dataset


def make_samples(folder: Path) -> Samples:
    """Train for a few steps and write bookmarks, drawings and codes beside the weights."""
    dataset = generate(train=200, test=40, seed=1)
    recipe = find_recipe("vae").with_settings(
        {"hidden": (16,), "latent_size": LATENT, "epochs": 2, "batch_size": 40, "validation_images": 20}
    )
    run, spec = folder / "sample", RunSpec("sample", recipe, dataset.origin, "cpu")
    for _ in record(train(spec, dataset), spec, run):
        pass
    images, random = dataset.test.images, np.random.default_rng(0)
    codes = random.normal(size=(12, LATENT)).astype(np.float32)
    bookmarks = [Bookmark("Sieben", codes[0], images[0]), Bookmark("two", codes[1])]
    write_bookmarks(run / "bookmarks.npz", bookmarks)
    write_drawings(run / FILE, [Drawing("mine", images[2]), Drawing("Ärger", images[3])])
    ranges = np.array([[-2.0, 2.0]] * LATENT, np.float32)
    labels = np.arange(12, dtype=np.int64) % 10
    write_preview(run, ModelPreview(codes, labels, ranges, _first(dataset)))
    return Samples(KeptRun.at(run), dataset)


def _first(dataset: Dataset) -> ImageSet:
    labels = dataset.test.labels
    assert labels is not None
    return ImageSet(dataset.test.images[:4].copy(), labels[:4].copy(), dataset.test.class_names)


def npz_file(dataset: Dataset, packed: bool) -> bytes:
    """An archive of images and labels, as a user makes it."""
    buffer = io.BytesIO()
    save = np.savez_compressed if packed else np.savez
    save(buffer, images=dataset.test.images[:, 0], labels=dataset.test.labels)  # type: ignore[arg-type]
    return buffer.getvalue()


def idx_file(dataset: Dataset) -> bytes:
    """An IDX file of images, as a user makes it."""
    images = dataset.test.images[:, 0]
    return b"\0\0\x08\x03" + struct.pack(">3I", *images.shape) + images.tobytes()


def image_file(dataset: Dataset, form: str) -> bytes:
    """A PNG or GIF of some images side by side; the GIF has three frames."""
    from PIL import Image

    frames = [Image.fromarray(_row(dataset.test.images[:, 0], start)) for start in (0, 4, 8)]
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if form == "GIF" else {}
    frames[0].save(buffer, form, **more)
    return buffer.getvalue()


def recipe_file() -> bytes:
    """A user's recipe."""
    return json.dumps(find_recipe("conv-vae").model_dump(mode="json"), indent=1).encode()


def _row(images: NDArray[np.uint8], start: int) -> NDArray[np.uint8]:
    return np.concatenate(list(images[start : start + 4]), axis=1)
