"""Above the map: the progress of t-SNE or UMAP, a stop button, and the number of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.theme.style import keep_length
from aestudio.gui.views.latent.map.map_options import more_images
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, row

if TYPE_CHECKING:
    from aestudio.gui.state.studio_state import StudioState, TaskProgressed

TASK = "embedding"
_PROGRESS_STEPS = 1000


class EmbeddingBar(QWidget):
    """Visible while an embedding is computed, after it failed, and if more images can be embedded.

    cancelled()
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ElidedLabel(muted=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, _PROGRESS_STEPS)
        keep_length(self.progress, lambda bar, theme: bar.setFixedWidth(theme.px(96)))
        self.progress.setAccessibleName(self.tr("Progress of the embedding"))
        self.stop = IconButton("stop", self.tr("Stop the embedding"))
        self.stop.setObjectName("stop-layout")
        self.stop.clicked.connect(self.cancelled)
        row(fill(self.note), self.progress, self.stop, on=self)
        self.hide()

    def show_state(self, state: StudioState) -> None:
        """Show the progress of the embedding, or how many images it contains."""
        progress = state.tasks.get(TASK)
        more = more_images(state)
        failed = state.embedding.problem is not None
        shown = is_embedding(state.plane.kind) and (progress is not None or more or failed)
        self.setVisible(shown)
        if not shown:
            return
        self.progress.setVisible(progress is not None)
        self.stop.setVisible(progress is not None)
        if progress is not None:
            self._show_progress(progress)
        else:
            self._show_rest(state)

    def _show_progress(self, progress: TaskProgressed) -> None:
        done, total, activity = progress
        share = 0.0 if not total else done / total
        self.progress.setValue(round(_PROGRESS_STEPS * share))
        texts = {
            "Encoding the images": self.tr("Encoding the images"),
            "Searching neighbours": self.tr("Searching neighbours"),
            "Loading UMAP": self.tr("Loading UMAP, once"),
            "Loading t-SNE": self.tr("Loading t-SNE, once"),
        }
        self.note.set_text(texts.get(activity) or self.tr("Embedding, {} %").format(round(100 * share)))

    def _show_rest(self, state: StudioState) -> None:
        embedding = state.embedding
        if embedding.problem is not None:
            text = str(embedding.problem)
        elif embedding.requested is not None and embedding.requested.kind == state.plane.kind:
            text = self.tr("{} images embedded").format(f"{embedding.requested.count:,}")
        else:
            text = self.tr("Not embedded yet")
        self.note.set_text(text)
