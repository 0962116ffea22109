"""Maps the libraries that Qt needs to the packages of Linux distributions; uses the standard library only."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

# library: Debian and Ubuntu, Fedora and its derivatives, Arch, openSUSE, Alpine
_PACKAGES = """
libEGL.so.1             libegl1              libglvnd-egl         libglvnd           Mesa-libEGL1         mesa-egl
libGL.so.1              libgl1               libglvnd-glx         libglvnd           Mesa-libGL1          mesa-gl
libX11.so.6             libx11-6             libX11               libx11             libX11-6             libx11
libX11-xcb.so.1         libx11-xcb1          libX11-xcb           libx11             libX11-xcb1          libx11
libdbus-1.so.3          libdbus-1-3          dbus-libs            dbus               libdbus-1-3          dbus-libs
libfontconfig.so.1      libfontconfig1       fontconfig           fontconfig         libfontconfig1       fontconfig
libfreetype.so.6        libfreetype6         freetype             freetype2          libfreetype6         freetype
libglib-2.0.so.0        libglib2.0-0         glib2                glib2              libglib-2_0-0        glib
libgthread-2.0.so.0     libglib2.0-0         glib2                glib2              libgthread-2_0-0     glib
libxkbcommon.so.0       libxkbcommon0        libxkbcommon         libxkbcommon       libxkbcommon0        libxkbcommon
libxkbcommon-x11.so.0   libxkbcommon-x11-0   libxkbcommon-x11     libxkbcommon-x11   libxkbcommon-x11-0   libxkbcommon-x11
libxcb.so.1             libxcb1              libxcb               libxcb             libxcb1              libxcb
libxcb-cursor.so.0      libxcb-cursor0       xcb-util-cursor      xcb-util-cursor    libxcb-cursor0       xcb-util-cursor
libxcb-glx.so.0         libxcb-glx0          libxcb               libxcb             libxcb-glx0          libxcb
libxcb-icccm.so.4       libxcb-icccm4        xcb-util-wm          xcb-util-wm        libxcb-icccm4        xcb-util-wm
libxcb-image.so.0       libxcb-image0        xcb-util-image       xcb-util-image     libxcb-image0        xcb-util-image
libxcb-keysyms.so.1     libxcb-keysyms1      xcb-util-keysyms     xcb-util-keysyms   libxcb-keysyms1      xcb-util-keysyms
libxcb-randr.so.0       libxcb-randr0        libxcb               libxcb             libxcb-randr0        libxcb
libxcb-render.so.0      libxcb-render0       libxcb               libxcb             libxcb-render0       libxcb
libxcb-render-util.so.0 libxcb-render-util0  xcb-util-renderutil  xcb-util-renderutil libxcb-render-util0 xcb-util-renderutil
libxcb-shape.so.0       libxcb-shape0        libxcb               libxcb             libxcb-shape0        libxcb
libxcb-shm.so.0         libxcb-shm0          libxcb               libxcb             libxcb-shm0          libxcb
libxcb-sync.so.1        libxcb-sync1         libxcb               libxcb             libxcb-sync1         libxcb
libxcb-util.so.1        libxcb-util1         xcb-util             xcb-util           libxcb-util1         xcb-util
libxcb-xfixes.so.0      libxcb-xfixes0       libxcb               libxcb             libxcb-xfixes0       libxcb
libxcb-xkb.so.1         libxcb-xkb1          libxcb               libxcb             libxcb-xkb1          libxcb
libwayland-client.so.0  libwayland-client0   libwayland-client    wayland            libwayland-client0   wayland-libs-client
libwayland-cursor.so.0  libwayland-cursor0   libwayland-cursor    wayland            libwayland-cursor0   wayland-libs-cursor
libwayland-egl.so.1     libwayland-egl1      libwayland-egl       wayland            libwayland-egl1      wayland-libs-egl
libgbm.so.1             libgbm1              mesa-libgbm          mesa               libgbm1              mesa-gbm
libdrm.so.2             libdrm2              libdrm               libdrm             libdrm2              libdrm
libinput.so.10          libinput10           libinput             libinput           libinput10           libinput
libmtdev.so.1           libmtdev1            mtdev                mtdev              libmtdev1            mtdev
libudev.so.1            libudev1             systemd-libs         systemd-libs       libudev1             eudev-libs
libz.so.1               zlib1g               zlib                 zlib               libz1                zlib
libzstd.so.1            libzstd1             libzstd              zstd               libzstd1             zstd-libs
libgcc_s.so.1           libgcc-s1            libgcc               gcc-libs           libgcc_s1            libgcc
libstdc++.so.6          libstdc++6           libstdc++            gcc-libs           libstdc++6           libstdc++
"""  # noqa: E501 - a table

_FAMILIES = {
    "debian": ("debian", "ubuntu"),
    "fedora": ("fedora", "rhel", "centos"),
    "arch": ("arch",),
    "opensuse": ("opensuse", "suse", "sles"),
    "alpine": ("alpine",),
}
_INSTALL = {
    "debian": "apt-get install -y",
    "fedora": "dnf install -y",
    "arch": "pacman -S --needed",
    "opensuse": "zypper install -y",
    "alpine": "apk add",
}

_BEFORE_T64 = frozenset(
    {
        "stretch",
        "buster",
        "bullseye",
        "bookworm",
        "xenial",
        "bionic",
        "focal",
        "jammy",
        "kinetic",
        "lunar",
        "mantic",
    }
)
"""Releases before Debian 13 and Ubuntu 24.04, which renamed the packages of libraries with 64-bit time."""
_T64 = frozenset({"libglib2.0-0"})


@dataclass(frozen=True)
class Distribution:
    """A Linux distribution; `family` is "" if its package names are unknown."""

    name: str
    family: str
    codename: str


def read_os_release(text: str) -> Distribution:
    """Parse the text of /etc/os-release: lines of KEY=value, with values quoted as in a shell."""
    fields: dict[str, str] = {}
    for line in text.splitlines():
        key, separator, value = line.strip().partition("=")
        if separator and not key.startswith("#"):
            try:
                fields[key] = " ".join(shlex.split(value))
            except ValueError:  # an unclosed quote
                fields[key] = value
    identifiers = [fields.get("ID", "").lower(), *fields.get("ID_LIKE", "").lower().split()]
    family = next(
        (
            family
            for identifier in identifiers
            for family, known in _FAMILIES.items()
            if identifier.startswith(known)
        ),
        "",
    )
    codename = (
        fields.get("UBUNTU_CODENAME") or fields.get("DEBIAN_CODENAME") or fields.get("VERSION_CODENAME", "")
    )
    return Distribution(fields.get("PRETTY_NAME") or fields.get("NAME", "Linux"), family, codename)


def packages(
    libraries: tuple[str, ...], distribution: Distribution
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (packages that contain the libraries, libraries without a known package), both sorted."""
    if distribution.family not in _FAMILIES:
        return (), tuple(sorted(libraries))
    column = list(_FAMILIES).index(distribution.family) + 1
    table = {row[0]: row[column] for row in map(str.split, _PACKAGES.strip().splitlines())}
    names = {table[library] for library in libraries if library in table}
    if distribution.family == "debian" and distribution.codename not in _BEFORE_T64:
        names = {f"{package}t64" if package in _T64 else package for package in names}
    return tuple(sorted(names)), tuple(sorted(library for library in libraries if library not in table))


def install_command(libraries: tuple[str, ...], distribution: Distribution, root: bool) -> str:
    """Return the command for a terminal; "" if the distribution or every library is unknown."""
    names, _ = packages(libraries, distribution)
    if not names:
        return ""
    return f"{'' if root else 'sudo '}{_INSTALL[distribution.family]} {' '.join(names)}"
