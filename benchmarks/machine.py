"""Describes the machine of a measurement: what matters for speed, and nothing that identifies its owner."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

PACKAGES = ("torch", "torchvision", "numpy", "PySide6-Essentials", "pyqtgraph")
GPU_CODE = """
import torch
if torch.cuda.is_available():
    print(torch.cuda.get_device_name(0))
"""
GIBIBYTE = 1 << 30


def describe() -> dict[str, str]:
    """Processor, cores, memory, system, GPU, Qt's platform, versions."""
    return {
        "processor": _processor(),
        "cores": str(_cores()),
        "memory": _memory(),
        "system": _system(),
        "GPU": _gpu(),
        "Qt platform": qt_platform(),
        "Python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
    }


def one_line(machine: dict[str, str]) -> str:
    """The description in one line, for README."""
    hardware = f"{machine['processor']}, {machine['cores']} cores, {machine['memory']}, GPU: {machine['GPU']}"
    versions = ", ".join(f"{name} {machine[name]}" for name in ("Python", *PACKAGES) if name in machine)
    return f"{hardware}; {machine['system']}, Qt platform {machine['Qt platform']}; {versions}"


def qt_platform() -> str:
    """The platform that Qt uses: as set by QT_QPA_PLATFORM or chosen by Qt; "offscreen" without a display."""
    named = os.environ.get("QT_QPA_PLATFORM")
    if named:
        return named.partition(":")[0]
    by_system = {"darwin": "cocoa", "win32": "windows"}.get(sys.platform)
    if by_system:
        return by_system
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if os.environ.get("DISPLAY") else "offscreen"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    if named:
        return " ".join(named[0].split())
    if sys.platform == "darwin":
        return _output(["sysctl", "-n", "machdep.cpu.brand_string"]) or platform.machine()
    return platform.processor() or platform.machine()


def _cores() -> int:
    """Logical cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> str:
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return f"{size / GIBIBYTE:.0f} GiB"
    return "unknown"


def _system() -> str:
    if sys.platform.startswith("linux"):
        try:
            name = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
        except OSError:
            name = "Linux"
        return f"{name} ({platform.machine()})"
    return f"{platform.system()} {platform.release()} ({platform.machine()})"


def _gpu() -> str:
    """The GPU's name, from a separate process, to keep torch out of this one."""
    return _output([sys.executable, "-c", GPU_CODE]) or "none"


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
