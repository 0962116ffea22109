"""All lessons: shipped with the program, and in the user's folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.lessons.lesson_file import ENGLISH, SUFFIX, read_lesson
from aestudio.paths import user_lessons_folder
from aestudio.resources import resources_folder
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from aestudio.lessons.lesson_file import LessonFile


def list_lessons(language: str = ENGLISH) -> tuple[tuple[LessonFile, ...], tuple[StudioError, ...]]:
    """The shipped lessons, then the user's, each in order; and why files of the user cannot be used.

    A name that a shipped lesson has is refused: what was prepared for it would be taken for the other's.
    """
    shipped = [read_lesson(path, language) for path in _files(resources_folder() / "lessons")]
    names = {one.name for one in shipped}
    own: list[LessonFile] = []
    problems: list[StudioError] = []
    for path in _files(user_lessons_folder()):
        try:
            lesson = read_lesson(path, language)
            if lesson.name in names:
                raise StudioError(
                    f"The name {lesson.name} is that of a shipped lesson",
                    where=str(path),
                    advice="Rename its files.",
                )
            own.append(lesson)
        except StudioError as problem:
            problems.append(problem)
    return (*_in_order(shipped), *_in_order(own)), tuple(problems)


def find_lesson(name_or_path: str, language: str = ENGLISH) -> LessonFile:
    """The lesson of this name, or in this file; raises BadChoice with the known names, StudioError."""
    path = Path(name_or_path).expanduser()
    if name_or_path.endswith(".toml") or (is_there(path) and path.is_file()):
        return read_lesson(path, language)
    known = {
        found.name.removesuffix(SUFFIX): found
        for folder in (user_lessons_folder(), resources_folder() / "lessons")
        for found in _files(folder)
    }
    if name_or_path not in known:
        raise BadChoice("lesson", name_or_path, sorted(known) or "the path of a file")
    return read_lesson(known[name_or_path], language)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _in_order(lessons: list[LessonFile]) -> list[LessonFile]:
    return sorted(lessons, key=lambda one: (one.lesson.order, one.name))
