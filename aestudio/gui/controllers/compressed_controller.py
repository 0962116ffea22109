"""Intents about compressed files: images are written as rounded codes of the shown model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aestudio.codec.container import Sizes
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.controllers.store import Store
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

translate = QCoreApplication.translate
TASK = "compressed file"


class ImagesToWrite(NamedTuple):
    """What a compressed file is written of.

    images:    those to be kept; reference: the images whose first codes say how finely codes are rounded
    fineness:  bits, rate or quality, as `Fineness` has them; with_model: whether the file has the model in it
    """

    snapshot: Snapshot
    images: ImageSet
    reference: ImageSet
    reference_count: int
    fineness: Mapping[str, Any]
    with_model: bool


class CompressedController:
    """Writes on a thread; what is told of a file is read from it again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def write(self, what: ImagesToWrite, path: Path) -> None:
        """Write a compressed file; the dialog has asked before a file of this name is replaced."""

        def work(progress: Progress) -> Sizes:
            return _written(what, path, progress)

        def after(message: TaskDone) -> None:
            if message.problem is not None:
                self._store.show_message(str(message.problem), "bad")
            elif message.cancelled:
                text = translate("session", "The export was cancelled; no file was written.")
                self._store.show_message(text)
            else:
                self._store.show_message(_sentence(path, len(what.images), message.value), "good")

        self._store.run_task(TASK, "a compressed file was being written", work, after)


def _sentence(path: Path, count: int, sizes: Sizes) -> str:
    if count == 1:
        text = translate("session", "Wrote {}: one image in {} bytes.")
        sentence = text.format(path, f"{sizes.without_model:,}")
    else:
        text = translate("session", "Wrote {}: {} images in {} bytes, {} bits each.")
        bits = f"{8 * sizes.without_model / count:,.1f}"
        sentence = text.format(path, f"{count:,}", f"{sizes.without_model:,}", bits)
    if sizes.model:
        model = translate("session", "The model takes {} bytes more.").format(f"{sizes.model:,}")
        return f"{sentence} {model}"
    return f"{sentence} {translate('session', 'To open it takes the run of this model.')}"


def _written(what: ImagesToWrite, path: Path, progress: Progress) -> Sizes:
    """Write the file, and decode it once from the disk; raises StudioError."""
    from aestudio.codec.container import read_container
    from aestudio.codec.opened_file import decompress
    from aestudio.codec.rounded_codes import Fineness, compress_codes
    from aestudio.datasets.dataset import part_of
    from aestudio.inference.codes import encode_set
    from aestudio.inference.conditions import condition_of_set
    from aestudio.inference.frozen_model import FrozenModel
    from aestudio.training.threads import use_threads

    use_threads()  # a new thread inherits the number of threads that the last training chose
    model = FrozenModel(what.snapshot)
    known = encode_set(model, part_of(what.reference, slice(what.reference_count)), progress)
    told = condition_of_set(what.snapshot.architecture, what.images)
    container = compress_codes(
        model, what.images.images, known, Fineness(**what.fineness), told, what.with_model
    )
    container.write(path, overwrite=True)
    decompress(read_container(path), what.snapshot, path, progress)
    return container.sizes
