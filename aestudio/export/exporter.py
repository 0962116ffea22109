"""What an exporter declares, and the list of all: each file `to_NAME.py` of this folder is one.

The command `aestudio export RUN --to NAME --out PATH` and the window's dialog show this list; a new file is
in both. No torch and no library of an extra is imported before something is written.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import aestudio.export as package
from aestudio.errors import BadChoice, StudioError
from aestudio.progress import silent
from aestudio.recipes.setting import Settings, change, describe, parse
from aestudio.storage.os_errors import is_there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.progress import Progress
    from aestudio.recipes.architecture import Architecture
    from aestudio.training.events import LiveChange, MetricPoint, Snapshot

_PREFIX = "to_"


class ExportedRun(Protocol):
    """What an exporter is given. Each method raises StudioError if that is missing or damaged.

    title: the run's name for people
    """

    @property
    def title(self) -> str: ...

    def snapshot(self) -> Snapshot:
        """The weights that are exported."""
        ...

    def dataset(self) -> Dataset:
        """The images that it was trained on; loaded when first asked for."""
        ...

    def points(self) -> tuple[MetricPoint | LiveChange, ...]:
        """Every point of its curves and every changed setting, by step."""
        ...

    def share(self, path: Path, checkpoint: bool, history: bool, progress: Progress) -> int:
        """Write it as one file that others import; returns its bytes."""
        ...


class NoOptions(Settings):
    """The options of an exporter that has none."""


def _fits_all(_: Architecture) -> str:
    return ""


@dataclass(frozen=True)
class Exporter:
    """One kind of file.

    name:    for the command line, that of its file without "to_"
    title, summary: for people; the summary is one sentence, what is written and for what
    suffix:  of the file, with its dot; "" if it is a folder
    others:  suffixes of other forms that it can be written in, by which the path chooses, and what they are
    write:   writes a new file or folder at the path, completely or not at all, and returns what was written,
             so that ", to PATH" can follow
    options: a group of settings, for `--set` and the form of the dialog
    refuses: why it cannot be done with a model, a sentence for people; "" if it can
    extra:   the optional dependencies of `pyproject.toml` that it needs, and the modules that they bring
    """

    name: str
    title: str
    summary: str
    suffix: str
    write: Callable[[ExportedRun, Path, Any, Progress], str]
    options: type[Settings] = NoOptions
    refuses: Callable[[Architecture], str] = _fits_all
    extra: str = ""
    modules: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Of all its forms, the usual one first; () if it is a folder."""
        return (self.suffix, *self.others) if self.suffix else ()

    @property
    def lacking(self) -> str:
        """Which library is missing, and how to get it, a sentence; "" if all are there."""
        missing = [name for name in self.modules if importlib.util.find_spec(name) is None]
        if not missing:
            return ""
        return f"This needs {' and '.join(missing)}: pip install 'aestudio[{self.extra}]'"

    def obstacle(self, architecture: Architecture) -> str:
        """Why this model cannot be written so now, a sentence; "" if it can."""
        return self.refuses(architecture) or self.lacking

    def parsed(self, texts: Iterable[str]) -> Settings:
        """The options from texts such as "history=true"; raises BadChoice."""
        known = {info.name: info for info in describe(self.options)}
        values: dict[str, Any] = {}
        for text in texts:
            name, equals, value = text.partition("=")
            if name not in known or not equals:
                raise BadChoice(f"option of {self.name}", text, [f"{one}=..." for one in known] or "none")
            values[name] = parse(known[name], value)
        return change(self.options(), values) if values else self.options()


@cache
def exporters() -> Mapping[str, Exporter]:
    """All exporters by name, in alphabetical order."""
    found: dict[str, Exporter] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if module.name.startswith(_PREFIX):
            exporter: Exporter = importlib.import_module(f"{package.__name__}.{module.name}").EXPORTER
            if exporter.name != module.name.removeprefix(_PREFIX):
                raise ValueError(f"{module.name}.py declares the exporter {exporter.name!r}")
            found[exporter.name] = exporter
    return found


def find_exporter(name: str) -> Exporter:
    """The exporter of this name; raises BadChoice."""
    known = exporters()
    if name not in known:
        raise BadChoice("--to", name, known)
    return known[name]


def check_path(exporter: Exporter, path: Path, overwrite: bool) -> None:
    """Raises BadChoice for another suffix, StudioError for what is there already."""
    if exporter.suffix and path.suffix.lower() not in exporter.suffixes:
        raise BadChoice("--out", str(path), f"a file whose name ends in {' or '.join(exporter.suffixes)}")
    if not is_there(path):
        return
    if not exporter.suffix or path.is_dir():
        raise StudioError(
            "There is something of this name already, and a folder is never replaced",
            where=str(path),
            advice="Choose another name.",
        )
    if not overwrite:
        raise StudioError(
            "This file already exists", where=str(path), advice="Choose another name, or add --overwrite."
        )


def export(
    exporter: Exporter,
    run: ExportedRun,
    path: Path,
    options: Settings | None = None,
    progress: Progress = silent,
    overwrite: bool = False,
) -> str:
    """Write a run as the exporter does; returns a sentence about what was written.

    Raises StudioError if the model does not fit, a library is missing, the path is taken (a file is replaced
    with `overwrite`, a folder never) or the disk refuses; BadChoice for another suffix; and what `progress`
    raises.
    """
    check_path(exporter, path, overwrite)
    architecture = run.snapshot().architecture
    obstacle = exporter.obstacle(architecture)
    if obstacle:
        raise StudioError(
            obstacle, where=f"{exporter.title} of {run.title}", advice="Choose another format or another run."
        )
    return exporter.write(run, path, exporter.options() if options is None else options, progress)
