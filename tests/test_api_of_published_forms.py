"""Faces, narrow grey images, pictures in colour and many classes are trained on and explored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

import aestudio
from aestudio.analysis.probe import probe
from tests.datasets.own_forms import colours, numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.api import Run

COUNT = 40
SMALL: dict[str, Any] = {"device": "cpu", "batch_size": 20, "latent_size": 2, "validation_images": 4}


def olivetti(folder: Path) -> tuple[str, tuple[int, ...]]:
    """As scikit-learn has them: images from 0 to 1, a number for each of the people."""
    faces, people = numbers(COUNT, 64, 64) / np.float32(255), np.repeat(np.arange(COUNT // 2), 2)
    np.savez(folder / "olivetti.npz", data=faces.reshape(COUNT, -1), target=people)
    return str(folder / "olivetti.npz"), (1, 64, 64)


def frey(folder: Path) -> tuple[str, tuple[int, ...]]:
    """As Roweis has them: 560 numbers for each of the images, which are columns."""
    savemat(folder / "frey_rawface.mat", {"ff": numbers(COUNT, 28, 20).reshape(COUNT, 560).T})
    return str(folder / "frey_rawface.mat"), (1, 28, 20)


def celeba(folder: Path) -> tuple[str, tuple[int, ...]]:
    """A folder of square cut-outs, larger than 64 x 64."""
    (folder / "celeba").mkdir()
    for number, face in enumerate(colours(COUNT, 128, 128)):
        Image.fromarray(face).save(folder / "celeba" / f"{number:06}.jpg")
    return str(folder / "celeba"), (3, 64, 64)


@pytest.mark.parametrize(
    ("recipe", "make"),
    [
        ("conv-vae", frey),
        *(
            pytest.param(recipe, make, marks=pytest.mark.thorough)
            for recipe, make in (
                ("vae", frey),
                ("vae", olivetti),
                ("conv-vae", olivetti),
                ("conv-vae", celeba),
            )
        ),
    ],
)
def test_they_are_trained_on_and_explored(
    tmp_path: Path, make: Callable[[Path], tuple[str, tuple[int, ...]]], recipe: str
) -> None:
    path, shape = make(tmp_path)
    run = aestudio.train(recipe, path, 1, **SMALL)
    dataset = run.dataset
    assert dataset.shape.image.array == shape
    codes = run.encode(dataset.test.images)
    assert codes.shape == (len(dataset.test), 2)
    assert np.isfinite(codes).all()
    walk = np.linspace(codes[0], codes[-1], 5, dtype=np.float32)  # as a slider moves
    assert run.decode(walk).shape == (5, *shape)
    assert run.reconstruct(dataset.test.images).shape == dataset.test.images.shape
    assert np.isfinite(run.evaluate()["test_mse_per_pixel"])
    again = aestudio.open_run(run.folder).dataset
    np.testing.assert_array_equal(again.test.images, dataset.test.images)


@pytest.fixture(scope="module", params=[26, 47, pytest.param(100, marks=pytest.mark.thorough)])
def classified(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Run]:
    """A classifier that has learned images whose class is the place of a bar; and the number of classes."""
    classes = request.param
    images = np.zeros((8 * classes, 12, 12), np.uint8)
    for number in range(len(images)):
        row, column = divmod(number % classes, 10)
        images[number, row + 1, column + 1] = 255
        images[number, 11, number // classes + 1] = 90  # no two are equal
    path = tmp_path_factory.mktemp("classes") / "own.npz"
    names = [f"class {number}" for number in range(classes)]
    np.savez(path, images=images, labels=np.arange(len(images)) % classes, class_names=names)
    settings: dict[str, Any] = {"device": "cpu", "batch_size": 32, "validation_images": 8}
    return classes, aestudio.train("digit-classifier", str(path), 30, **settings)


def test_a_classifier_learns_many_classes(classified: tuple[int, Run]) -> None:
    classes, run = classified
    assert run.dataset.train.class_names == tuple(f"class {number}" for number in range(classes))
    assert run.evaluate()["test_accuracy"] > 0.5  # by chance a 26th at most


def test_a_probe_reads_many_classes_from_codes(classified: tuple[int, Run]) -> None:
    classes, run = classified
    dataset = run.dataset
    model = aestudio.train("compress-ae", dataset, 1, **{**SMALL, "latent_size": 16})
    scores = probe(model.kept.snapshot(), dataset, epochs=30, seed=0).scores
    assert set(scores) == {"pixels", "codes", "reconstructions"}
    assert scores["pixels"].accuracy > 5 / classes
