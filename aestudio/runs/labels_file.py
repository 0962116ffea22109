"""What the user wrote about a run: its name, a note and tags, in the file `labels.json` in its folder.

A file of its own: run.json belongs to the process that trains the run, which writes it every two seconds and
at its end. Windows and command lines change the labels meanwhile, one after another. A run that is copied to
another computer takes them with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from aestudio.errors import BadChoice, StudioError
from aestudio.printable import printable
from aestudio.recipes.model_file import parse_model, read_model_file
from aestudio.runs.shared_list import LOCK, copy_damaged
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file, to_text
from aestudio.storage.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "labels.json"
LONGEST_TITLE = 200
LONGEST_NOTE = 4_000
LONGEST_TAG = 40
MOST_TAGS = 20
_MOST_BYTES = 1_000_000
_DAMAGE = Damage(
    "The name, note and tags of this run cannot be read", "Restore the file from a copy, or remove it."
)
# They change the order in which the text around them is shown: a name must not rewrite its row in a list.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _line(text: str) -> str:
    """The text in one line, without what cannot be shown."""
    return printable(" ".join(_DIRECTIONS.sub("", text).split()))


def _lines(text: str) -> str:
    """The text with its line ends, without what cannot be shown."""
    return printable("\n".join(line.rstrip() for line in _DIRECTIONS.sub("", text).strip().splitlines()))


def _kept_title(title: str | None) -> str | None:
    return _line(title or "")[:LONGEST_TITLE].rstrip() or None


def _kept_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags in one line each, without commas, in order; of those that differ in case only the first."""
    lines = (_line(tag.replace(",", " "))[:LONGEST_TAG].rstrip() for tag in tags)
    found = {line.casefold(): line for line in reversed([line for line in lines if line])}
    return tuple(reversed(list(found.values())))[:MOST_TAGS]


class RunLabels(BaseModel):
    """What the user wrote about a run. Texts in a file of someone else's are cleaned and cut.

    title: the name that the user gave it, None if it has the one that it began with
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    title: Annotated[str | None, AfterValidator(_kept_title)] = None
    note: Annotated[str, AfterValidator(lambda note: _lines(note)[:LONGEST_NOTE])] = ""
    tags: Annotated[tuple[str, ...], AfterValidator(_kept_tags)] = ()

    @property
    def empty(self) -> bool:
        """Whether the user wrote nothing."""
        return self.title is None and not self.note and not self.tags


NO_LABELS = RunLabels()


def valid_title(title: str) -> str:
    """The title in one line; raises StudioError for an empty or a too long one."""
    title = _line(title)
    if not title:
        raise StudioError("A run needs a title of at least one character", advice="Write one.")
    _require_length("title", title, LONGEST_TITLE)
    return title


def valid_note(note: str) -> str:
    """The note with its line ends, "" for none; raises StudioError for a too long one."""
    note = _lines(note)
    _require_length("note", note, LONGEST_NOTE)
    return note


def valid_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags in order, each once; raises BadChoice for an empty one, StudioError for long or many ones."""
    kept: dict[str, str] = {}
    for tag in map(_line, tags):
        if not tag or "," in tag:
            raise BadChoice("tag", tag, "a word or two, without a comma")
        _require_length("tag", tag, LONGEST_TAG)
        kept.setdefault(tag.casefold(), tag)
    if len(kept) > MOST_TAGS:
        raise StudioError(
            f"A run cannot have {len(kept)} tags", advice=f"Remove some: {MOST_TAGS} are allowed."
        )
    return tuple(kept.values())


def _require_length(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise StudioError(
            f"This {what} has {len(text):,} characters, more than {most:,}", advice="Choose a shorter one."
        )


def read_labels(folder: Path) -> RunLabels:
    """The labels in the folder, empty ones without a file; raises StudioError if it is damaged."""
    if not (folder / FILE).exists():
        return NO_LABELS
    return read_model_file(RunLabels, folder / FILE, _MOST_BYTES, _DAMAGE, _DAMAGE.what)


def parse_labels(data: bytes, path: Path) -> RunLabels:
    """The labels that these bytes of the file are; raises StudioError if they are damaged."""
    return parse_model(RunLabels, data, path, _DAMAGE, _DAMAGE.what)


def change_labels(folder: Path, **values: Any) -> RunLabels:
    """Replace some labels, and keep what another process changed meanwhile; raises StudioError.

    A damaged file is copied before another is written in its place.
    """
    if not folder.is_dir():
        raise StudioError(
            "The folder of this run is gone",
            where=str(folder),
            advice="It may have been removed in another window. Restore it first.",
        )
    with locked(folder / LOCK):
        try:
            labels = read_labels(folder)
        except StudioError:
            copy_damaged(folder / FILE)
            labels = NO_LABELS
        labels = labels.model_copy(update=values)
        replace_file(folder / FILE, (to_text(labels.model_dump(mode="json"), indent=1) + "\n").encode())
    return labels
