"""Addresses and checksums of the published data sets, as the installed torchvision names them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from aestudio.datasets.published_set import Published


@dataclass(frozen=True)
class RemoteFile:
    """One file on the servers.

    urls:     its addresses, best first
    md5:      its checksum
    contents: the files that it unpacks to: one for a .gz, several for a .zip of .gz
    """

    urls: tuple[str, ...]
    md5: str
    contents: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.urls[0].rpartition("/")[2]


def remote_files_of(published: Published) -> tuple[RemoteFile, ...]:
    """The files to download for a data set; raises StudioError if torchvision cannot be used."""
    known = _constants(published.torch_class)
    if "url" in known:  # EMNIST: one archive of all its splits
        return (RemoteFile((known["url"],), known["md5"], published.files),)
    return tuple(
        RemoteFile(tuple(mirror + name for mirror in known["mirrors"]), md5, (name.removesuffix(".gz"),))
        for name, md5 in known["resources"]
    )


def _constants(torch_class: str) -> dict[str, Any]:
    """The class's addresses and checksums, from torchvision's source text, or else by importing it.

    The import is only the second way. It takes 5 s on two cores after torch, and holds the interpreter's lock
    for up to 0.4 s at a time: a window that just opened would freeze. It also fails if torch and torchvision
    come from different places. tests/datasets/download/test_servers.py pins the versions whose text is read.
    """
    try:
        return _from_text(torch_class)
    except (OSError, SyntaxError, ValueError, KeyError):
        return _by_import(torch_class)


def _from_text(torch_class: str) -> dict[str, Any]:
    spec = find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise KeyError("torchvision")
    text = (Path(spec.origin).parent / "datasets" / "mnist.py").read_text(encoding="utf-8")
    classes = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    known = {
        target.id: ast.literal_eval(statement.value)
        for statement in classes[torch_class].body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id in ("mirrors", "resources", "url", "md5")
    }
    return _complete(known)


def _by_import(torch_class: str) -> dict[str, Any]:
    try:
        from torchvision import datasets

        found = getattr(datasets, torch_class)
        names = ("url", "md5") if hasattr(found, "url") else ("mirrors", "resources")
        return _complete({name: getattr(found, name) for name in names})
    except (ImportError, RuntimeError, OSError, AttributeError, KeyError) as error:
        raise StudioError(
            f"torchvision, which lists the servers and checksums, cannot be used ({error})",
            where=torch_class,
            advice="Install torch and torchvision from the same place, or choose a folder that already holds "
            "the data, or use the built-in digits.",
        ) from error


def _complete(known: dict[str, Any]) -> dict[str, Any]:
    if not ({"url", "md5"} <= known.keys() or {"mirrors", "resources"} <= known.keys()):
        raise KeyError("addresses")
    return known
