"""Checks that a window can open, before Qt is loaded: Qt would abort the process without a helpful message.

`python -m aestudio.gui.startup.platform_check` prints the problem; it imports neither Qt nor pyqtgraph.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.startup.elf import needed_libraries
from aestudio.gui.startup.platform_packages import Distribution, install_command, packages, read_os_release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MODULES = ("QtCore", "QtGui", "QtWidgets", "QtSvg", "QtTest", "QtOpenGL", "QtOpenGLWidgets")
_WITHOUT_DISPLAY = frozenset(
    {"offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs", "vkkhrdisplay"}
)
_NAMED_IN_ERROR = re.compile(r"(?:library )?(lib[^\s:]+\.so[^\s:]*)")


def check_platform(environment: Mapping[str, str] = os.environ) -> None:
    """Raise StudioError if no window can open here, with what is missing and how to install it.

    Only Linux is checked: the wheels for Windows and macOS contain every library.
    """
    if not sys.platform.startswith("linux"):
        return
    candidates = _candidate_platforms(environment)
    if not candidates:
        raise _no_display("There is no display to open a window on")
    plugins = {platform: _plugins(platform) for platform in candidates}
    complete = [platform for platform in candidates if not missing_libraries(plugins[platform])]
    if not complete:
        raise _libraries_missing(missing_libraries(plugins[candidates[-1]]))
    if not any(_display_reachable(platform) for platform in complete):
        display = " ".join(f"{key}={environment[key]}" for key in _DISPLAYS if environment.get(key))
        raise _no_display(f"The display does not answer ({display})")


_DISPLAYS = ("WAYLAND_DISPLAY", "DISPLAY")


def _candidate_platforms(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of Qt's platforms that may be used, in the order in which Qt tries them."""
    requested = environment.get("QT_QPA_PLATFORM", "")
    names = tuple(part.split(":")[0].strip() for part in requested.split(";") if part.strip())
    wayland, x11 = (bool(environment.get(key)) for key in _DISPLAYS)
    if not names:
        return ("wayland",) * wayland + ("xcb",) * x11
    available = _available_platforms()
    for name in names:
        if available and not any(name == known or name.startswith(f"{known}-") for known in available):
            raise BadChoice("QT_QPA_PLATFORM", name, available)
    usable = (name for name in names if name in _WITHOUT_DISPLAY or (wayland if "wayland" in name else x11))
    return tuple(usable)


def missing_libraries(plugins: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the system libraries, sorted, that Qt's modules and these plugins need and that do not load."""
    folders = _qt_folders()
    files = [folder / f"{module}.abi3.so" for folder in folders for module in _MODULES]
    missing = (_missing_library(library) for library in _system_libraries([*files, *plugins], folders))
    return tuple(sorted({library for library in missing if library}))


def _system_libraries(files: list[Path], folders: tuple[Path, ...]) -> set[str]:
    """Return the libraries that the files need, directly or indirectly, and that Qt does not bring along."""
    bundled = {path.name: path for folder in folders for path in folder.glob("*.so*")}
    seen: set[str] = set()
    waiting = list(files)
    while waiting:
        for library in needed_libraries(waiting.pop()):
            if library not in seen:
                seen.add(library)
                if library in bundled:
                    waiting.append(bundled[library])
    return seen - bundled.keys()


def _missing_library(library: str) -> str:
    """Return the library that stops this one from loading (itself or a dependency), "" if it loads."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        match = _NAMED_IN_ERROR.search(str(error))
        return match.group(1) if match else library
    return ""


def _qt_folders() -> tuple[Path, ...]:
    """Return the folders of PySide6's modules and Qt's libraries, without importing them."""
    folders: list[Path] = []
    for name in ("PySide6", "shiboken6"):
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise StudioError(
                f"{name} is not installed", advice="Install it with:  pip install PySide6-Essentials"
            )
        folder = Path(spec.submodule_search_locations[0])
        folders += [folder, folder / "Qt" / "lib"]
    return tuple(folders)


def _platform_folder() -> Path:
    return _qt_folders()[0] / "Qt" / "plugins" / "platforms"


def _available_platforms() -> tuple[str, ...]:
    names = {path.stem.removeprefix("libq").split("-")[0] for path in _platform_folder().glob("libq*.so")}
    return tuple(sorted(names))


def _plugins(platform: str) -> tuple[Path, ...]:
    """Return the plugin files of a platform; Wayland has one or two, depending on Qt's version."""
    return tuple(sorted(_platform_folder().glob(f"libq{platform.split('-')[0]}*.so")))[:2]


def _display_reachable(platform: str) -> bool:
    """Whether the display accepts a connection; if not, Qt would abort the process."""
    if platform == "xcb":
        return _connects("libxcb.so.1", _connect_x11)
    if platform.startswith("wayland"):
        return _connects("libwayland-client.so.0", _connect_wayland)
    return True


def _connects(library: str, attempt: Callable[[ctypes.CDLL], bool]) -> bool:
    try:
        return attempt(ctypes.CDLL(library))
    except (OSError, AttributeError):
        return True  # cannot be checked, but Qt may still find a way


def _connect_x11(library: ctypes.CDLL) -> bool:
    library.xcb_connect.restype = ctypes.c_void_p
    library.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    library.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = library.xcb_connect(None, None)
    failed = library.xcb_connection_has_error(connection)
    library.xcb_disconnect(connection)
    return not failed


def _connect_wayland(library: ctypes.CDLL) -> bool:
    library.wl_display_connect.restype = ctypes.c_void_p
    library.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    display = library.wl_display_connect(None)
    if not display:
        return False
    library.wl_display_disconnect(display)
    return True


def _no_display(what: str) -> StudioError:
    return StudioError(
        what,
        advice="Start aestudio in a desktop session, or use one of the commands that need no display: "
        "aestudio train, evaluate, export, reconstruct, recipes, datasets, shot.",
    )


def _libraries_missing(libraries: tuple[str, ...]) -> StudioError:
    distribution = this_distribution()
    command = install_command(libraries, distribution, root=_is_root())
    _, unknown = packages(libraries, distribution)
    if command:
        advice = f"On {distribution.name} install them with:  {command}"
        advice += f"  (and the packages that have {', '.join(unknown)})" if unknown else ""
    else:
        advice = "Install the packages of your distribution that have these files."
    return StudioError(
        "Qt needs system libraries that are not installed", where=", ".join(libraries), advice=advice
    )


def this_distribution() -> Distribution:
    """Return the Linux distribution that this program runs on."""
    for path in (Path("/etc/os-release"), Path("/usr/lib/os-release")):
        try:
            return read_os_release(path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
    return Distribution("Linux", "", "")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def main() -> int:
    """Print the problem on standard error, or with --install-command [PLATFORM ...] the command for root."""
    if sys.argv[1:2] == ["--install-command"]:
        plugins = [path for name in ("offscreen", *sys.argv[2:]) for path in _plugins(name)]
        missing = missing_libraries(tuple(plugins)) if sys.platform.startswith("linux") else ()
        sys.stdout.write(install_command(missing, this_distribution(), root=True) + "\n")
        return 0
    try:
        check_platform()
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
