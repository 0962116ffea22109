"""What was guessed and measured in a lesson is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.gui.state.effects.reactions import Reaction, WriteLessonRecord

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState


def keep_lesson_record(before: StudioState, after: StudioState) -> tuple[Reaction, ...]:
    """A guess was committed, or compared with what was measured."""
    lesson = after.lesson
    changed = before.lesson.record != lesson.record
    if not changed or lesson.record is None or lesson.record_path is None or not lesson.record.guesses:
        return ()
    return (WriteLessonRecord(lesson.record, lesson.record_path),)
