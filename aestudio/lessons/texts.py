"""The texts of a lesson in one language, in a file of their own: NAME.en.toml beside NAME.lesson.toml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import Field

from aestudio.lessons.actions import Declared, RunName
from aestudio.lessons.declared_lesson import StepId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aestudio.lessons.declared_lesson import Step

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9-]*)\}")
"""A measured number in a text: {error}."""
MISSING_NUMBER = "…"


class StepTexts(Declared):
    """What a step says.

    say:      Markdown; formula: one line of Unicode, set as a formula below it
    notes:    for who presents, shown to nobody else
    question: of its guess; options: the answers of a choice; unit: of the guessed number
    """

    title: str = Field(min_length=1, max_length=80)
    say: str = Field(min_length=1, max_length=4_000)
    formula: str = Field("", max_length=200)
    notes: str = Field("", max_length=4_000)
    question: str = Field("", max_length=400)
    options: tuple[str, ...] = Field((), max_length=4)
    unit: str = Field("", max_length=40)

    def numbers(self) -> set[str]:
        """The names of the measured numbers in its sentences."""
        return set(PLACEHOLDER.findall(f"{self.say} {self.notes} {self.question}"))


class LessonTexts(Declared):
    """The texts of a lesson.

    language: a code such as "en"; runs: titles by the lesson's names
    before, after: questions of the handout, asked before and after the lesson
    """

    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")
    title: str = Field(min_length=1, max_length=80)
    summary: str = Field(min_length=1, max_length=300)
    runs: dict[RunName, str] = Field(default_factory=dict)
    steps: dict[StepId, StepTexts]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def filled(text: str, numbers: Mapping[str, str]) -> str:
    """The text with its measured numbers; one that is not measured yet is three dots."""
    return PLACEHOLDER.sub(lambda found: numbers.get(found[1], MISSING_NUMBER), text)


def text_problem(step: Step, texts: StepTexts) -> tuple[tuple[str, ...], str] | None:
    """What does not fit between a step and its texts: where in the table of its texts, and why; or None."""
    guess: Any = step.guess
    unknown = sorted(texts.numbers() - set(step.values))
    if unknown:
        known = ", ".join(step.values) or "none: the step has no values"
        return ("say",), f"the number {{{unknown[0]}}} is not among the values of step {step.id}: {known}"
    if (guess is None) == bool(texts.question):
        return ("question",), "a question belongs to a step with a guess, and every such step needs one"
    wanted = guess.options if guess is not None and guess.kind == "choice" else 0
    if len(texts.options) != wanted:
        return ("options",), f"step {step.id} needs {wanted} options, and has {len(texts.options)}"
    return None
