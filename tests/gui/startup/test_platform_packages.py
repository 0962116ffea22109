"""Packages and install commands of the distributions."""

import pytest

from aestudio.gui.startup.platform_packages import install_command, packages, read_os_release

DEBIAN_12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n'
DEBIAN_13 = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_CODENAME=trixie\n'
UBUNTU_22 = 'ID=ubuntu\nID_LIKE=debian\nNAME="Ubuntu"\nVERSION_CODENAME=jammy\nUBUNTU_CODENAME=jammy\n'
UBUNTU_24 = 'ID=ubuntu\nID_LIKE=debian\nNAME="Ubuntu"\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n'
MINT_21 = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=virginia\nUBUNTU_CODENAME=jammy\n'
FEDORA = 'NAME="Fedora Linux"\nID=fedora\n'
ROCKY = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n'
ARCH = "ID=arch\n"
MANJARO = "ID=manjaro\nID_LIKE=arch\n"
TUMBLEWEED = 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n'
ALPINE = "ID=alpine\n"
NIXOS = 'ID=nixos\nNAME="NixOS"\n'

LIBRARIES = ("libglib-2.0.so.0", "libgthread-2.0.so.0", "libxcb-icccm.so.4", "libEGL.so.1")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (DEBIAN_12, "apt-get install -y libegl1 libglib2.0-0 libxcb-icccm4"),
        (DEBIAN_13, "apt-get install -y libegl1 libglib2.0-0t64 libxcb-icccm4"),
        (UBUNTU_22, "apt-get install -y libegl1 libglib2.0-0 libxcb-icccm4"),
        (UBUNTU_24, "apt-get install -y libegl1 libglib2.0-0t64 libxcb-icccm4"),
        (MINT_21, "apt-get install -y libegl1 libglib2.0-0 libxcb-icccm4"),
        (FEDORA, "dnf install -y glib2 libglvnd-egl xcb-util-wm"),
        (ROCKY, "dnf install -y glib2 libglvnd-egl xcb-util-wm"),
        (ARCH, "pacman -S --needed glib2 libglvnd xcb-util-wm"),
        (MANJARO, "pacman -S --needed glib2 libglvnd xcb-util-wm"),
        (TUMBLEWEED, "zypper install -y Mesa-libEGL1 libglib-2_0-0 libgthread-2_0-0 libxcb-icccm4"),
        (ALPINE, "apk add glib mesa-egl xcb-util-wm"),
    ],
)
def test_each_distribution_has_its_command(text, command):
    distribution = read_os_release(text)
    assert install_command(LIBRARIES, distribution, root=True) == command
    assert install_command(LIBRARIES, distribution, root=False) == f"sudo {command}"


def test_an_unknown_distribution_gets_no_command_and_all_names():
    nixos = read_os_release(NIXOS)
    assert install_command(LIBRARIES, nixos, root=True) == ""
    assert packages(LIBRARIES, nixos) == ((), tuple(sorted(LIBRARIES)))


def test_libraries_without_a_known_package_are_returned():
    names, unknown = packages(("libEGL.so.1", "libnew.so.3"), read_os_release(DEBIAN_12))
    assert names == ("libegl1",)
    assert unknown == ("libnew.so.3",)


def test_a_damaged_os_release_is_read_as_far_as_possible():
    assert read_os_release('# comment\n\nID=debian\nNAME="unclosed\nnonsense').family == "debian"
    assert read_os_release("").name == "Linux"
