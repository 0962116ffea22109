"""The plots of a run as figures: its curves, the map, the use of the code, and sheets of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aestudio.errors import StudioError
from aestudio.export.class_inks import CLASS_INKS
from aestudio.export.figure.figure_canvas import FAINT, Canvas, Picture, Words
from aestudio.export.figure.figure_chart import SMALL, TYPE, WIDTH, Chart, Series, draw_chart
from aestudio.export.typefaces.figure_type import text_width, written
from aestudio.sabotage.sabotage_list import marked
from aestudio.training.events import MetricPoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import ImageSet
    from aestudio.export.exporter import ExportedRun
    from aestudio.inference.frozen_model import Codes, FrozenModel
    from aestudio.progress import Progress
    from aestudio.training.events import LiveChange
    from aestudio.types import Condition

    Pixels = NDArray[np.uint8]

INKS = CLASS_INKS["light"]
MOST_POINTS = 2_000
"""Images on the map."""
_SAMPLES, _COLUMNS, _ROWS = 60, 12, 10
_PLANE = 21  # images across a plane of two dimensions
_WIDEST_NAME, _AROUND, _HEADING = 150.0, 14.0, 18.0  # points: of names of rows, and above a sheet
WARNING = "#b3261e"
_ACTIVE = 0.01  # variance of an active dimension (Burda et al. 2016)


@dataclass(frozen=True, eq=False)
class Shown:
    """A run with its model and some of its test images; images and codes are None for what has none."""

    run: ExportedRun
    model: FrozenModel
    images: ImageSet | None
    codes: Codes | None

    @property
    def title(self) -> str:
        """What the figures are of."""
        return f"{self.run.title}, step {self.model.snapshot.step:,}"


def prepared(run: ExportedRun, images: ImageSet | None, progress: Progress) -> Shown:
    """Encode the first test images, if the model does that."""
    from aestudio.datasets.dataset import take
    from aestudio.inference.codes import encode_set
    from aestudio.inference.frozen_model import FrozenModel

    model = FrozenModel(run.snapshot())
    if images is None or not model.snapshot.architecture.encodes:
        return Shown(run, model, images, None)
    some = take((images,), np.arange(min(MOST_POINTS, len(images))))
    codes = encode_set(model, some, progress) if model.snapshot.architecture.latent.exists else None
    return Shown(run, model, some, codes)


def figures(shown: Shown, kinds: Sequence[str]) -> Iterator[tuple[str, Canvas]]:
    """Names and pages of these kinds of plots, as far as the model and the run have them."""
    for kind in kinds:
        for name, canvas in _FIGURES[kind](shown):
            canvas.title = f"{shown.title}: {name}"
            _mark(canvas, shown.model.snapshot.sabotage)
            yield name, canvas


def _mark(canvas: Canvas, sabotage: str) -> None:
    """Write below the plot of a sabotaged training that it is one."""
    if sabotage:
        canvas.height += _HEADING
        canvas.add(Words(4.0, canvas.height - 6, marked("", sabotage).strip(), TYPE, WARNING))


# ---- curves -------------------------------------------------------------------------------------------


def _curves(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """One for each term of the loss."""
    points = shown.run.points()
    recipe = shown.model.snapshot.recipe
    marks = _marks(points)
    for term in recipe.objective.terms():
        if term.same_as:
            continue
        series = tuple(
            Series(name, found, colour)
            for name, split, colour in (
                ("Validation", "validation", INKS[0]),
                ("Training", "training", FAINT),
            )
            if len(found := _of_term(points, split, term.name))
        )
        if series:
            y = f"{term.title} [{term.unit}]" if term.unit else term.title
            yield f"curve-{term.name}", draw_chart(Chart("Epochs", y, series, marks=marks))


def _of_term(points: Sequence[MetricPoint | LiveChange], split: str, name: str) -> NDArray[np.float64]:
    found = [
        (point.epoch, point.terms[name])
        for point in points
        if isinstance(point, MetricPoint) and point.split == split and name in point.terms
    ]
    return np.array(found, np.float64).reshape(-1, 2)


def _marks(points: Sequence[MetricPoint | LiveChange]) -> tuple[tuple[float, str], ...]:
    """Changed settings, by the epoch of the point before."""
    epoch, step, marks = 0.0, 0, list[tuple[float, str]]()
    for point in points:
        if isinstance(point, MetricPoint):
            epoch, step = point.epoch, point.step
        else:
            share = point.step / step if step else 1.0
            marks.append((epoch * share, f"{point.name.replace('_', ' ')} {point.value:g}"))
    return tuple(marks)


# ---- codes --------------------------------------------------------------------------------------------


def _map(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """Codes of test images by class: the two dimensions, or the two principal components of longer codes."""
    if shown.codes is None or shown.images is None:
        return
    points = shown.codes.points.astype(np.float64)
    if points.shape[1] < 2:
        return
    titles = ("z1", "z2")
    if points.shape[1] > 2 or shown.model.snapshot.architecture.latent.choices:
        centred = points - points.mean(0)
        _, vectors = np.linalg.eigh(centred.T @ centred)
        points = centred @ vectors[:, ::-1][:, :2]
        titles = ("First principal component", "Second principal component")
    labels, names = shown.images.labels, shown.images.class_names
    if labels is None:
        series = (Series("test images", points, INKS[0], joined=False),)
    else:
        series = tuple(
            Series(_class_name(names, one), points[labels == one], INKS[one % len(INKS)], joined=False)
            for one in sorted({int(label) for label in labels})
        )
    yield "map", draw_chart(Chart(*titles, series, alike=True))


def _code_use(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """How much each number of the code tells images apart."""
    if shown.codes is None or shown.model.snapshot.architecture.latent.choices:
        return
    variances = shown.codes.mean.astype(np.float64).var(0)
    level = (_ACTIVE, "active above 0.01") if shown.codes.std is not None else None
    chart = Chart("Latent dimension", "Variance of the code", bars=variances, level=level)
    yield "code-use", draw_chart(chart)


def _class_name(names: Sequence[str], label: int) -> str:
    """Of classes whose names no typeface here has, with their numbers: otherwise each would be "?"."""
    if label >= len(names):
        return f"class {label}"
    return f"class {label} ({names[label]})" if "?" in written(names[label]).text else names[label]


# ---- images -------------------------------------------------------------------------------------------


def _reconstructions(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """An image of each class above what the model makes of it."""
    if shown.images is None or not shown.model.snapshot.architecture.reconstructs:
        return
    from aestudio.datasets.dataset import take
    from aestudio.inference.conditions import condition_of_set

    some = take((shown.images,), _one_of_each(shown.images))
    told = condition_of_set(shown.model.snapshot.architecture, some)
    made = shown.model.reconstruct_exactly(some.images, told)
    rows = (some.images, as_pixels(made))
    yield "reconstructions", sheet(np.stack(rows), ("Image", "Reconstruction"))


def _one_of_each(images: ImageSet) -> NDArray[np.int64]:
    if images.labels is None:
        return np.arange(min(_COLUMNS, len(images)))
    _, first = np.unique(images.labels, return_index=True)
    return first[:_COLUMNS].astype(np.int64)


def _samples(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """Images of codes that are drawn from the prior; of a conditional model a row for each class."""
    architecture = shown.model.snapshot.architecture
    if not architecture.decodes or not architecture.latent.exists:
        return
    told, names, count = None, (), _SAMPLES
    if architecture.recipe.objective.condition == "labels":
        from aestudio.inference.conditions import condition_of_labels

        classes = min(architecture.data.classes, _ROWS)
        count = classes * _COLUMNS
        told = condition_of_labels(architecture, np.repeat(np.arange(classes), _COLUMNS))
        known = () if shown.images is None else shown.images.class_names
        names = tuple(_class_name(known, one) for one in range(classes))
    elif architecture.condition_size:
        return
    try:
        codes = shown.model.sample_prior(count, np.random.default_rng(0))
    except StudioError:
        return  # it has no prior
    made = as_pixels(shown.model.decode_exactly(codes, told))
    yield "samples", sheet(made.reshape(-1, _COLUMNS, *made.shape[1:]), names)


def _traversals(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """A row for each of the most used dimensions, through the codes' range, from the mean code."""
    if not _moves(shown):
        return
    from aestudio.analysis.attribute_discovery import data_axes
    from aestudio.analysis.latent_transform import axes_of_dimensions

    assert shown.codes is not None
    means = shown.codes.mean.astype(np.float64)
    axes = data_axes(axes_of_dimensions(means.shape[1]), shown.codes)
    chosen: list[int] = np.sort(np.argsort(-means.var(0))[:_ROWS]).tolist()
    codes = np.repeat(means.mean(0)[None], len(chosen) * _COLUMNS, axis=0)
    for row, number in enumerate(chosen):
        part = slice(row * _COLUMNS, (row + 1) * _COLUMNS)
        codes[part, number] = np.linspace(float(axes[number].low), float(axes[number].high), _COLUMNS)
    told, heading = _told(shown, len(codes))
    made = as_pixels(shown.model.decode_exactly(codes.astype(np.float32), told))
    names = [f"z{number + 1}" for number in chosen]
    yield "traversals", sheet(made.reshape(len(chosen), _COLUMNS, *made.shape[1:]), names, heading)


