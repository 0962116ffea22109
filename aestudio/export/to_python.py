"""A folder that needs no AE Studio: the network on a page, its weights and an example. `--to python`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.export.exporter import ExportedRun, Exporter

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import ImageSet
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

_SHOWN, _FITTED = 16, 2_000  # images in the folder; images whose codes a Gaussian is fitted to


def _refuses(architecture: Architecture) -> str:
    from aestudio.export.steps.code_form import refused

    return refused(architecture)


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - none
    import numpy as np
    from safetensors.numpy import save

    from aestudio.export.python.python_page import python_page
    from aestudio.export.steps.code_form import model_steps
    from aestudio.storage.new_folder import new_folder

    progress(0, None, "Writing the model")
    snapshot = run.snapshot()
    architecture, steps = snapshot.architecture, model_steps(snapshot)
    images = run.dataset().test if architecture.encodes else None
    fitted = None
    if images is not None and architecture.decodes and not steps.prior.kind:
        fitted = _gaussian_of_codes(snapshot, images)
    page = python_page(snapshot, steps, fitted)
    with new_folder(path) as folder:
        (folder / "model.py").write_text(page.text, encoding="utf-8")
        count = _SHOWN if images is None else min(_SHOWN, len(images))
        (folder / "example.py").write_text(_example(architecture, count), encoding="utf-8")
        arrays = {name: np.ascontiguousarray(value) for name, value in page.weights.items()}
        (folder / "weights.safetensors").write_bytes(save(arrays))
        if images is not None:
            shown: dict[str, Any] = {"images": np.ascontiguousarray(images.images[:_SHOWN])}
            if steps.told and images.labels is not None:
                shown["classes"] = images.labels[:_SHOWN].astype(np.int64)
            (folder / "images.safetensors").write_bytes(save(shown))
    return "The model as Python; start with example.py"


def _gaussian_of_codes(snapshot: Snapshot, images: ImageSet) -> dict[str, Any]:
    """Mean (L,) and factor (L, L) of a Gaussian that is fitted to codes of images: covariance F F^T."""
    import numpy as np

    from aestudio.inference.conditions import condition_of_set, some_of
    from aestudio.inference.frozen_model import FrozenModel

    told = some_of(condition_of_set(snapshot.architecture, images), slice(_FITTED))
    codes = FrozenModel(snapshot).encode(images.images[:_FITTED], told).mean.astype(np.float64)
    centred = codes - codes.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred / max(1, len(codes) - 1))
    return {"mean": codes.mean(0), "factor": vectors * np.sqrt(values.clip(0))}


def _example(architecture: Architecture, count: int) -> str:
    """count: images in a row of its picture"""
    reads, told = architecture.encodes, bool(architecture.condition_size)
    files = f"{_IMAGES}{_TOLD if told else ''}" if reads else ""
    lines = [_HEAD, files, "\nwith torch.no_grad():\n"]
    if not architecture.latent.exists:
        lines.append(_CLASSES)
        return "".join(lines)
    rows: list[str] = []
    if reads:
        given = ("images, classes", "codes, classes") if told else ("images", "codes")
        lines.append(_CODES.format(images=given[0], codes=given[1]))
        rows += ["images", "reconstructed"]
    rows.append("samples")
    drawn = f"torch.arange({count}) % {architecture.condition_size}" if told else str(count)
    lines.append(f"    samples = model.sample({drawn})\n")
    lines.append(_PICTURE.format(rows=", ".join(rows)))
    return "".join(lines)


_HEAD = '''"""Loads the model and uses it: python example.py (needs torch and safetensors)."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from model import Model

folder = Path(__file__).parent
model = Model().eval()
model.load_state_dict(load_file(folder / "weights.safetensors"))
'''
_IMAGES = """images = load_file(folder / "images.safetensors")["images"].float() / 255  # (B, C, H, W)
"""
_TOLD = """classes = load_file(folder / "images.safetensors")["classes"]  # (B,), which the model is told
"""
_CODES = """    codes = model.encode({images})
    reconstructed = model.decode({codes})
    print("the code of the first image:", codes[0].tolist())
    print("squared error of an image:", (reconstructed - images).square().sum((1, 2, 3)).mean().item())
"""
_CLASSES = """    chances = model.classify(images)
    for number, row in enumerate(chances):
        print(f"image {{number}}: class {{int(row.argmax())}}, probability {{row.max():.3f}}")
""".replace("{{", "{").replace("}}", "}")
_PICTURE = """
# A row of each, side by side, as a file that every image viewer opens (PGM, or PPM for colours).
table = torch.cat([torch.cat(list(row), dim=2) for row in ({rows},)], dim=1)  # (C, rows * H, B * W)
pixels = (table * 255).round().to(torch.uint8)
kind, suffix = ("P5", "pgm") if len(pixels) == 1 else ("P6", "ppm")
picture = folder / f"pictures.{{suffix}}"
header = f"{{kind}} {{pixels.shape[2]}} {{pixels.shape[1]}} 255\\n"
picture.write_bytes(header.encode() + bytes(pixels.permute(1, 2, 0).flatten().tolist()))
print("wrote", picture)
"""


EXPORTER = Exporter(
    name="python",
    title="Stand-alone Python",
    summary="A folder with the network on one page of Python, its weights and an example. It needs torch and "
    "safetensors, and nothing of AE Studio.",
    suffix="",
    write=_write,
    refuses=_refuses,
)
