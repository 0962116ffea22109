"""Encoder and decoder, or the classifier, as ONNX files that were compared with torch: `--to onnx`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.sabotage.sabotage_list import warning

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.export.steps.code_form import ModelSteps
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

TOLERANCE = 1e-5
"""The most by which a number of a result may differ from torch's; of one beyond 1, as a share of its size."""
_COMPARED = 16


def _refuses(architecture: Architecture) -> str:
    from aestudio.export.steps.code_form import refused

    return refused(architecture)


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - none
    import onnx

    from aestudio.export.steps.code_form import model_steps
    from aestudio.storage.new_folder import new_folder

    snapshot = run.snapshot()
    models = _models(snapshot, model_steps(snapshot))
    with new_folder(path) as folder:
        for done, (name, model) in enumerate(models.items()):
            progress(done, len(models), "Writing and comparing")
            onnx.helper.set_model_props(model, _metadata(snapshot))
            file = folder / f"{name}.onnx"
            file.write_bytes(model.SerializeToString())
            _compare(snapshot, name, file)
    return f"{' and '.join(models)} as ONNX, compared with torch"


def _models(snapshot: Snapshot, steps: ModelSteps) -> dict[str, Any]:
    """The files by name: inputs and outputs have a free batch axis."""
    from aestudio.export.onnx.onnx_codes import TOLD, deviations
    from aestudio.export.onnx.onnx_steps import new_graph

    architecture = snapshot.architecture
    image, code = architecture.data.image.array, (architecture.latent.size,)
    models: dict[str, Any] = {}
    told = {TOLD: (steps.told,)} if steps.told else {}
    if architecture.encodes:
        graph = new_graph()
        numbers = graph.steps((*steps.encoder, *steps.head), "image")
        if not architecture.latent.exists:
            chances = graph.add("Softmax", numbers, axis=1)
            outputs = {"probabilities": (chances, code)}
            return {"classifier": graph.model({"image": image}, outputs, "classifier")}
        numbers = graph.steps(steps.code[:-1], numbers)
        outputs = {"code": (graph.steps(steps.code[-1:], numbers), code)}
        if steps.code and steps.code[-1].kind == "gaussian":
            outputs["deviation"] = (deviations(graph, steps.code[-1], numbers), code)
        models["encoder"] = graph.model({"image": image, **told}, outputs, "encoder")
    if architecture.decodes:
        graph = new_graph()
        made = {"image": (graph.steps(steps.decoding, "code"), image)}
        models["decoder"] = graph.model({"code": code, **told}, made, "decoder")
    if steps.classifier:
        graph = new_graph()
        chances = graph.add("Softmax", graph.steps(steps.classifying, "image"), axis=1)
        outputs = {"probabilities": (chances, (steps.told,))}
        models["classifier"] = graph.model({"image": image}, outputs, "classifier")
    return models


def _metadata(snapshot: Snapshot) -> dict[str, str]:
    """What the files say of themselves, as text."""
    import json

    latent = snapshot.architecture.latent
    kind: dict[str, Any] = {"kind": latent.kind, "shape": latent.shape, "choices": latent.choices}
    told = "condition: float32, a number for each class, 1 for that of the image and 0 for the others"
    return {
        **({"condition": told} if snapshot.architecture.condition_size else {}),
        "recipe": json.dumps(snapshot.recipe.model_dump(mode="json"), ensure_ascii=False),
        "latent": json.dumps(kind),
        "scaling": "images are float32 from 0 to 1: grey levels divided by 255, 0 = background",
        "run": snapshot.run,
        "step": str(snapshot.step),
        **({"sabotage": warning(snapshot.sabotage)} if snapshot.sabotage else {}),
    }


