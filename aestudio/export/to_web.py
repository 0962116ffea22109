"""One HTML file that computes the model in any browser, without a network: `--to web`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.export.class_inks import CLASS_INKS
from aestudio.export.exporter import ExportedRun, Exporter

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from aestudio.export.web.page_content import KnownCodes
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import Snapshot

MOST_DIFFERENCE = 0.9 / 255
"""How much the pictures may change by weights of half the size; the page adds less than the rest to 1/255."""
_TRIED = 200  # codes and images


def _refuses(architecture: Architecture) -> str:
    from aestudio.export.steps.code_form import refused

    return refused(architecture)


def _write(run: ExportedRun, path: Path, options: Any, progress: Progress) -> str:  # noqa: ARG001 - none
    from aestudio.export.steps.code_form import model_steps
    from aestudio.export.web.page_content import known_codes, page_content
    from aestudio.export.web.page_model import model_json
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.storage.atomic_file import new_file

    snapshot = run.snapshot()
    steps, model = model_steps(snapshot), FrozenModel(snapshot)
    progress(0, None, "Encoding images")
    known = known_codes(model, run.dataset().test) if snapshot.architecture.encodes else None
    content = page_content(model, known, steps.prior, progress)
    content |= model_json(steps, half=_half_is_enough(snapshot, model, known))
    page = _page(run.title, snapshot, content).encode()
    with new_file(path) as file:
        file.write(page)
    return f"The model as a web page, {len(page) / 1e6:.2f} MB"


def _half_is_enough(snapshot: Snapshot, model: FrozenModel, known: KnownCodes | None) -> bool:
    """Whether weights of half precision give the same pictures to less than a grey level."""
    from dataclasses import replace

    import numpy as np

    from aestudio.export.web.page_model import in_half
    from aestudio.inference.frozen_model import FrozenModel

    halved = {name: in_half(array) for name, array in snapshot.weights.items()}
    if not all(np.isfinite(array).all() for array in halved.values()):
        return False
    other = FrozenModel(replace(snapshot, weights=halved))
    pairs = zip(_pictures(model, known), _pictures(other, known), strict=True)
    return all(bool(np.abs(one - two).max(initial=0) <= MOST_DIFFERENCE) for one, two in pairs)


def _pictures(model: FrozenModel, known: KnownCodes | None) -> list[NDArray[np.float32]]:
    """What the model makes of random codes and of images; of a classifier its probabilities."""
    import numpy as np

    from aestudio.inference.conditions import condition_of_labels, some_of

    latent, draws = model.snapshot.architecture.latent, np.random.default_rng(0)
    images = None if known is None else known.images.images[:_TRIED]
    if not latent.exists:
        assert images is not None
        scores = model.encode(images).mean
        chances = np.exp(scores - scores.max(1, keepdims=True))
        return [chances / chances.sum(1, keepdims=True)]
    if latent.choices:
        codes = draws.integers(0, latent.choices, (_TRIED, latent.size)).astype(np.float32)
    else:
        codes = draws.standard_normal((_TRIED, latent.size), np.float32)
        if known is not None:
            codes = (known.codes.mean.mean(0) + codes * known.codes.mean.std(0)).astype(np.float32)
    told, architecture = None, model.snapshot.architecture
    if architecture.condition_size:
        told = condition_of_labels(architecture, np.arange(_TRIED) % architecture.condition_size)
    made = [model.decode_exactly(codes, told)]
    if images is None or known is None:
        return made
    return [*made, model.reconstruct_exactly(images, some_of(known.told, slice(_TRIED)))]


def _page(title: str, snapshot: Snapshot, content: dict[str, Any]) -> str:
    import html
    import json

    from aestudio.resources import resources_folder
    from aestudio.version import __version__

    folder = resources_folder() / "web"
    recipe = snapshot.recipe
    content["colours"] = CLASS_INKS
    about = f"{recipe.title} after {snapshot.step:,} steps. {recipe.purpose}"
    footer = (
        "Everything is computed on this page, by your browser. A code is typical if one of a test image is "
        f"as near as for nine of ten of these. Made by AE Studio {__version__}."
    )
    # A script ends at the first "</script", also within a text.
    model = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    parts = {
        "title": html.escape(title),
        "about": html.escape(about),
        "footer": html.escape(footer),
        "style": (folder / "page.css").read_text(encoding="utf-8"),
        "network": (folder / "network.js").read_text(encoding="utf-8"),
        "drawing": (folder / "drawing.js").read_text(encoding="utf-8"),
        "page": (folder / "page.js").read_text(encoding="utf-8"),
        "model": model,
    }
    text = (folder / "page.html").read_text(encoding="utf-8")
    for name in ("title", "about", "footer", "style", "network", "drawing", "page", "model"):
        text = text.replace("{{" + name + "}}", parts[name])
    return text


EXPORTER = Exporter(
    name="web",
    title="Web page",
    summary="One HTML file that computes the model in any browser, without a network: sliders, map and a "
    "drawing pad.",
    suffix=".html",
    write=_write,
    refuses=_refuses,
)
