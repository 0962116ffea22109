"""Intents about tags of images: give and take them, select the images that have them, write a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.errors import StudioError
from aestudio.gui.state.image_tags import entry_of, no_tags_yet, tagged_numbers, tags_by_number
from aestudio.runs.image_tags_file import changed
from aestudio.runs.labels_file import valid_note, valid_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.runs.image_tags_file import ImageTags

translate = QCoreApplication.translate

MOST_AT_ONCE = 5_000
"""Images that are tagged at once: each costs a checksum on the window's thread, together 0.02 s."""
EXPORT = "export tags"


class TagsController:
    """Every change can be undone, and is kept with the data set (`kept_lists_controller`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def toggle(self, tag: str, numbers: Sequence[int]) -> None:
        """Give a tag to these images; if all of them have it, take it from them."""
        try:
            (tag,) = valid_tags([tag])
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")
            return
        state = self._store.state
        every = all(tag in entry.tags for number in numbers if (entry := entry_of(state, number)))

        def toggled(entry: ImageTags) -> ImageTags:
            others = tuple(known for known in entry.tags if known != tag)
            return replace(entry, tags=others if every else (*others, tag))

        if self._change(numbers, toggled):
            text = (
                translate("tags", "Took the tag “{}” from {}.")
                if every
                else translate("tags", "Tagged {1} as “{0}”.")
            )
            self._store.show_message(text.format(tag, self._name(numbers)))

    def write(
        self, numbers: Sequence[int], added: Iterable[str], removed: Iterable[str], note: str | None
    ) -> None:
        """Give these images tags, take others from them, and replace their notes; None: leave the notes."""
        try:
            new = valid_tags(added)
            text = None if note is None else valid_note(note)
        except StudioError as problem:
            self._store.show_message(str(problem), "warn")
            return
        gone = set(removed)

        def written(entry: ImageTags) -> ImageTags:
            kept = [tag for tag in entry.tags if tag not in gone]
            tags = (*kept, *(tag for tag in new if tag not in kept))
            return replace(entry, tags=tags, note=entry.note if text is None else text)

        if self._change(numbers, written):
            text_shown = translate("tags", "Kept the tags of {}.")
            self._store.show_message(text_shown.format(self._name(numbers)), "good")

    def _change(self, numbers: Sequence[int], change: Callable[[ImageTags], ImageTags]) -> bool:
        state = self._store.state
        if no_tags_yet(state):
            self._store.show_message(translate("tags", "The tags of this data set are being read."), "warn")
            return False
        if len(numbers) > MOST_AT_ONCE:
            text = translate("tags", "{} images are selected; up to {} are tagged at once.")
            self._store.show_message(text.format(f"{len(numbers):,}", f"{MOST_AT_ONCE:,}"), "warn")
            return False
        known = [entry for number in numbers if (entry := entry_of(state, int(number))) is not None]
        new = [change(entry) for entry in known]
        if new == known:
            return False
        self._store.intents.remember(translate("tags", "tags"), "")
        entries = changed(state.workspace.tags, new)
        self._store.update(workspace=replace(state.workspace, tags=entries))
        return True

    def _name(self, numbers: Sequence[int]) -> str:
        if len(numbers) != 1:
            return translate("tags", "{} images").format(f"{len(numbers):,}")
        return translate("tags", "image {}").format(f"{numbers[0]:,}")

    def select(self, tag: str = "") -> None:
        """Select the images that have a tag, on the map and in Reconstruct; "" for any."""
        numbers = tagged_numbers(self._store.state, tag)
        if not len(numbers):
            self._store.show_message(translate("tags", "No image has this tag."), "warn")
            return
        self._store.intents.select_images(numbers)
        text = translate("tags", "Selected {} on the map, and in Reconstruct.")
        self._store.show_message(text.format(self._name(numbers.tolist())))

    def export(self, path: Path) -> None:
        """Write the tags of the shown data set as a CSV table."""
        entries = tuple(tags_by_number(self._store.state).values())

        def work(progress: Progress) -> int:  # noqa: ARG001 - quick
            from aestudio.runs.image_tags_file import write_tag_table

            return write_tag_table(path, entries)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif not message.cancelled:
                text = translate("tags", "Wrote the tags of {} images to {}.")
                self._store.show_message(text.format(f"{message.value:,}", path), "good")

        self._store.run_task(EXPORT, "the tags were being written", work, after)
