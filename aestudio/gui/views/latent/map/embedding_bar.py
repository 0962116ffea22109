"""Above the map: how far t-SNE or UMAP is, with buttons to pause it, to move its points, to end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from aestudio.analysis.embedding_settings import (
    TITLES,
    EmbeddingKind,
    TsneSettings,
    chosen_neighbours,
    usable_neighbours,
)
from aestudio.gui.state.embedding_state import is_embedding
from aestudio.gui.state.needed_embedding import available_points
from aestudio.gui.theme.style import keep_length
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.layouts import fill, row

if TYPE_CHECKING:
    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.embedding_settings import EmbeddingSettings
    from aestudio.gui.state.studio_state import StudioState, TaskProgressed

TASK = "embedding"
_PROGRESS_STEPS = 1000
translate = QCoreApplication.translate


class EmbeddingBar(QWidget):
    """Visible with a t-SNE or UMAP map: what is being computed, or what is shown.

    paused(): pause, or go on; perturbed(); stopped(); begun_again()
    """

    paused = Signal()
    perturbed = Signal()
    stopped = Signal()
    begun_again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = ElidedLabel(muted=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setRange(0, _PROGRESS_STEPS)
        keep_length(self.progress, lambda bar, theme: bar.setFixedWidth(theme.px(64)))
        self.progress.setAccessibleName(self.tr("Progress of the embedding"))
        self.pause = IconButton("pause", self.tr("Pause: the points stay where they are"))
        self.perturb = IconButton("dice", self.tr("Perturb: move every point a little at random, and go on"))
        self.stop = IconButton("stop", self.tr("Stop the embedding"))
        self.again = IconButton("refresh", self.tr("Compute it again from the beginning"))
        for button, name, signal in (
            (self.pause, "pause-embedding", self.paused),
            (self.perturb, "perturb-embedding", self.perturbed),
            (self.stop, "stop-embedding", self.stopped),
            (self.again, "repeat-embedding", self.begun_again),
        ):
            button.setObjectName(name)
            button.clicked.connect(signal)
        row(fill(self.note), self.progress, self.pause, self.perturb, self.stop, self.again, on=self)
        self.hide()

    def show_state(self, state: StudioState) -> None:
        """Show how far the embedding is, or what it is."""
        shown = is_embedding(state.plane.kind)
        self.setVisible(shown)
        if not shown:
            return
        progress, embedding = state.tasks.get(TASK), state.embedding
        self.progress.setVisible(progress is not None)
        self.pause.setVisible(embedding.live is not None)
        if embedding.paused:
            self.pause.set_icon("play", self.tr("Go on"))
        else:
            self.pause.set_icon("pause", self.tr("Pause: the points stay where they are"))
        known = embedding.result is not None and progress is None
        self.perturb.setVisible(embedding.live is not None or known)
        self.stop.setVisible(progress is not None)
        self.again.setVisible(known)
        if progress is not None:
            self._show_progress(state, progress)
        else:
            self.note.set_text(self._rest_text(state))

    def _show_progress(self, state: StudioState, progress: TaskProgressed) -> None:
        done, total, activity = progress
        share = 0.0 if not total else done / total
        self.progress.setValue(round(_PROGRESS_STEPS * share))
        live = state.embedding.live
        if live is not None:
            self.note.set_text(_step_text(live, paused=state.embedding.paused))
            return
        texts = {
            "Encoding the images": self.tr("Encoding the images"),
            "Searching neighbours": self.tr("Searching neighbours"),
            "Loading UMAP": self.tr("Loading UMAP, once"),
            "Loading t-SNE": self.tr("Loading t-SNE, once"),
        }
        self.note.set_text(texts.get(activity) or self.tr("Embedding, {} %").format(round(100 * share)))

    def _rest_text(self, state: StudioState) -> str:
        embedding, kind = state.embedding, state.plane.kind
        if embedding.problem is not None:
            return str(embedding.problem)
        requested, result = embedding.requested, embedding.result
        if requested is None or result is None or requested.kind != kind:
            return self.tr("Not embedded yet")
        text = _rest_of(result)
        lowered = _lowered(requested.settings, len(result.codes))
        text += f" · {lowered}" if lowered else ""
        available = available_points(state)
        if requested.count < available:
            count, of = f"{requested.count:,}", f"{available:,}"
            text += " · " + self.tr("{} of {} images").format(count, of)
        return text


def _lowered(settings: EmbeddingSettings, count: int) -> str:
    """That fewer neighbours were used than were chosen, because there are too few images; "" if not."""
    chosen, used = chosen_neighbours(settings), usable_neighbours(settings, count)
    if used >= chosen:
        return ""
    text = (
        translate("EmbeddingBar", "perplexity {} instead of {}: too few images")
        if isinstance(settings, TsneSettings)
        else translate("EmbeddingBar", "{} neighbours instead of {}: too few images")
    )
    return text.format(f"{used:g}", f"{chosen:g}")


def _step_text(live: Embedding2D, *, paused: bool) -> str:
    done, total = f"{live.done:,}", f"{live.total:,}"
    texts = {
        ("tsne", False): translate("EmbeddingBar", "t-SNE, iteration {} of {}"),
        ("tsne", True): translate("EmbeddingBar", "t-SNE, paused at iteration {} of {}"),
        ("umap", False): translate("EmbeddingBar", "UMAP, epoch {} of {}"),
        ("umap", True): translate("EmbeddingBar", "UMAP, paused at epoch {} of {}"),
    }
    return texts[live.kind, paused].format(done, total)


def _rest_of(result: Embedding2D) -> str:
    done, total = f"{result.done:,}", f"{result.total:,}"
    if not result.total:
        text = TITLES[result.kind]
    elif result.done < result.total:
        stopped: dict[EmbeddingKind, str] = {
            "tsne": translate("EmbeddingBar", "t-SNE, stopped at {} of {}"),
            "umap": translate("EmbeddingBar", "UMAP, stopped at {} of {}"),
        }
        text = stopped[result.kind].format(done, total)
    else:
        whole: dict[EmbeddingKind, str] = {
            "tsne": translate("EmbeddingBar", "t-SNE, {} iterations"),
            "umap": translate("EmbeddingBar", "UMAP, {} epochs"),
        }
        text = whole[result.kind].format(total)
    return text + translate("EmbeddingBar", ", perturbed") if result.perturbed else text