def _compare(snapshot: Snapshot, name: str, file: Path) -> None:
    """Raises StudioError if onnxruntime gives other numbers than torch, for two batches of random inputs."""
    import importlib

    from aestudio.export.onnx.onnx_codes import TOLD

    onnxruntime: Any = importlib.import_module("onnxruntime")  # it has no types
    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session: Any = onnxruntime.InferenceSession(
        file.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    draws = np.random.default_rng(0)
    for count in (1, _COMPARED):
        given, told = _inputs(snapshot, name, draws, count)
        inputs = given if told is None else {**given, TOLD: told}
        made = session.run(None, inputs)
        (values,) = given.values()
        expected = _expected(snapshot, name, values, told)[: len(made)]
        for found, wanted in zip(made, expected, strict=True):
            worst = float(_differences(found, wanted).max())
            if not worst <= TOLERANCE and not worst <= _rounding(snapshot, name, given, told):
                raise StudioError(
                    f"The {name} as ONNX gives other numbers than the model, by up to {worst:.2g}",
                    where=str(file),
                    advice="Nothing was written. Report this, with the recipe.",
                )


def _differences(found: NDArray[Any], wanted: NDArray[Any]) -> NDArray[Any]:
    """How far each number is from torch's; of numbers beyond 1 as a share of their size.

    Single precision has seven digits: the neighbours of 300 are 3e-5 away from it.
    """
    return np.abs(found.astype(np.float64) - wanted) / np.maximum(1.0, np.abs(wanted))


def _rounding(
    snapshot: Snapshot, name: str, given: dict[str, NDArray[Any]], told: NDArray[Any] | None
) -> float:
    """Twice what single precision costs torch: planar flows divide by small numbers, no copy is nearer."""
    (values,) = given.values()
    own = _expected(snapshot, name, values, told)[0]
    exact = _expected(
        snapshot, name, values.astype(np.float64), None if told is None else told.astype(np.float64)
    )[0]
    return 2 * float(_differences(own, exact).max())


def _inputs(
    snapshot: Snapshot, name: str, draws: Any, count: int
) -> tuple[dict[str, NDArray[Any]], NDArray[np.float32] | None]:
    """Random images or codes by the name of the input, and what a conditional model is told of them."""
    architecture = snapshot.architecture
    size, told = architecture.condition_size, None
    if size and name != "classifier":
        told = np.eye(size, dtype=np.float32)[np.arange(count) % size]
    if name == "decoder":
        return {"code": _codes(snapshot, draws, count)}, told
    return {"image": draws.random((count, *architecture.data.image.array), np.float32)}, told


def _codes(snapshot: Snapshot, draws: Any, count: int) -> NDArray[Any]:
    """Random codes float32 (count, L)."""
    latent = snapshot.architecture.latent
    if latent.choices:
        return draws.integers(0, latent.choices, (count, latent.size)).astype(np.float32)
    return draws.standard_normal((count, latent.size), np.float32)


def _expected(
    snapshot: Snapshot, name: str, given: NDArray[Any], told: NDArray[Any] | None
) -> list[NDArray[Any]]:
    """What the model makes of images (N, C, H, W) or codes (N, L), in the order of the outputs.

    Computed in the precision of the given numbers.
    """
    from aestudio.inference.frozen_model import FrozenModel

    model = FrozenModel(snapshot)
    if given.dtype == np.float64:
        model.model.double()
    if name == "decoder":
        return [model.decode_exactly(given, told)]
    if name == "classifier":
        return [_chances(model, given)]
    codes = model.encode(given, told)
    return [codes.mean] if codes.std is None else [codes.mean, codes.std]


def _chances(model: FrozenModel, images: NDArray[Any]) -> NDArray[Any]:
    """The probability of each class (N, K), of a classifier or of a model that guesses classes."""
    import torch

    scores = model.encode(images).mean if not model.decodes else None
    if scores is None:
        with torch.inference_mode():
            features = model.model.encoder(torch.tensor(images))
            scores = model.model.get_submodule("objective.classifier")(features).numpy()
    exponents = np.exp(scores - scores.max(1, keepdims=True))
    return exponents / exponents.sum(1, keepdims=True)


EXPORTER = Exporter(
    name="onnx",
    title="ONNX",
    summary="A folder with encoder and decoder, or the classifier, for ONNX Runtime and other programs.",
    suffix="",
    write=_write,
    refuses=_refuses,
    extra="onnx",
    modules=("onnx", "onnxruntime"),
)
