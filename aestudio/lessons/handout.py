"""A lesson on paper: one HTML file with its texts, the figures of the prepared run, and questions."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from aestudio.lessons.guesses import ChoiceGuess, CurveGuess, NumberGuess, OrderGuess, PointGuess
from aestudio.lessons.markdown_text import to_html
from aestudio.lessons.measured_numbers import FEW_IMAGES, tested
from aestudio.lessons.number_text import number_text
from aestudio.lessons.scores import middle_answer
from aestudio.lessons.texts import filled
from aestudio.lessons.trainings import SHIPPED_STEP
from aestudio.progress import silent
from aestudio.runs.exported_run import KeptRunExport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.datasets.dataset import Dataset
    from aestudio.lessons.guesses import Guess
    from aestudio.lessons.prepared import Prepared
    from aestudio.lessons.texts import StepTexts
    from aestudio.lessons.trainings import TrainingPoint
    from aestudio.progress import Progress

FIGURES: dict[str, tuple[str, ...]] = {
    "train": ("curves",),
    "reconstruct": ("reconstructions",),
    "latent": ("map", "plane"),
    "compare": ("reconstructions",),
}
"""Which figures of a run stand for a view."""
_STYLE = """
body { font: 11pt/1.5 system-ui, sans-serif; color: #1b1f24; max-width: 46rem; margin: 2rem auto; }
body { padding: 0 1rem; }
h1 { font-size: 1.7rem; margin-bottom: 0.2rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.3rem; }
p.summary, figcaption, .notes { color: #5b6470; }
figure { margin: 0.8rem 0; }
figure svg { max-width: 100%; height: auto; }
.formula { font-family: "STIX Two Text", Cambria, Georgia, serif; text-align: center; margin: 0.8rem 0; }
.question { border-left: 3px solid #0b6bcb; padding-left: 0.8rem; margin: 0.8rem 0; }
.line { border-bottom: 1px solid #d5dae1; height: 2.2rem; }
section { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


def handout(prepared: Prepared, dataset: Dataset, progress: Progress, *, notes: bool = False) -> str:
    """The page. Guesses come with room to write; what was measured about them stands where it is revealed.

    notes: also what is meant for who presents. Raises StudioError.
    """
    texts = prepared.file.texts
    data = tested(dataset, prepared.file.lesson.test_images or FEW_IMAGES)
    parts = [f"<h1>{_plain(texts.title)}</h1>", f'<p class="summary">{_plain(texts.summary)}</p>']
    parts += _questions("Before the lesson", texts.before)
    drawn: set[tuple[TrainingPoint, str]] = set()
    for index, step in enumerate(prepared.file.lesson.steps):
        progress(index, len(prepared.file.lesson.steps), "Drawing the figures")
        parts += _section(prepared, index, data, drawn, notes, texts.steps[step.id])
    parts += _questions("After the lesson", texts.after)
    parts.append(f'<p class="notes">{_plain(_source(prepared))}</p>')
    page = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{texts.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_plain(texts.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{page}\n</body>\n</html>\n"
    )


def _section(
    prepared: Prepared,
    index: int,
    data: Dataset,
    drawn: set[tuple[TrainingPoint, str]],
    notes: bool,
    texts: StepTexts,
) -> Iterator[str]:
    numbers = prepared.numbers(index)
    yield f"<section><h2>{index + 1}. {_plain(texts.title)}</h2>"
    yield to_html(filled(texts.say, numbers))
    if texts.formula:
        yield f'<p class="formula">{_plain(texts.formula)}</p>'
    guess = prepared.file.lesson.steps[index].guess
    if guess is not None:
        yield from _asked(guess, texts, numbers)
    else:
        yield from _figures(prepared, index, data, drawn)
    for asked, step in enumerate(prepared.file.lesson.steps):
        if step.guess is not None and prepared.file.lesson.reveal_of(asked) == index:
            yield from _answered(prepared, asked)
    if notes and texts.notes:
        yield f'<div class="notes">{to_html(filled(texts.notes, numbers))}</div>'
    yield "</section>"


def _asked(guess: Guess, texts: StepTexts, numbers: dict[str, str]) -> Iterator[str]:
    yield f'<div class="question"><p><b>{_plain(filled(texts.question, numbers))}</b></p>'
    if texts.options:
        yield "<ol>" + "".join(f"<li>{_plain(option)}</li>" for option in texts.options) + "</ol>"
    if isinstance(guess, OrderGuess):
        yield f"<p>{_plain(', '.join(guess.items))}</p>"
    if isinstance(guess, NumberGuess | CurveGuess):
        unit = f" {texts.unit}" if texts.unit else ""
        yield f"<p>From {guess.low:g} to {guess.high:g}{_plain(unit)}.</p>"
    yield '<div class="line"></div></div>'


def _answered(prepared: Prepared, asked: int) -> Iterator[str]:
    """What was measured about a guess."""
    step = prepared.file.lesson.steps[asked]
    texts = prepared.file.texts.steps[step.id]
    assert step.guess is not None
    result = prepared.outcome(asked, middle_answer(step.guess))
    yield f'<div class="question"><p>{_plain(filled(texts.question, prepared.numbers(asked)))}</p>'
    yield f"<p><b>{_plain(measured_text(step.guess, texts, result.measured, result.right))}</b></p></div>"


def measured_text(guess: Guess, texts: StepTexts, measured: Any, right: Any) -> str:
    """What was measured about a guess, in words."""
    unit = f" {texts.unit}" if texts.unit else ""
    match guess:
        case ChoiceGuess():
            return f"{texts.options[right]} (measured: {number_text(measured)})"
        case NumberGuess():
            return f"{number_text(measured)}{unit}"
        case CurveGuess():
            return ", ".join(number_text(value) for value in measured) + unit
        case PointGuess():
            return f"({number_text(measured[0])}, {number_text(measured[1])})"
        case OrderGuess():
            return ", ".join(f"{item} ({number_text(measured[item])})" for item in right)


def _figures(
    prepared: Prepared, index: int, data: Dataset, drawn: set[tuple[TrainingPoint, str]]
) -> Iterator[str]:
    """The figures of what a step shows, each once in the whole page."""
    from aestudio.export.figure.figure_svg import svg_data
    from aestudio.export.figure.run_figures import figures
    from aestudio.export.figure.run_figures import prepared as with_codes

    state = prepared.state(index)
    kinds = FIGURES.get(prepared.file.lesson.steps[index].view or "", ())
    names = state.compared or ((state.shown,) if state.shown else ())
    for name in names:
        point = state.points[name]
        new = [kind for kind in kinds if (point, kind) not in drawn]
        if not new or (point.step == 0 and kinds == ("curves",)):
            continue
        drawn.update((point, kind) for kind in new)
        snapshot = prepared.snapshot(point)
        run = _UntilStep(prepared.run_of(point), lambda: data, snapshot)
        shown = with_codes(run, data.test, silent)
        step = "" if point.step == SHIPPED_STEP else f", step {point.step:,}"
        for figure, canvas in figures(shown, new):
            title = f"{prepared.file.run_title(name)}{step}: {figure}"
            yield f"<figure>{svg_data(canvas).decode()}<figcaption>{_plain(title)}</figcaption></figure>"


class _UntilStep(KeptRunExport):
    """A run as it was at the step of its weights: its curves end there."""

    def points(self) -> Any:
        last = self.snapshot().step
        return tuple(point for point in super().points() if point.step <= last)


def _questions(title: str, questions: tuple[str, ...]) -> list[str]:
    if not questions:
        return []
    items = "".join(f'<li>{_plain(one)}<div class="line"></div></li>' for one in questions)
    return [f"<section><h2>{title}</h2><ol>{items}</ol></section>"]


def _source(prepared: Prepared) -> str:
    lesson = prepared.file.lesson
    count = f"the first {lesson.test_images:,}" if lesson.test_images else "all"
    seeds = sorted({run.seed for run in lesson.runs.values()})
    return (
        f"Every number and figure here was measured: on {count} test images of {lesson.dataset}, "
        f"with seed {', '.join(map(str, seeds))}, on one thread of the CPU in float32."
    )


def _plain(text: str) -> str:
    return html.escape(text, quote=True)
