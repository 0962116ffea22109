"""A row of examples, small images with names: click, remove, reorder, drag to another row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.views.latent.examples.image_row import ImageRow
from aestudio.gui.widgets.local_keys import LocalKey, LocalKeys
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.pixmap import packed, pixmap_of
from aestudio.gui.widgets.plain_text import one_line

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QDragEnterEvent,
        QDragLeaveEvent,
        QDragMoveEvent,
        QDropEvent,
        QKeyEvent,
        QMouseEvent,
    )

    from aestudio.gui.state.workspace import Example

MIME = "application/x-aestudio-example"
translate = QCoreApplication.translate
KEYS = LocalKeys(
    lambda: translate("keys", "Row of examples"),
    LocalKey(
        "example.previous",
        ("Left",),
        lambda: translate("keys", "selects the one before; with Shift moves it there"),
    ),
    LocalKey(
        "example.next",
        ("Right",),
        lambda: translate("keys", "selects the one after; with Shift moves it there"),
    ),
    LocalKey("example.go_to", ("Return", "Enter", "Space"), lambda: translate("keys", "goes to its code")),
    LocalKey("example.rename", ("F2",), lambda: translate("keys", "renames it")),
    LocalKey("example.remove", ("Del", "Backspace"), lambda: translate("keys", "removes it")),
)


class ExampleMime(QMimeData):
    """A dragged example, on its way from one row to another within this process."""

    def __init__(self, example: Example, origin: ExampleRow, index: int) -> None:
        super().__init__()
        self.example, self.origin, self.index = example, origin, index
        self.setData(MIME, b"example")


class _NameEditor(QLineEdit):
    """`cancelled()`: Escape was pressed."""

    cancelled = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class ExampleRow(ImageRow):
    """Knows no session: signals report what the user did.

    activated(index): go there; removed(index); moved(old index, new index); renamed(index, name);
    dropped(ExampleMime, index): an example was dropped before that index
    """

    activated = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    renamed = Signal(int, str)
    dropped = Signal(object, int)

    def __init__(
        self,
        name: str,
        empty: str,
        parent: QWidget | None = None,
        *,
        accepts_drops: bool = True,
        reorderable: bool = True,
        renamable: bool = False,
    ) -> None:
        super().__init__(name, empty, parent)
        self._reorderable, self._renamable = reorderable, renamable
        self._pressed: QPoint | None = None
        self._editor: _NameEditor | None = None
        self.setAcceptDrops(accepts_drops)
        self.setToolTip(self._help())

    def _help(self) -> str:
        parts = [self.tr("Click: go there. Delete: remove.")]
        if self._reorderable:
            parts.append(self.tr("Drag, or Shift+Left and Shift+Right: reorder."))
        if self._renamable:
            parts.append(self.tr("F2: rename. Drag it to keyframes or groups."))
        return "\n".join(parts)

    # ---- mouse ----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._pressed = event.position().toPoint()
            self._select(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        if self._pressed is None:
            self._hover(self._index_at(position))
        elif (position - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            if self._reorderable or not self._cells[self._selected].unused:
                self._drag(self._selected)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        index = self._index_at(event.position().toPoint())
        if pressed is None or index < 0 or index != self._selected:
            return
        if self.close_rect(index).contains(pressed):
            self.removed.emit(index)
        else:
            self.activated.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.setToolTip(self._help_of(index) if index >= 0 else self._help())
            self.update()

    def _help_of(self, index: int) -> str:
        cell = self._cells[index]
        name = f"{one_line(cell.name)}, {cell.told}" if cell.told else one_line(cell.name)
        notes = [cell.unused] if cell.unused else []
        if cell.step is not None:
            text = self.tr("Its image was decoded at step {}: go there to see what is decoded now.")
            notes.append(text.format(f"{cell.step:,}"))
        return "\n".join([name, *notes, self._help()])

    def offer_at(self, at: QPoint | None) -> Offer:
        """The example at the pointer, or the selected one, with all that keys do with it."""
        index = self._selected if at is None else self._index_at(at)
        if not 0 <= index < len(self._cells):
            return Offer(what=self.accessibleName())
        cell, last = self._cells[index], len(self._cells) - 1
        entries = [Entry(self.tr("Go there\tReturn"), lambda: self.activated.emit(index))]
        if self._renamable:
            entries.append(Entry(self.tr("Rename ...\tF2"), lambda: self.edit_name(index)))
        if self._reorderable:
            first = "" if index > 0 else self.tr("It is the first one.")
            end = "" if index < last else self.tr("It is the last one.")
            left, right = lambda: self.moved.emit(index, index - 1), lambda: self.moved.emit(index, index + 1)
            entries += [Entry(self.tr("Move left"), left, obstacle=first)]
            entries += [Entry(self.tr("Move right"), right, obstacle=end)]
        entries.append(Entry(self.tr("Remove\tDel"), lambda: self.removed.emit(index)))
        shown = None if cell.image is None else packed(as_shown(cell.image, self._ink_on_paper))
        return Offer(
            what="\n".join((self.accessibleName(), one_line(cell.name))),
            picture=shown,
            no_picture=self.tr("Its image is not known yet."),
            digit=cell.example.number,
            step=cell.step,
            help=self._help_of(index),
            entries=tuple(entries),
        )

    # ---- dragging ---------------------------------------------------------------------------------------

    def mime_of(self, index: int) -> ExampleMime:
        """The mime data of a cell's example."""
        return ExampleMime(self._cells[index].example, self, index)

    def _drag(self, index: int) -> None:
        drag = QDrag(self)
        drag.setMimeData(self.mime_of(index))
        image = self._cells[index].image
        if image is not None:
            drag.setPixmap(pixmap_of(as_shown(image, self._ink_on_paper), 2))
        self._hover(-1)
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if isinstance(event.mimeData(), ExampleMime):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._drop_at = self._gap_at(event.position().toPoint())
        self.update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_at = -1
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_at = -1
        self.update()
        mime = event.mimeData()
        if not isinstance(mime, ExampleMime):
            return
        event.acceptProposedAction()
        gap = self._gap_at(event.position().toPoint())
        if mime.origin is not self:
            self.dropped.emit(mime, gap)
            return
        target = gap - 1 if gap > mime.index else gap
        if self._reorderable and target != mime.index:
            self._selected = target
            self.moved.emit(mime.index, target)

    # ---- keyboard ---------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._selected < 0 and self._cells:
            self._select(0)
        command, index = KEYS.command(event), self._selected
        step = {"example.previous": -1, "example.next": 1}.get(command, 0)
        last = len(self._cells) - 1
        if step and 0 <= index + step <= last:
            if self._reorderable and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and index >= 0:
                self._selected = index + step
                self.moved.emit(index, index + step)
            else:
                self._select(index + step)
        elif index >= 0 and command == "example.go_to":
            self.activated.emit(index)
        elif index >= 0 and command == "example.remove":
            self.removed.emit(index)
        elif index >= 0 and command == "example.rename" and self._renamable:
            self.edit_name(index)
        else:
            super().keyPressEvent(event)

    def edit_name(self, index: int) -> None:
        """Open an editor for the name; Return accepts it, Escape cancels."""
        editor = self._editor = _NameEditor(self._cells[index].name, self)
        editor.setAccessibleName(self.tr("Name"))
        cell = self.cell_rect(index)
        width = min(self.width(), max(cell.width(), current_theme().px(120)))
        left = min(cell.left(), self.width() - width)
        height = editor.sizeHint().height()
        editor.setGeometry(left, self.height() - height, width, height)
        editor.editingFinished.connect(lambda: self._rename(index, editor))
        editor.cancelled.connect(self._cancel_rename)
        editor.selectAll()
        editor.show()
        editor.setFocus()

    def _rename(self, index: int, editor: QLineEdit) -> None:
        if editor is self._editor:
            self._editor = None
            editor.deleteLater()
            self.renamed.emit(index, editor.text())

    def _cancel_rename(self) -> None:
        if self._editor is not None:
            editor, self._editor = self._editor, None
            editor.deleteLater()
            self.setFocus()
