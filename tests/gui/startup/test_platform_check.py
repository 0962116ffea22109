"""The messages if no window can open, on a simulated machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.startup import platform_check
from aestudio.gui.startup.platform_packages import read_os_release

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux is checked")


@pytest.fixture
def machine(monkeypatch):
    """A machine on which every library loads and every display answers, unless a test changes that."""
    state = {"missing": set(), "unreachable": set()}
    monkeypatch.setattr(
        platform_check, "_missing_library", lambda name: name if name in state["missing"] else ""
    )
    monkeypatch.setattr(
        platform_check, "_display_reachable", lambda platform: platform not in state["unreachable"]
    )
    monkeypatch.setattr(platform_check, "_is_root", lambda: True)
    debian = read_os_release("ID=debian\nPRETTY_NAME=Debian\nVERSION_CODENAME=bookworm")
    monkeypatch.setattr(platform_check, "this_distribution", lambda: debian)
    return state


@pytest.mark.parametrize(
    "environment",
    [
        {"DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"QT_QPA_PLATFORM": "offscreen"},
        {"QT_QPA_PLATFORM": "vnc:size=800x600"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"},
    ],
)
def test_a_complete_machine_passes(machine, environment):
    platform_check.check_platform(environment)


@pytest.mark.parametrize("environment", [{}, {"QT_QPA_PLATFORM": "xcb"}, {"QT_QPA_PLATFORM": "wayland"}])
def test_without_a_display_the_message_lists_the_commands_that_need_none(machine, environment):
    with pytest.raises(StudioError) as caught:
        platform_check.check_platform(environment)
    for command in ("train", "evaluate", "export", "reconstruct", "recipes", "datasets", "shot"):
        assert command in str(caught.value)
    assert "no display" in str(caught.value)


def test_all_missing_libraries_are_in_one_message(machine):
    machine["missing"] = {"libxcb-cursor.so.0", "libEGL.so.1", "libxcb-icccm.so.4"}
    with pytest.raises(StudioError) as caught:
        platform_check.check_platform({"DISPLAY": ":0"})
    assert caught.value.where == "libEGL.so.1, libxcb-cursor.so.0, libxcb-icccm.so.4"
    assert "apt-get install -y libegl1 libxcb-cursor0 libxcb-icccm4" in str(caught.value)
    assert "sudo" not in str(caught.value)


def test_the_command_of_users_has_sudo(machine, monkeypatch):
    monkeypatch.setattr(platform_check, "_is_root", lambda: False)
    machine["missing"] = {"libEGL.so.1"}
    with pytest.raises(StudioError, match="sudo apt-get install -y libegl1"):
        platform_check.check_platform({"DISPLAY": ":0"})


def test_offscreen_does_not_need_x11(machine):
    machine["missing"] = {"libxcb-cursor.so.0"}
    platform_check.check_platform({"QT_QPA_PLATFORM": "offscreen"})


def test_one_of_two_displays_is_enough(machine):
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    machine["missing"] = {"libwayland-cursor.so.0"}
    platform_check.check_platform(both)
    machine["unreachable"] = {"xcb"}
    with pytest.raises(StudioError, match="does not answer"):
        platform_check.check_platform(both)


def test_an_unknown_distribution_gets_the_file_names(machine, monkeypatch):
    monkeypatch.setattr(platform_check, "this_distribution", lambda: read_os_release("ID=nixos"))
    machine["missing"] = {"libEGL.so.1"}
    with pytest.raises(StudioError, match=r"libEGL\.so\.1.*packages of your distribution"):
        platform_check.check_platform({"DISPLAY": ":0"})


def test_an_unknown_platform_is_refused_with_the_allowed_ones(machine):
    with pytest.raises(BadChoice, match="offscreen"):
        platform_check.check_platform({"QT_QPA_PLATFORM": "offscren"})


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_are_not_checked(monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    platform_check.check_platform({})


def test_the_missing_dependency_of_a_library_is_named(monkeypatch):
    def refuse(name):
        raise OSError("libinner.so.2: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(platform_check.ctypes, "CDLL", refuse)
    assert platform_check._missing_library("libouter.so.1") == "libinner.so.2"
    musl = "Error loading shared library libinner.so.2: No such file or directory (needed by libouter.so.1)"
    monkeypatch.setattr(platform_check.ctypes, "CDLL", lambda name: (_ for _ in ()).throw(OSError(musl)))
    assert platform_check._missing_library("libouter.so.1") == "libinner.so.2"


def test_an_unreachable_display_does_not_abort_the_process():
    code = "from aestudio.gui.startup.platform_check import check_platform; check_platform()"
    environment = {"DISPLAY": ":4321", "PATH": ""}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "StudioError" in result.stderr


def test_it_imports_neither_qt_nor_pyqtgraph():
    code = (
        "import sys, aestudio.gui.startup.platform_check as check\n"
        "try: check.check_platform({'DISPLAY': ':4321'})\n"
        "except Exception: pass\n"
        "bad = {name.partition('.')[0] for name in sys.modules} & {'PySide6', 'pyqtgraph', 'numpy'}\n"
        "sys.exit(', '.join(bad) or None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
