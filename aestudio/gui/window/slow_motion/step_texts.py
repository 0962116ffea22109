"""The parts of a step in words and as formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aestudio.recipes.objective import Term
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.step_parts import Floats, PhaseRecord, StepPart, StepRecord

translate = QCoreApplication.translate

_UPDATES = {
    "adam": "w ← w − η m / (√v + 10⁻⁸)",
    "adamw": "w ← w − η (m / (√v + 10⁻⁸) + λ w)",
    "sgd": "m ← μ m + g;  w ← w − η m",
    "rmsprop": "w ← w − η g / √v",
}


def title_of(part: StepPart, record: StepRecord) -> str:
    """A word for the diagram."""
    phase = record.phases[part.phase]
    generates = phase.mean is None and phase.decoded is not None
    judges = phase.mean is None and part.kind == "encoder" and phase.decoded is not None
    return {
        "batch": translate("slow motion", "Batch"),
        "encoder": translate("slow motion", "Critic") if judges else translate("slow motion", "Encoder"),
        "code": translate("slow motion", "Code"),
        "sample": translate("slow motion", "Noise") if generates else translate("slow motion", "Sample"),
        "decoder": translate("slow motion", "Generator")
        if generates
        else translate("slow motion", "Decoder"),
        "loss": translate("slow motion", "Loss"),
        "gradients": translate("slow motion", "Gradients"),
        "update": translate("slow motion", "Update"),
    }[part.kind]


def sentence_of(part: StepPart, record: StepRecord) -> str:
    """What happens in this part."""
    phase = record.phases[part.phase]
    generates = phase.mean is None and phase.decoded is not None
    match part.kind:
        case "batch":
            text = translate("slow motion", "The next {} images of the shuffled training images.")
            return text.format(f"{record.batch:,}")
        case "encoder":
            text = translate("slow motion", "{} numbers of each image become {}.")
            return text.format(_count(phase.encoded), _count(phase.features))
        case "code" if phase.deviation is not None:
            return translate(
                "slow motion", "Each number of the code becomes a mean and a standard deviation."
            )
        case "code":
            text = translate("slow motion", "The features become a code of {} numbers.")
            return text.format(_count(phase.mean))
        case "sample" if generates:
            text = translate("slow motion", "{} random numbers for each image that is made.")
            return text.format(_count(phase.decoded))
        case "sample":
            return translate("slow motion", "One code is drawn for each image: mean + deviation × noise.")
        case "decoder":
            text = translate("slow motion", "{} numbers become an image of {} numbers.")
            return text.format(_count(phase.decoded), _count(phase.output))
        case "loss":
            text = translate("slow motion", "One number says how bad the batch is: {}.")
            return text.format(f"{phase.terms[phase.loss]:.5g}")
        case "gradients":
            return translate(
                "slow motion",
                "How the loss changes with each weight, from the last layer back. "
                "Bars: the gradient's length, on a logarithmic scale.",
            )
        case _:
            text = translate(
                "slow motion",
                "Each weight takes a small step against its gradient, rate {}. "
                "Bars: the step's length, on a logarithmic scale.",
            )
            return text.format(f"{phase.rate:.3g}")


def formula_of(part: StepPart, record: StepRecord, recipe: Recipe) -> str:
    """The part as a formula in one line, as `widgets/formula.py` sets it."""
    phase = record.phases[part.phase]
    generates = phase.mean is None and phase.decoded is not None
    gaussian = phase.deviation is not None
    return {
        "batch": "x ∈ [0, 1]",
        "encoder": "h = f(x)",
        "code": "q(z|x) = N(μ, σ²)" if gaussian else "z = g(h)",
        "sample": "z ~ N(0, 1)" if generates else "z = μ + σ ε;  ε ~ N(0, 1)",
        "decoder": "y = d(z)",
        "loss": recipe.objective.formula,
        "gradients": "g = ∂L / ∂w",
        "update": _UPDATES[recipe.training.optimiser],
    }[part.kind]


def numbers_of(part: StepPart, phase: PhaseRecord, image: int, label: str, terms: Sequence[Term]) -> str:
    """The numbers of one image, or of the whole batch where there are no others; lines of text.

    terms: of the objective, which name the parts of the loss
    """
    match part.kind:
        case "batch":
            return label
        case "encoder":
            return _row("h", phase.features, image)
        case "code":
            return _code(phase, image)
        case "sample":
            return _row("z", phase.decoded, image)
        case "loss":
            titles = {term.name: term.title for term in terms}
            return "\n".join(
                f"{titles.get(name, name)}  {value:.5g}".replace("-", "−")
                for name, value in phase.terms.items()
            )
        case _:
            return ""


_MOST = 12


def _row(letter: str, values: Floats | None, image: int) -> str:
    if values is None:
        return ""
    numbers = values[image].reshape(-1)
    shown = [f"{letter}{_small(index + 1)} {value: .3f}" for index, value in enumerate(numbers[:_MOST])]
    return _lines(shown, len(numbers))


def _code(phase: PhaseRecord, image: int) -> str:
    if phase.mean is None:
        return ""
    if phase.deviation is None:
        return _row("z", phase.mean, image)
    pairs = zip(phase.mean[image].reshape(-1), phase.deviation[image].reshape(-1), strict=True)
    shown = [f"z{_small(index + 1)} {mean: .3f} ± {spread:.3f}" for index, (mean, spread) in enumerate(pairs)]
    return _lines(shown[:_MOST], len(shown))


def _lines(shown: list[str], count: int) -> str:
    rows = ["    ".join(shown[start : start + 3]).replace("-", "−") for start in range(0, len(shown), 3)]
    if count > len(shown):
        rows.append(translate("slow motion", "and {} more").format(f"{count - len(shown):,}"))
    return "\n".join(rows)


def _small(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _count(values: Floats | None) -> str:
    return "" if values is None else f"{values[0].size:,}"
