"""Reads a lesson: NAME.lesson.toml, and its texts, NAME.LANGUAGE.toml, in the same folder.

Whatever is wrong is one sentence that names the file, the line, and what is allowed there.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from aestudio.errors import StudioError
from aestudio.lessons.declared_lesson import SCHEMA, Lesson
from aestudio.lessons.declared_words import sentence_of, unknown_word
from aestudio.lessons.lesson_checks import check_lesson, problem_of
from aestudio.lessons.texts import LessonTexts, text_problem
from aestudio.lessons.toml_lines import line_of
from aestudio.lessons.trainings import UnclearState
from aestudio.storage.files import read_bytes
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIX = ".lesson.toml"
ENGLISH = "en"
MOST_BYTES = 1_000_000
_ADVICE = "Correct the file; docs/lessons.md says what a lesson may have."
_UNUSABLE = "This lesson cannot be used"
# A mistyped word is unknown, and the right one is missing: the first says more.
_RANK = {"extra_forbidden": 0, "missing": 2}

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class LessonFile:
    """A lesson with its texts. path: of its file; name: for commands, that of its file"""

    path: Path
    name: str
    lesson: Lesson
    texts: LessonTexts

    def run_title(self, run: str) -> str:
        """A run of the lesson for people."""
        return self.texts.runs.get(run, run)


def read_lesson(path: Path, language: str = ENGLISH) -> LessonFile:
    """The lesson in this file, in a language, or in English where it is not translated.

    Raises StudioError naming the file, the line and the first thing wrong.
    """
    if not path.name.endswith(SUFFIX):
        raise StudioError(
            "A lesson's file has another name", where=str(path), advice=f"Choose a file NAME{SUFFIX}."
        )
    name = path.name.removesuffix(SUFFIX)
    text = _text_of(path)
    lesson = _parsed(Lesson, path, text, _refuse_newer)
    try:
        check_lesson(lesson)
    except UnclearState as problem:
        raise _at_line(path, text, *problem_of(problem)) from problem
    own = path.with_name(f"{name}.{language}.toml")
    return LessonFile(
        path, name, lesson, _texts(own if is_there(own) else path.with_name(f"{name}.en.toml"), lesson)
    )


def _texts(path: Path, lesson: Lesson) -> LessonTexts:
    text = _text_of(path)
    texts = _parsed(LessonTexts, path, text)
    steps = {step.id: step for step in lesson.steps}
    for unknown in texts.steps.keys() - steps.keys():
        raise _at_line(path, text, ("steps", unknown), f"step {unknown_word(unknown, steps)}")
    for unknown in sorted(texts.runs.keys() - _run_names(lesson)):
        raise _at_line(
            path, text, ("runs", unknown), f"run {unknown_word(unknown, sorted(_run_names(lesson)))}"
        )
    for name, step in steps.items():
        if name not in texts.steps:
            raise _at_line(path, text, ("steps",), f"step {name} has no texts here: add [steps.{name}]")
        problem = text_problem(step, texts.steps[name])
        if problem is not None:
            raise _at_line(path, text, ("steps", name, *problem[0]), problem[1])
    return texts


def _run_names(lesson: Lesson) -> set[str]:
    branched = {action.run for step in lesson.steps for action in step.actions if action.do == "branch"}
    return {*lesson.runs, *branched}


def _text_of(path: Path) -> str:
    try:
        return read_bytes(path, MOST_BYTES).decode()
    except UnicodeDecodeError as error:
        raise StudioError(f"{_UNUSABLE} (it is not UTF-8)", where=str(path), advice=_ADVICE) from error


def _refuse_newer(table: dict[str, Any], path: Path) -> None:
    version = table.get("schema")
    if isinstance(version, int) and version > SCHEMA:
        raise StudioError(
            f"This lesson is for a newer version of the program (schema {version})",
            where=str(path),
            advice="Update aestudio to give it.",
        )


def _parsed(model: type[Model], path: Path, text: str, check: Any = None) -> Model:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StudioError(
            f"{_UNUSABLE} ({str(error).rstrip('.')})", where=str(path), advice=_ADVICE
        ) from error
    if check is not None:
        check(table, path)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = min(error.errors(), key=lambda one: _RANK.get(one["type"], 1))
        raise _at_line(path, text, first["loc"], sentence_of(first, model)) from error


def _at_line(path: Path, text: str, place: Sequence[str | int], what: str) -> StudioError:
    """The error about something at a place of a file's tables."""
    line = line_of(text, place)
    where = str(path) if line is None else f"{path}, line {line}"
    named = ".".join(str(part + 1 if isinstance(part, int) else part) for part in place)
    return StudioError(
        f"{_UNUSABLE} ({named}: {what})" if named else f"{_UNUSABLE} ({what})", where=where, advice=_ADVICE
    )
