"""The shipped lessons can be read, expect what is so, and docs/lessons.md teaches what there is."""

from __future__ import annotations

import re
import typing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.lessons import measures
from aestudio.lessons.actions import Action
from aestudio.lessons.guesses import Guess
from aestudio.lessons.lesson_check import check_prepared
from aestudio.lessons.lesson_file import read_lesson
from aestudio.lessons.lesson_library import find_lesson, list_lessons
from aestudio.lessons.prepared import prepare
from aestudio.progress import silent

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.lessons.lesson_file import LessonFile

PAGE = Path(__file__).parents[2] / "docs" / "lessons.md"
SHIPPED, PROBLEMS = list_lessons()
IN_CI = "what-an-autoencoder-is"


def test_every_shipped_lesson_can_be_read() -> None:
    assert PROBLEMS == ()
    assert len(SHIPPED) >= 3
    assert len({lesson.lesson.order for lesson in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("lesson", SHIPPED, ids=lambda lesson: lesson.name)
def test_a_lesson_teaches_something(lesson: LessonFile) -> None:
    steps = lesson.lesson.steps
    assert any(step.expect for step in steps), "what it claims is not tested"
    assert sum(step.guess is not None for step in steps) >= 2
    assert lesson.texts.before, "the handout asks before"
    assert lesson.texts.after, "and after"


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(one.name, marks=pytest.mark.thorough if one.name == IN_CI else pytest.mark.slow)
        for one in SHIPPED
    ],
)
def test_a_shipped_lesson_expects_what_is_so(name: str) -> None:
    """On the data set that it names: the built-in digits are generated for it."""
    steps = check_prepared(prepare(find_lesson(name), silent))
    assert [f"{step.id}: {failure}" for step in steps for failure in step.failures] == []


def test_the_lesson_of_the_documentation_works(few_digits: Dataset, tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    path = tmp_path / "first.lesson.toml"
    # The page trains on 3,000 images; here there are 300.
    path.write_text(blocks[0].replace("epochs = 2", "epochs = 20"), encoding="utf-8")
    (tmp_path / "first.en.toml").write_text(blocks[1], encoding="utf-8")
    steps = check_prepared(prepare(read_lesson(path), silent, few_digits))
    assert not any(step.failures for step in steps)


def test_the_documentation_names_all_there_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    actions = [typing.get_args(one.model_fields["do"].annotation)[0] for one in _members(Action)]
    kinds = [typing.get_args(one.model_fields["kind"].annotation)[0] for one in _members(Guess)]
    assert [name for name in actions if f'do = "{name}"' not in page] == []
    assert [name for name in kinds if f"| `{name}` |" not in page] == []
    names = (*measures.EVALUATED, *measures.LATENT, *measures.OWN, *measures.BY_CLASS)
    assert [name for name in names if f"`{name}`" not in page] == []


def _members(union: object) -> tuple[typing.Any, ...]:
    return typing.get_args(typing.get_args(union)[0])