def _plane(shown: Shown) -> Iterator[tuple[str, Canvas]]:
    """Decoded images over the plane of a code of two dimensions; z1 goes to the right, z2 up."""
    if not _moves(shown) or shown.model.snapshot.architecture.latent.size != 2:
        return
    assert shown.codes is not None
    means = shown.codes.mean.astype(np.float64)
    low, high = ([float(np.quantile(column, share)) for column in means.T] for share in (0.01, 0.99))
    across, down = np.linspace(low[0], high[0], _PLANE), np.linspace(high[1], low[1], _PLANE)
    codes = np.stack([np.tile(across, _PLANE), np.repeat(down, _PLANE)], axis=1)
    told, what = _told(shown, len(codes))
    made = as_pixels(shown.model.decode_exactly(codes.astype(np.float32), told))
    heading = f"z1 from {low[0]:.2f} to {high[0]:.2f}, z2 from {low[1]:.2f} (bottom) to {high[1]:.2f}"
    heading = f"{heading}; {what}" if what else heading
    yield "plane", sheet(made.reshape(_PLANE, _PLANE, *made.shape[1:]), heading=heading)


def _moves(shown: Shown) -> bool:
    """Whether single numbers of the code can be moved and decoded, and it is known how far."""
    architecture = shown.model.snapshot.architecture
    return shown.codes is not None and architecture.decodes and not architecture.latent.choices


