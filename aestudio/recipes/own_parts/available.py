"""The networks and objectives that are not shipped: in the user's folder, or in installed packages.

An installed package is trusted, as the user installed it. A folder is loaded only after the user agreed to
exactly the bytes in it (see `answers.py`).
"""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import inspect
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.paths import user_parts_folder
from aestudio.recipes.own_parts.answers import answer_about
from aestudio.recipes.own_parts.loading_errors import PartUnavailable, loading
from aestudio.recipes.own_parts.memory_loader import FINDER
from aestudio.recipes.own_parts.part_folder import (
    PartFolder,
    folder_names,
    is_part_name,
    read_part_folder,
    sort_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import ModuleType

GROUPS = ("networks", "objectives")
_TRUST = "Allow it in the window, or with `aestudio trust {}`."
# Each version of a part is loaded once: its class, or why it cannot be loaded. Several threads may ask.
_LOADED: dict[tuple[str, ...], type[Any] | StudioError] = {}
_LOADING = threading.RLock()
_INSTALLED_KINDS: dict[str, str] = {}


@dataclass(frozen=True)
class Scan:
    """What is in one group besides the shipped parts.

    parts:   those that can be used, by kind
    waiting: folders that the user was not asked about yet
    """

    parts: dict[str, type[Any]]
    waiting: tuple[PartFolder, ...]
    problems: tuple[StudioError, ...]


def find_part(group: str, kind: str, base: type[Any]) -> type[Any] | None:
    """The class of a part that is not shipped, loaded if need be; None if nothing has this name.

    Raises StudioError if it may not be loaded or is faulty.
    """
    if kind in _entry_points(group):
        return _load_installed(group, kind, base)
    # The name is from a file: it must not lead out of the folder.
    if is_part_name(kind) and kind in folder_names(group):
        return _load_folder(read_part_folder(group, kind), base)
    return None


def scan(group: str, base: type[Any], shipped: Collection[str]) -> Scan:
    """Look at everything that is there now. shipped: names that are taken."""
    _entry_points.cache_clear()
    parts: dict[str, type[Any]] = {}
    waiting: list[PartFolder] = []
    problems: list[StudioError] = []
    for kind in _entry_points(group):
        try:
            _refuse_taken(group, kind, shipped, f"the entry point {kind} of aestudio.{group}")
            parts[kind] = _load_installed(group, kind, base)
        except StudioError as problem:
            problems.append(problem)
    try:
        names = folder_names(group)
    except StudioError as problem:
        return Scan(parts, (), (*problems, problem))
    for name in names:
        try:
            _refuse_taken(
                group, name, [*shipped, *_entry_points(group)], str(user_parts_folder(group) / name)
            )
            content = read_part_folder(group, name)
            if answer_about(content) is None:
                waiting.append(content)
            else:
                parts[name] = _load_folder(content, base)
        except StudioError as problem:
            problems.append(problem)
    return Scan(parts, tuple(waiting), tuple(problems))


def kind_of_installed(declared: type[Any]) -> str | None:
    """The name of the entry point that gave this class, or None if it is from elsewhere."""
    return _INSTALLED_KINDS.get(declared.__module__)


def place_of(declared: type[Any]) -> str:
    """The folder of the files that declare this class."""
    return str(Path(inspect.getfile(declared)).parent)


@cache
def _entry_points(group: str) -> dict[str, str]:
    """Packages by name of the entry point, as installed packages announce them."""
    found = importlib.metadata.entry_points(group=f"aestudio.{group}")
    return {entry.name: entry.value for entry in sorted(found, key=lambda entry: entry.name)}


def _load_installed(group: str, kind: str, base: type[Any]) -> type[Any]:
    package, sort = _entry_points(group)[kind], sort_of(group)

    def load() -> type[Any]:
        with loading(sort, kind, package):
            place = _folder_of_package(package)
        with loading(sort, kind, place):
            declared = _declaration(importlib.import_module(f"{package}.config"), kind, place, base)
        if _INSTALLED_KINDS.setdefault(declared.__module__, kind) != kind:
            raise PartUnavailable(
                f"The {sort} {kind} is installed as {_INSTALLED_KINDS[declared.__module__]} too",
                where=place,
                advice="Its package must announce it once.",
            )
        return declared

    return _once((group, kind, package), load)


def _folder_of_package(package: str) -> str:
    """Where an installed package is; its name if that is unknown. Imports the packages that it is in."""
    spec = importlib.util.find_spec(package)
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    return folders[0] if folders else package


def _load_folder(content: PartFolder, base: type[Any]) -> type[Any]:
    """Load these very bytes if the user agreed to them."""
    if not answer_about(content):
        raise _not_allowed(content)

    def load() -> type[Any]:
        with loading(content.sort, content.name, str(content.folder)):
            _require_files(content)
            config = importlib.import_module(f"{FINDER.register(content)}.config")
            return _declaration(config, content.name, str(content.folder), base)

    return _once((content.group, content.name, content.digest), load)


def _once(key: tuple[str, ...], load: Any) -> type[Any]:
    with _LOADING:
        if key not in _LOADED:
            try:
                _LOADED[key] = load()
            except StudioError as problem:
                _LOADED[key] = problem
        result = _LOADED[key]
    if isinstance(result, StudioError):
        raise result
    return result


def _require_files(content: PartFolder) -> None:
    needed = ("config",) if content.group == "networks" else ("config", "module")
    for name in needed:
        if f"{name}.py" not in content.files and f"{name}/__init__.py" not in content.files:
            what = "declares it" if name == "config" else "has its losses"
            raise PartUnavailable(
                f"The {content.sort} {content.name} has no {name}.py",
                where=str(content.folder),
                advice=f"It needs {name}.py, which {what}.",
            )


def _declaration(module: ModuleType, kind: str, place: str, base: type[Any]) -> type[Any]:
    """The one class that the file declares. Raises PartUnavailable if it is missing or faulty."""
    sort, file = base.__name__.lower(), str(getattr(module, "__file__", None) or module.__name__)
    declared = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
    ]
    if len(declared) != 1:
        raise PartUnavailable(
            f"This file declares {len(declared)} classes of {base.__name__}, not one",
            where=file,
            advice=f"Declare exactly one class that derives from aestudio's {base.__name__}.",
        )
    found = declared[0]
    where, lacking = f"{file}, line {_first_line(found)}", _lacking(found, base)
    if lacking:
        raise PartUnavailable(
            f"The {sort} {kind} lacks {', '.join(lacking)}",
            where=where,
            advice=f"{found.__name__} must define what {base.__name__} leaves open.",
        )
    with loading(sort, kind, place, where):
        found().check_declaration()  # every setting needs a valid default
    return found


def _lacking(found: type[Any], base: type[Any]) -> list[str]:
    """Names of methods and attributes that the class must define and does not."""
    methods = sorted(getattr(found, "__abstractmethods__", ()))
    known: Collection[str] = getattr(found, "model_fields", {})
    names = [name for name in inspect.get_annotations(base) if name not in known]
    texts = [name for name in ("title", "summary") if not isinstance(getattr(found, name, None), str)]
    return methods + texts + [name for name in names if name not in texts and not hasattr(found, name)]


def _first_line(declared: type[Any]) -> int:
    try:
        return inspect.getsourcelines(declared)[1]
    except (OSError, TypeError):
        return 1


def _refuse_taken(group: str, kind: str, taken: Collection[str], where: str) -> None:
    if kind in taken:
        raise StudioError(
            f"The name {kind} is taken by another {sort_of(group)}", where=where, advice="Rename this one."
        )


def _not_allowed(content: PartFolder) -> PartUnavailable:
    refused = answer_about(content) is False
    why = "You chose not to load" if refused else "You have not been asked yet whether to load"
    return PartUnavailable(
        f"{why} the {content.sort} {content.name}",
        where=str(content.folder),
        advice=_TRUST.format(content.name),
    )
