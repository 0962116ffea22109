"""The dialog that asks where a file is to be saved, for every export of the window.

It begins in the folder of the last file that was saved, and proposes a name that no file there has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QFileDialog

from aestudio.gui.widgets.save_folder import read_save_folder, write_save_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget


class FileKind(NamedTuple):
    """What a file can be, for people, and its suffix without the dot; "" for a new folder."""

    title: str
    suffix: str


def open_save_dialog(
    parent: QWidget, title: str, kinds: str | Sequence[FileKind], name: str, save: Callable[..., object]
) -> QFileDialog:
    """Ask for a path without waiting for it; `save` is called if one is chosen.

    kinds: what the file is, for people, if it has the suffix of `name`: then `save(path)` is called; several,
           to choose from: `save(path, number of the kind)`
    name:  proposed, with a number if the folder has a file of this name
    """
    single = isinstance(kinds, str)
    listed = (FileKind(kinds, Path(name).suffix[1:]),) if isinstance(kinds, str) else tuple(kinds)
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    filters = [f"{kind.title} (*.{kind.suffix})" if kind.suffix else f"{kind.title} (*)" for kind in listed]
    dialog.setNameFilters(filters)

    def number() -> int:
        chosen = dialog.selectedNameFilter()
        return filters.index(chosen) if chosen in filters else 0

    def follow_filter() -> None:
        suffix = listed[number()].suffix
        # The dialog adds the suffix itself: then it also asks before a file with that name is replaced.
        dialog.setDefaultSuffix(suffix)
        path = Path(dialog.selectedFiles()[0]) if dialog.selectedFiles() else Path(name)
        if path.suffix[1:] in {kind.suffix for kind in listed} and path.suffix[1:] != suffix:
            dialog.selectFile(path.with_suffix(f".{suffix}").name)

    def accept(text: str) -> None:
        path = Path(text)
        write_save_folder(path.parent)
        save(path) if single else save(path, number())

    folder = read_save_folder()
    dialog.setDirectory(str(folder))
    dialog.selectFile(free_name(folder, name))
    follow_filter()
    dialog.filterSelected.connect(lambda _: follow_filter())
    dialog.fileSelected.connect(accept)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def free_name(folder: Path, name: str) -> str:
    """The name, or the first of "name 2", "name 3" ... that nothing in the folder has."""
    path, number, free = Path(name), 2, name
    while (folder / free).exists():
        free, number = f"{path.stem} {number}{path.suffix}", number + 1
    return free
