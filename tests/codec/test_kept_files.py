"""Files that were written once are decoded as they were then, by whichever Python, numpy, torch and coder.

The files have their models in them. To write those that are not there, of a new kind or version:
python -m tests.codec.test_kept_files
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aestudio.codec.container import read_container
from aestudio.codec.opened_file import decompress, model_inside
from tests.codec.conftest import TINY_CODEC

FILES = Path(__file__).parent / "files"


@pytest.mark.parametrize("name", ["codes-1", "bits-back-1", "grey-1", "codec-1"])
def test_a_kept_file_is_decoded_as_it_was_written(name: str) -> None:
    path = FILES / f"{name}.aec"
    container = read_container(path)
    snapshot = model_inside(container, path)
    assert snapshot is not None
    decoded = decompress(container, snapshot, path)
    with np.load(FILES / f"{name}.npz") as kept:
        if container.kind == "codes":
            assert decoded.codes is not None
            assert np.array_equal(decoded.codes, kept["codes"])  # exactly, on every machine
            assert np.abs(decoded.pictures.astype(int) - kept["pictures"]).max() <= 1
        else:
            assert np.array_equal(decoded.pictures, kept["pictures"])


def _write() -> None:
    from aestudio.codec.bits_back import compress_exactly
    from aestudio.codec.rounded_codes import compress_codes
    from aestudio.datasets.synthetic import generate
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.recipes.library import find_recipe
    from aestudio.training.events import SnapshotTaken
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    digits = generate(train=300, test=60, seed=1)
    images = digits.test.images[:8]
    training = {"epochs": 20, "batch_size": 32, "validation_images": 0}
    dense, maps = {"latent_size": 4, "hidden": (6,)}, TINY_CODEC
    for name, recipe, sizes in (
        ("codes-1", "vae", dense),
        ("bits-back-1", "vae", dense),
        ("grey-1", "grey-level-vae", dense),
        ("codec-1", "codec", maps),
    ):
        if (FILES / f"{name}.aec").exists():  # files of earlier versions stay as they were written
            continue
        settings = {**training, **sizes}
        spec = RunSpec(
            run="kept", recipe=find_recipe(recipe).with_settings(settings), dataset="builtin", device="cpu"
        )
        *_, last = (event for event in train(spec, digits) if isinstance(event, SnapshotTaken))
        model, path = FrozenModel(last.snapshot), FILES / f"{name}.aec"
        if name in ("codes-1", "codec-1"):
            file = compress_codes(model, images, model.encode(digits.train.images), with_model=True)
        else:
            given = images if name == "grey-1" else np.where(images > 127, 255, 0).astype(np.uint8)
            file = compress_exactly(model, given, with_model=True).container
        decoded = decompress(file, last.snapshot, path)
        file.write(path, overwrite=True)
        codes = np.empty(0) if decoded.codes is None else decoded.codes
        np.savez_compressed(FILES / f"{name}.npz", pictures=decoded.pictures, codes=codes)


if __name__ == "__main__":
    _write()
