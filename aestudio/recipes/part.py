"""Parts of a recipe, found by their files: adding a network or an objective means adding its file.

Each folder in `networks/` or `objectives/` has a `config.py` that declares exactly one `Part`, without
torch; an objective has a `module.py` beside it with its losses. The folder's name is the part's `kind`. The
user's own folders and installed packages add others (see `own_parts/`).
"""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from pydantic import ValidationError

from aestudio.errors import BadChoice, StudioError, is_shortage
from aestudio.paths import user_parts_folder
from aestudio.recipes.own_parts.available import Scan, find_part, kind_of_installed, place_of, scan
from aestudio.recipes.own_parts.loading_errors import MissingPart, depth_of, loading
from aestudio.recipes.own_parts.part_folder import sort_of
from aestudio.recipes.setting import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class Part(Settings):
    """A chosen network or objective with its settings.

    title and summary are for people; `kind` is the name of the folder that declares it.
    """

    title: ClassVar[str]
    summary: ClassVar[str]

    @classmethod
    def kind(cls) -> str:
        """Its name in files and on the command line: that of its folder, or of its entry point."""
        return kind_of_installed(cls) or cls.__module__.split(".")[-2]

    def check_declaration(self) -> None:
        """Call what is shown of a part: errors in a user's own part are found when it is loaded."""

    def to_json(self) -> dict[str, Any]:
        """The part as a file holds it: its kind and every setting."""
        return {"kind": self.kind(), **self.model_dump(mode="json")}


PartClass = TypeVar("PartClass", bound=Part)


@cache
def discover(package: str, base: type[PartClass]) -> dict[str, type[PartClass]]:
    """Every shipped part, declared in the package, by kind, in the order of their names."""
    folder = importlib.import_module(package)
    parts: dict[str, type[PartClass]] = {}
    for entry in pkgutil.iter_modules(folder.__path__):
        if not entry.ispkg:
            continue
        module = importlib.import_module(f"{package}.{entry.name}.config")
        (declared,) = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
        ]
        parts[entry.name] = declared
    return parts


def scan_parts(package: str, base: type[PartClass]) -> Scan:
    """What the user's folder and installed packages add to the shipped parts now; may take seconds."""
    return scan(_group(package), base, discover(package, base))


def module_of(part: Part) -> Any:
    """The module `module.py` beside the `config.py` that declares the part, imported. Needs torch.

    A network without one is complete by its declaration. Raises StudioError if it is the user's own and
    cannot be imported.
    """
    package = type(part).__module__.rpartition(".")[0]
    name = f"{package}.module"
    if package.startswith("aestudio."):
        return importlib.import_module(name)
    with loading(_sort(part), part.kind(), place_of(type(part))):
        return importlib.import_module(name)


@contextmanager
def building(
    part: Part | type[Part], passed_on: type[Exception] = StudioError, *, did: str = "cannot be loaded"
) -> Generator[None]:
    """Inside it, any error of a user's own part becomes a StudioError with its file and line.

    passed_on: an error that is not changed, as StudioError never is
    did:       what is said of the part
    """
    declared = part if isinstance(part, type) else type(part)
    if is_shipped(declared):
        yield
        return
    with loading(_sort(part), part.kind(), place_of(declared), passed_on=passed_on, did=did, at_work=True):
        yield


@contextmanager
def running(
    *parts: Part, otherwise: Callable[[BaseException], bool], did: str = "failed in training"
) -> Generator[None]:
    """Inside it, an error in the code of one of a user's own parts becomes a StudioError with file and line.

    Of several parts that led to the error the one that was called last is named. All other errors are not
    changed, unless the user's own part among them, the first, is to blame for them all the same.

    otherwise: whether the first part is to blame for an error that is in none of their files
    did:       what is said of the part
    """
    try:
        yield
    except StudioError:
        raise
    except (Exception, SystemExit) as error:
        blamed = _blamed(error, [part for part in parts if not is_shipped(type(part))], parts[0], otherwise)
        if blamed is None or is_shortage(error):
            raise
        with building(blamed, did=did):
            raise


def _blamed(
    error: BaseException, own: list[Part], first: Part, otherwise: Callable[[BaseException], bool]
) -> Part | None:
    depths = {depth_of(error, place_of(type(part))): part for part in own}
    deepest = max(depths, default=-1)
    if deepest >= 0:
        return depths[deepest]
    return first if first in own and otherwise(error) else None


def is_shipped(declared: type[Part]) -> bool:
    """Whether a part comes with the program."""
    return declared.__module__.startswith("aestudio.")


def from_json(package: str, base: type[PartClass], value: object) -> object:
    """The part that a file's table names by `kind`; anything else is returned for pydantic to check.

    Raises BadChoice for an unknown kind, StudioError for a user's own part that cannot be loaded.
    """
    if not isinstance(value, dict):
        return value
    table = dict(cast("dict[str, Any]", value))
    kind = table.pop("kind", None)
    kinds, group = discover(package, base), _group(package)
    if not isinstance(kind, str):
        raise BadChoice(sort_of(group), kind, kinds)
    if kind in kinds:
        return kinds[kind].model_validate(table)
    declared = find_part(group, kind, base)
    if declared is None:
        raise MissingPart(sort_of(group), kind, kinds, str(user_parts_folder(group)))
    with loading(sort_of(group), kind, place_of(declared), passed_on=ValidationError):
        return declared.model_validate(table)


def _group(package: str) -> str:
    return package.rpartition(".")[2]


def _sort(part: Part | type[Part]) -> str:
    """What it is, for people: "network" or "objective"."""
    declared = part if isinstance(part, type) else type(part)
    return next(base.__name__.lower() for base in declared.__mro__ if Part in base.__bases__)
