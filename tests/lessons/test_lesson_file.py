"""Lessons are read; what is wrong in one names its file, its line and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.lessons import lesson_library as library
from aestudio.lessons.lesson_file import LessonFile, read_lesson
from aestudio.lessons.lesson_library import find_lesson, list_lessons
from aestudio.paths import user_lessons_folder
from tests.lessons.conftest import LESSON, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_lesson_is_read(small_lesson: LessonFile) -> None:
    lesson, texts = small_lesson.lesson, small_lesson.texts
    assert small_lesson.name == "small"
    assert [step.phase for step in lesson.steps][:4] == ["do", "predict", "do", "explain"]
    assert lesson.runs["vae"].settings["hidden"] == (16,)
    assert lesson.reveal_of(1) == 3
    assert texts.steps["ask"].question == "What about ask?"
    assert small_lesson.run_title("vae") == "The VAE"
    assert small_lesson.run_title("free") == "free"


def line_with(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("minutes = 3", "minuts = 3", "'minuts' is not known, did you mean minutes? Allowed: schema, order"),
        (
            'id = "train"\nphase = "do"',
            'id = "train"\nphase = "doo"',
            "did you mean do? Allowed: predict, do,",
        ),
        (
            '{ do = "advance", steps = 6 }',
            '{ do = "advanse", steps = 6 }',
            "did you mean advance? Allowed: open",
        ),
        (
            '{ do = "advance", steps = 14 },\n  { do = "go',
            '{ do = "advance", step = 14 },\n  { do = "go',
            "steps",
        ),
        ('recipe = "vae"', 'recipe = "vea"', "recipe: 'vea' is not known, did you mean vae?"),
        ("latent_size = 2", "latent_sise = 2", "'latent_sise' is not known, did you mean latent_size?"),
        ('setting = "beta"', 'setting = "epochs"', "epochs cannot change while training: "),
        (
            'measure = "mse_per_pixel"\nrelative_step',
            'measure = "mse_per_pixl"\nrelative_step',
            "mse_per_pixel?",
        ),
        ('measure = "validation.loss"', 'measure = "validation.los"', "did you mean validation.loss?"),
        ('dataset = "builtin"', 'dataset = "bultin"', "did you mean builtin?"),
        ('id = "why"\nphase = "explain"', 'id = "why"\nphase = "explore"', "another guess comes before"),
        (
            'id = "fresh"\nphase = "do"',
            'id = "fresh"\nphase = "explain"',
            "explains before anything was guessed",
        ),
        ('id = "chosen"', 'id = "why"', "two steps are called why"),
        ('{ do = "go_to", step = 12 }', '{ do = "go_to", step = 99 }', "has only reached step 26 here"),
        ('{ do = "start", run = "vae" }', '{ do = "start", run = "vea" }', "there is no run called vea here"),
        ("low = 0.0\nhigh = 1.0", "low = 1.0\nhigh = 0.5", "high must rise"),
        ("bounds = [0.5, 1.0]", "bounds = [1.0, 0.5]", "bounds must rise"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    written: Callable[..., Path], before: str, after: str, said: str
) -> None:
    assert LESSON.count(before) >= 1
    wrong = LESSON.replace(before, after, 1)
    path = written(wrong)
    with pytest.raises(StudioError) as caught:
        read_lesson(path)
    error = caught.value
    assert said in str(error)
    assert str(path) in error.where
    assert "docs/lessons.md" in error.advice


def test_lines_are_those_of_the_mistake(written: Callable[..., Path]) -> None:
    for before, after in (
        (
            'phase = "predict"\n\n[steps.guess]\nkind = "point"',
            'phase = "predict"\n\n[steps.guess]\nkind = "pont"',
        ),
        ("digit = 4", "digt = 4"),
        (
            '{ do = "change", setting = "beta", value = 4.0 }',
            '{ do = "change", setting = "bet", value = 4.0 }',
        ),
    ):
        wrong = LESSON.replace(before, after, 1)
        path = written(wrong)
        with pytest.raises(StudioError) as caught:
            read_lesson(path)
        line = int(caught.value.where.rpartition("line ")[2])
        marked = after.splitlines()[-1]
        assert abs(line - line_with(wrong, marked)) <= 1, (line, marked)


def test_toml_itself_is_checked(written: Callable[..., Path]) -> None:
    with pytest.raises(StudioError, match="at line 2"):
        read_lesson(written("schema = 1\nminutes = = 3\n"))


def test_a_newer_schema_is_refused(written: Callable[..., Path]) -> None:
    with pytest.raises(StudioError, match="newer version"):
        read_lesson(written(LESSON.replace("schema = 1", "schema = 2")))


def test_texts_fit_the_steps(written: Callable[..., Path]) -> None:
    texts = texts_of()
    for wrong, said in (
        (texts_of(tuple(step for step in ("fresh", "ask"))), "step train has no texts here"),
        (texts.replace("[steps.train]", "[steps.trane]"), "'trane' is not known, did you mean train?"),
        (
            texts.replace("{error}", "{mistake}"),
            "the number {mistake} is not among the values of step fresh: error",
        ),
        (texts.replace('question = "What about ask?"', ""), "a question belongs to a step with a guess"),
        (texts.replace(', "more"]', "]"), "step choice needs 3 options, and has 2"),
        (texts.replace('vae = "The VAE"', 'vea = "The VAE"'), "run 'vea' is not known, did you mean vae?"),
    ):
        path = written(texts=wrong)
        with pytest.raises(StudioError) as caught:
            read_lesson(path)
        assert said in str(caught.value)
        assert "small.en.toml, line " in caught.value.where


def test_another_language_is_taken_if_it_is_there(written: Callable[..., Path]) -> None:
    path = written()
    german = texts_of().replace("A small lesson", "Eine kleine Lektion").replace('"en"', '"de"')
    path.with_name("small.de.toml").write_text(german, encoding="utf-8")
    assert read_lesson(path, "de").texts.title == "Eine kleine Lektion"
    assert read_lesson(path, "fr").texts.title == "A small lesson"


def test_lessons_of_the_user_are_listed_with_their_problems(written: Callable[..., Path]) -> None:
    folder = user_lessons_folder()
    folder.mkdir(parents=True)
    path = written()
    for suffix in (".lesson.toml", ".en.toml"):
        text = path.with_name(f"small{suffix}").read_text(encoding="utf-8")
        (folder / f"own{suffix}").write_text(text, encoding="utf-8")
        (folder / f"holes{suffix}").write_text(text, encoding="utf-8")
    lessons, problems = list_lessons()
    assert [one.name for one in lessons][-1] == "own"
    assert len(problems) == 1
    assert "The name holes is that of a shipped lesson" in str(problems[0])
    assert find_lesson("own").path == folder / "own.lesson.toml"
    assert find_lesson(str(path)).name == "small"
    with pytest.raises(BadChoice, match="own"):
        find_lesson("nothing")
    assert library.list_lessons()[0][0].lesson.order <= library.list_lessons()[0][1].lesson.order
