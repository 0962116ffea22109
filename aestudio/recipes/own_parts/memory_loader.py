"""Imports the Python files of a part from the bytes that were read, never from the disk.

So nobody can exchange a file between the question and the import, and no bytecode is written. The package of
a part is `aestudio_own.GROUP.dDIGEST.NAME`: after a change it is another package, and models that were built
from the old files keep theirs.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.abc import ExecutionLoader, MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from aestudio.recipes.own_parts.part_folder import PartFolder

PREFIX = "aestudio_own"


class MemoryLoader(ExecutionLoader):
    """Loads the modules of one folder.

    package: the name under which the folder itself is imported
    """

    def __init__(self, content: PartFolder, package: str) -> None:
        self._content = content
        self._package = package

    def find_file(self, fullname: str) -> str | None:
        """The path within the folder of this module's file; of a package its `__init__.py`, or None.

        A package's file need not exist: the folder of a part works without it, as namespace packages do.
        """
        inner = fullname.removeprefix(self._package).removeprefix(".").replace(".", "/")
        files = self._content.files
        if f"{inner}.py" in files:
            return f"{inner}.py"
        folder = f"{inner}/" if inner else ""
        return f"{folder}__init__.py" if any(path.startswith(folder) for path in files) else None

    def is_package(self, fullname: str) -> bool:
        """Whether it is a folder."""
        file = self._require(fullname)
        return file.rpartition("/")[2] == "__init__.py"

    def get_filename(self, fullname: str) -> str:
        """Where the file is on the disk, for messages; it is not read there."""
        return str(self._content.folder / self._require(fullname))

    def get_source(self, fullname: str) -> str:
        """The text of the module; "" for a folder without `__init__.py`."""
        data = self._content.files.get(self._require(fullname), b"")
        try:
            return importlib.util.decode_source(data)
        except (UnicodeDecodeError, SyntaxError) as error:
            problem = SyntaxError(f"its text cannot be decoded: {error}")
            problem.filename, problem.lineno = self.get_filename(fullname), 1
            raise problem from error

    def get_data(self, path: str) -> bytes:
        """The content of a file of the folder, for `pkgutil.get_data`; raises OSError if there is none."""
        for name, content in self._content.files.items():
            if str(self._content.folder / name) == path:
                return content
        raise OSError(f"{path} is not one of the files that were read")

    def _require(self, fullname: str) -> str:
        file = self.find_file(fullname)
        if file is None:
            raise ImportError(f"no module named {fullname}", name=fullname)
        return file


class _EmptyPackage(ExecutionLoader):
    """The packages above the folders: they hold nothing."""

    def is_package(self, fullname: str) -> bool:  # noqa: ARG002 - the protocol's shape
        return True

    def get_filename(self, fullname: str) -> str:
        return f"<{fullname}>"

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - the protocol's shape
        return ""


class MemoryFinder(MetaPathFinder):
    """Finds the modules of all folders that were registered; everything else is left to the others."""

    def __init__(self) -> None:
        self._loaders: dict[str, MemoryLoader] = {}

    def register(self, content: PartFolder) -> str:
        """Make the folder importable; returns the name of its package."""
        package = f"{PREFIX}.{content.group}.d{content.digest}.{content.name}"
        self._loaders.setdefault(package, MemoryLoader(content, package))
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)
        return package

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's shape
        target: ModuleType | None = None,  # noqa: ARG002 - the protocol's shape
    ) -> ModuleSpec | None:
        """The module's spec; None if its name does not begin with `aestudio_own`.

        Raises ModuleNotFoundError for a file that was not there when the folder was read: the other finders
        must not look for it on the disk.
        """
        if fullname.partition(".")[0] != PREFIX:
            return None
        loader = self._loader_of(fullname)
        if loader is None:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        spec = importlib.util.spec_from_loader(fullname, loader)
        if spec is not None and spec.submodule_search_locations is not None:
            spec.submodule_search_locations = []
        return spec

    def _loader_of(self, fullname: str) -> ExecutionLoader | None:
        for package, loader in self._loaders.items():
            if fullname == package or fullname.startswith(f"{package}."):
                return loader if loader.find_file(fullname) is not None else None
            if package.startswith(f"{fullname}."):
                return _EmptyPackage()
        return None


FINDER = MemoryFinder()
