"""Which model a compressed file belongs to, and the model itself inside such a file."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, cast

import numpy as np

from aestudio.codec.container import DAMAGE, DIGEST, Reader, number_bytes
from aestudio.datasets.image_shape import DataShape
from aestudio.errors import StudioError
from aestudio.recipes.model_file import parse_model
from aestudio.recipes.recipe import Recipe
from aestudio.storage.digest import digest_of_arrays, digest_of_texts
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.safetensors import read_header
from aestudio.training.events import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.codec.container import Container

CARRIED = "model of a compressed file"
"""The run's name of a model that came with a file."""


def model_digest(snapshot: Snapshot) -> bytes:
    """8 bytes that change with any weight, with network and objective, and with the shape of the data."""
    return digest_of(snapshot.recipe, snapshot.data, digest_of_arrays(snapshot.weights))


def digest_of(recipe: Recipe, data: DataShape, weights: str) -> bytes:
    """As `model_digest`. weights: their digest (`digest_of_arrays`), which the files of a run have"""
    parts = recipe.network.to_json(), recipe.objective.to_json(), data.to_json()
    texts = [json.dumps(part, sort_keys=True) for part in parts]
    return bytes.fromhex(digest_of_texts([*texts, weights]))[:DIGEST]


def model_bytes(snapshot: Snapshot) -> bytes:
    """Recipe, shape of the data and weights, to be put into a compressed file."""
    from safetensors.numpy import save

    table = {"recipe": snapshot.recipe.model_dump(mode="json"), "data": snapshot.data.to_json()}
    text = json.dumps(table, ensure_ascii=False).encode()
    arrays = {
        name: np.ascontiguousarray(array).reshape(array.shape) for name, array in snapshot.weights.items()
    }
    names = json.dumps(list(snapshot.weights))  # the format sorts them
    return number_bytes(len(text)) + text + save(arrays, metadata={"names": names})


def carried_snapshot(container: Container, path: Path) -> Snapshot:
    """The model inside a compressed file; raises StudioError if it is damaged or not the one of the images.

    A part of the user's own that it needs and that is missing or not trusted is named.
    """
    try:
        reader = Reader(container.model)
        text = reader.bytes(reader.number())
        table = table_of(parse_json(text))
        data = DataShape.from_json(table_of(table["data"]))
        recipe_text = json.dumps(table["recipe"]).encode()
        weights = _weights(container.model[len(container.model) - reader.left :])
    except (ValueError, KeyError, TypeError) as error:
        raise DAMAGE.error(path, f"the model in it: {error}") from error
    recipe = parse_model(Recipe, recipe_text, path, DAMAGE, "The model in this file cannot be used")
    snapshot = Snapshot(CARRIED, recipe, 0, 0.0, weights, data=data)
    if model_digest(snapshot) != container.digest or data.image != container.shape:
        raise DAMAGE.error(path, "the model in it is not the one of its images")
    return snapshot


def require_model(container: Container, snapshot: Snapshot, path: Path) -> None:
    """Raises StudioError if this is not the model that the file was written with."""
    if model_digest(snapshot) != container.digest or snapshot.data.image != container.shape:
        raise StudioError(
            "This model is not the one that wrote the compressed file, bit for bit",
            where=str(path),
            advice="Name the run that wrote it, as it was then.",
        )


def _weights(data: bytes) -> dict[str, NDArray[np.float32]]:
    header = read_header(io.BytesIO(data), len(data))
    names = parse_json(str(header.metadata.get("names")).encode())
    if not isinstance(names, list) or sorted(map(str, cast("list[object]", names))) != sorted(header.arrays):
        raise ValueError("its list of names is missing")
    weights: dict[str, NDArray[np.float32]] = {}
    for name in cast("list[str]", names):
        info = header.arrays[name]
        if info.dtype != np.float32:
            raise ValueError(f"{name} is not in single precision")
        array = np.frombuffer(data, "<f4", info.bytes // 4, header.offsets[name]).reshape(info.shape)
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has no finite numbers")
        weights[name] = array
    return weights
