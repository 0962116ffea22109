"""A kept run as the index of runs knows it: its record is made of its bytes when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.errors import StudioError
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import FILE, parse_record

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from aestudio.runs.import_note import ImportNote
    from aestudio.runs.labels_file import RunLabels
    from aestudio.runs.list_facts import ListFacts
    from aestudio.runs.run_record import RunRecord, Status


class ListedRun(KeptRun):
    """A run whose files were as they are in the index when it was listed.

    Making 2,000 records of run.json takes most of a second, and a list shows little of them.
    """

    facts: ListFacts

    def __init__(
        self, folder: Path, facts: ListFacts, written: bytes, labels: RunLabels, imported: ImportNote | None
    ) -> None:
        """written: the bytes of its run.json when it was listed"""
        # The class above is a frozen dataclass; its `record` is left out, so that `__getattr__` is asked.
        values = {
            "folder": folder,
            "labels": labels,
            "imported": imported,
            "facts": facts,
            "_written": written,
        }
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> RunRecord | None:
        """The record, at first use; None, with the problem, if it cannot be made any more."""
        if name != "record":
            raise AttributeError(name)
        record = None
        try:
            record = parse_record(self.__dict__["_written"], self.folder / FILE)
        except StudioError as problem:
            self.__dict__["problem"] = problem
        self.__dict__["record"] = record
        return record

    @property
    def first_title(self) -> str:
        """The name for people that it began with."""
        return self.facts.title

    @property
    def sabotage(self) -> str:
        """The name of the sabotage under which it was trained, "" for none."""
        return self.facts.sabotage

    @property
    def created(self) -> datetime:
        """When it began."""
        return self.facts.created

    @property
    def written_status(self) -> Status:
        """As its writer left it."""
        return self.facts.status
