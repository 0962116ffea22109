"""Encoder and decoder, or the classifier, as ONNX files that were compared with torch: `--to onnx`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.export.exporter import ExportedRun, Exporter
from aestudio.sabotage.sabotage_list import warning

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from aestudio.export.code_form import ModelSteps
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

TOLERANCE = 1e-5
"""The most by which a number of a result may differ from torch's, beside as much of its own size."""
_COMPARED = 16


def _refuses(architecture: Architecture) -> str:
    from aestudio.export.code_form import refused

    return refused(architecture)


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - none
    import onnx

    from aestudio.export.code_form import model_steps
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
    from aestudio.export.onnx_graph import Graph, deviations

    architecture = snapshot.architecture
    image, code = architecture.data.image.array, (architecture.latent.size,)
    models: dict[str, Any] = {}
    if architecture.encodes:
        graph = Graph()
        numbers = graph.steps((*steps.encoder, *steps.head), "image")
        if not architecture.latent.exists:
            chances = graph.add("Softmax", numbers, axis=1)
            outputs = {"probabilities": (chances, code)}
            return {"classifier": graph.model({"image": image}, outputs, "classifier")}
        outputs = {"code": (graph.steps(steps.code, numbers), code)}
        if steps.code and steps.code[-1].kind == "gaussian":
            outputs["deviation"] = (deviations(graph, steps.code[-1], numbers), code)
        models["encoder"] = graph.model({"image": image}, outputs, "encoder")
    if architecture.decodes:
        graph = Graph()
        made = {"image": (graph.steps(steps.decoding, "code"), image)}
        models["decoder"] = graph.model({"code": code}, made, "decoder")
    return models


def _metadata(snapshot: Snapshot) -> dict[str, str]:
    """What the files say of themselves, as text."""
    import json

    latent = snapshot.architecture.latent
    kind: dict[str, Any] = {"kind": latent.kind, "shape": latent.shape, "choices": latent.choices}
    return {
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

    import numpy as np

    onnxruntime: Any = importlib.import_module("onnxruntime")  # it has no types
    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session: Any = onnxruntime.InferenceSession(
        file.read_bytes(), options, providers=["CPUExecutionProvider"]
    )
    draws, architecture = np.random.default_rng(0), snapshot.architecture
    for count in (1, _COMPARED):
        if name == "decoder":
            given = _codes(snapshot, draws, count)
        else:
            given = draws.random((count, *architecture.data.image.array), np.float32)
        [title] = [one.name for one in session.get_inputs()]
        made = session.run(None, {title: given})
        expected = _expected(snapshot, name, given)
        for found, wanted in zip(made, expected, strict=True):
            if not np.allclose(found, wanted, rtol=TOLERANCE, atol=TOLERANCE):
                worst = float(np.abs(found - wanted).max())
                raise StudioError(
                    f"The {name} as ONNX gives other numbers than the model, by up to {worst:.2g}",
                    where=str(file),
                    advice="Nothing was written. Report this, with the recipe.",
                )


def _codes(snapshot: Snapshot, draws: Any, count: int) -> NDArray[Any]:
    """Random codes float32 (count, L)."""
    import numpy as np

    latent = snapshot.architecture.latent
    if latent.choices:
        return draws.integers(0, latent.choices, (count, latent.size)).astype(np.float32)
    return draws.standard_normal((count, latent.size), np.float32)


def _expected(snapshot: Snapshot, name: str, given: NDArray[Any]) -> list[NDArray[Any]]:
    """What the model makes of images (N, C, H, W) or codes (N, L), in the order of the outputs."""
    import numpy as np

    from aestudio.inference.frozen_model import FrozenModel

    model = FrozenModel(snapshot)
    if name == "decoder":
        return [model.decode_exactly(given)]
    codes = model.encode(given)
    if name == "classifier":
        exponents = np.exp(codes.mean - codes.mean.max(1, keepdims=True))
        return [exponents / exponents.sum(1, keepdims=True)]
    return [codes.mean] if codes.std is None else [codes.mean, codes.std]


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