def _told(shown: Shown, count: int) -> tuple[Condition | None, str]:
    """What a conditional model is told of images of moved codes, and how that is said: the first class."""
    from aestudio.inference.conditions import any_condition, repeated

    architecture = shown.model.snapshot.architecture
    row = any_condition(architecture)
    if row is None:
        return None, ""
    names = () if shown.images is None else shown.images.class_names
    if architecture.recipe.objective.condition == "factors":
        return repeated(row, count), "decoded with factors of 0"
    name = _class_name(names, 0).removeprefix("class ")
    return repeated(row, count), f"decoded as class {name}"


def as_pixels(images: NDArray[Any]) -> Pixels:
    """Images in [0, 1], (N, C, H, W), as bytes."""
    return np.round(255 * np.clip(images, 0, 1)).astype(np.uint8)


def sheet(images: Pixels, names: Sequence[str] = (), heading: str = "") -> Canvas:
    """A page of images (rows, columns, C, H, W) without a gap, with a name for each row if it has names."""
    rows, columns, depth, height, width = images.shape
    plain = images.transpose(0, 3, 1, 4, 2).reshape(rows * height, columns * width, depth)
    pixels = np.ascontiguousarray(np.broadcast_to(plain, (*plain.shape[:2], 3)))
    widest = max((text_width(name, TYPE) for name in names), default=-_AROUND)
    left, top = min(_WIDEST_NAME, widest + _AROUND), (_HEADING if heading else 0.0)
    side = (WIDTH - left) / columns
    tall = side * height / width
    canvas = Canvas(WIDTH, top + rows * tall)
    canvas.add(Picture(left, top, WIDTH - left, rows * tall, pixels))
    if heading:
        canvas.add(Words(left, top - 6, heading, SMALL, FAINT))
    for row, name in enumerate(names):
        canvas.add(Words(left - 8, top + (row + 0.5) * tall + TYPE / 3, name, TYPE, anchor="right"))
    return canvas


_FIGURES: Mapping[str, Callable[[Shown], Iterator[tuple[str, Canvas]]]] = {
    "curves": _curves,
    "map": _map,
    "code use": _code_use,
    "reconstructions": _reconstructions,
    "samples": _samples,
    "traversals": _traversals,
    "plane": _plane,
}
KINDS = tuple(_FIGURES)
OF_IMAGES = tuple(kind for kind in KINDS if kind not in ("curves", "samples"))
"""Those for which test images are needed."""
