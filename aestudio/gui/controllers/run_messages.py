"""What is said of removed, replaced and thinned runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from aestudio.runs.run_rows import size_text

if TYPE_CHECKING:
    from aestudio.gui.state.run_list import Removal
    from aestudio.runs.thinning import ThinnedRuns

translate = QCoreApplication.translate


def removed_message(removal: Removal) -> str:
    """What was removed."""
    if len(removal.folders) == 1:
        return translate("session", "{} was moved to the trash folder.").format(removal.title)
    return translate("session", "{} runs were moved to the trash folder.").format(len(removal.folders))


def replaced_message(removal: Removal) -> str:
    """Which try a new training has replaced."""
    text = translate("session", "The new training replaces the try {}, which had less than one epoch.")
    return text.format(removal.title)


def freed_message(thinned: ThinnedRuns) -> str:
    """What thinning has freed."""
    count = len(thinned.runs)
    if count == 1:
        return translate("session", "{} freed in one run.").format(size_text(thinned.freed))
    return translate("session", "{} freed in {} runs.").format(size_text(thinned.freed), count)
