"""What most commands begin with: the digits, with progress and what was done to bring them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.cli.output import note, one_line
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.data.library import load_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.data.digits import Dataset


def load(name_or_path: str, data_dir: Path | None) -> Dataset:
    """The dataset; its notes go to stderr. Raises BadChoice, StudioError."""
    with TerminalProgress() as progress:
        dataset = load_dataset(name_or_path, data_dir=data_dir, progress=progress)
    for sentence in dataset.notes:
        note(one_line(sentence))
    return dataset
