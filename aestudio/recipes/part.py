"""Parts of a recipe, found by their files: adding a network or an objective means adding its file.

Each folder in `networks/` or `objectives/` has a `config.py` that declares exactly one `Part`, without
torch; an objective has a `module.py` beside it with its losses. The folder's name is the part's `kind`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

from aestudio.errors import BadChoice
from aestudio.recipes.setting import Settings


class Part(Settings):
    """A chosen network or objective with its settings.

    title and summary are for people; `kind` is the name of the folder that declares it.
    """

    title: ClassVar[str]
    summary: ClassVar[str]

    @classmethod
    def kind(cls) -> str:
        """Its name in files and on the command line: the name of the folder that declares it."""
        return cls.__module__.split(".")[-2]

    def to_json(self) -> dict[str, Any]:
        """The part as a file holds it: its kind and every setting."""
        return {"kind": self.kind(), **self.model_dump(mode="json")}


def module_of(part: Part) -> Any:
    """The Python module `module.py` in the folder that declares the part. Needs torch.

    A part without one is complete by its declaration.
    """
    return importlib.import_module(f"{type(part).__module__.rpartition('.')[0]}.module")


PartClass = TypeVar("PartClass", bound=Part)


@cache
def discover(package: str, base: type[PartClass]) -> dict[str, type[PartClass]]:
    """Every part declared in the package, by kind, in the order of their names."""
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


def from_json(package: str, base: type[PartClass], value: object) -> object:
    """The part that a file's table names by `kind`; anything else is returned for pydantic to check.

    Raises BadChoice for an unknown kind.
    """
    if not isinstance(value, dict):
        return value
    table = dict(cast("dict[str, Any]", value))
    kind = table.pop("kind", None)
    kinds = discover(package, base)
    if not isinstance(kind, str) or kind not in kinds:
        raise BadChoice(package.rpartition(".")[2].removesuffix("s"), kind, kinds)
    return kinds[kind].model_validate(table)
