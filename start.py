#!/usr/bin/env python3
"""Sets up AE Studio beside this file and starts it; needs nothing but Python.

    python3 start.py [arguments of aestudio]      sets up .venv if needed, then starts the program
    python3 start.py --test [arguments of pytest] the same with the tests

This file must be readable for Python 3.6, so that an old Python can say that it is too old.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "aestudio-setup.json")
OLDEST = (3, 11)
OTHERS = ("3.13", "3.12", "3.14", "3.11")
WINDOWS = os.name == "nt"


class Problem(Exception):
    """Something that the person has to do: a sentence or two, a command to type on a line of its own."""


def say(line):
    print("AE Studio: " + line, flush=True)


# A Python that is new enough


def newer_python():
    """The command of another Python on this machine that is new enough, or None."""
    for version in OTHERS:
        command = ["py", "-" + version] if WINDOWS else ["python" + version]
        if shutil.which(command[0]) and answers(command):
            return command
    return None


def answers(command):
    """True when the command starts a Python that is new enough."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.call([*command, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def too_old():
    this, wanted = dotted(sys.version_info[:3]), dotted(OLDEST)
    linux = sys.platform.startswith("linux")
    how = "from your distribution" if linux else "from https://www.python.org/downloads/"
    return Problem(
        f"this program needs Python {wanted} or newer and this is {this} ({sys.executable}), "
        f"the only one here. Install a newer one {how}."
    )


def dotted(version):
    return ".".join(str(part) for part in version)


# Packages of the system


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_for_system(command, why):
    """Run an installer's command (a list) as root, or raise Problem with the line to type."""
    if not is_root() and not (shutil.which("sudo") and sys.stdin.isatty()):
        raise Problem(f"{why}. Install it with:\n    {shown(command, sudo=True)}")
    before = [] if is_root() else ["sudo"]
    say(f"{why}; installing: {shown(command, sudo=not is_root())}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if command[0] == "apt-get":
        run([*before, "apt-get", "update", "-qq"], environment, "The list of packages could not be fetched")
    run(before + command, environment, "The packages could not be installed")


def shown(command, sudo):
    return ("sudo " if sudo else "") + " ".join(shlex.quote(part) for part in command)


def run(command, environment=None, otherwise="A step failed"):
    """Run a command whose output the person sees; raises Problem when it fails."""
    try:
        code = subprocess.call(command, cwd=ROOT, env=environment)
    except OSError as error:
        raise Problem(f"{otherwise}: {error}") from None
    if code != 0:
        name = os.path.basename(command[0])
        raise Problem(f"{otherwise} ({name} ended with code {code}); the lines above say why.")


# The virtual environment


def venv_python():
    return os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")


def can_make_venvs():
    import importlib.util

    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def ensure_venv_module():
    """Debian and Ubuntu ship Python without the part that makes virtual environments."""
    if can_make_venvs():
        return
    why = "Python's module for virtual environments is missing"
    if not (shutil.which("apt-get") and sys.executable.startswith("/usr/bin/")):
        raise Problem(f"{why} (ensurepip, for {sys.executable}). Install the complete Python.")
    package = f"python{dotted(sys.version_info[:2])}-venv"
    install_for_system(["apt-get", "install", "-y", package], why)


def fingerprint():
    """Changes when what has to be installed does, or when the folder was moved."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        content = file.read()
    return hashlib.sha256(content + ROOT.encode() + dotted(sys.version_info[:2]).encode()).hexdigest()


def installed_extras():
    """What a former set-up installed: a list of extras, or None when it has to be done (again)."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
        if stamp["fingerprint"] == fingerprint() and answers([venv_python()]):
            return list(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def set_up(extras):
    """Make .venv complete: `extras` is [] for the program, ["test"] for its tests too."""
    before = installed_extras()
    if before is not None and set(extras) <= set(before):
        return
    if not answers([venv_python()]):
        ensure_venv_module()
        say(f"making a virtual environment in {VENV} with Python {dotted(sys.version_info[:2])}")
        making = [sys.executable, "-m", "venv", "--clear", VENV]
        run(making, None, "The virtual environment could not be made")
    wanted = sorted(set(extras) | set(before or []))
    target = "." + (f"[{','.join(wanted)}]" if wanted else "")
    say("installing the program and its packages; the first time this takes minutes (PyTorch is large)")
    bar = "on" if sys.stdout.isatty() else "off"
    pip = [venv_python(), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", bar]
    run([*pip, "-e", target], None, "The packages could not be installed")
    with open(STAMP, "w", encoding="utf-8") as file:
        json.dump({"fingerprint": fingerprint(), "extras": wanted}, file)
    say("set up")


def ensure_qt_libraries(required):
    """Install the system libraries that Qt lacks; without the right to, stop only when `required`."""
    if not sys.platform.startswith("linux"):
        return
    asked = [venv_python(), "-m", "aestudio.gui.platform_check", "--install-command"]
    asked += ["xcb"] * bool(os.environ.get("DISPLAY")) + ["wayland"] * bool(os.environ.get("WAYLAND_DISPLAY"))
    answer = subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    command = shlex.split(answer.stdout.decode())
    if not command:
        return
    try:
        install_for_system(command, "Qt's system libraries are missing")
    except Problem as problem:
        if required:
            raise
        say(str(problem))


# Starting


def become(command):
    """Go on as another program, in this process where the system can."""
    if WINDOWS:
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def run_all_tests(pytest):
    """The default suite: side by side on up to four cores, then the tests that need the machine alone."""
    workers = str(min(4, os.cpu_count() or 1))
    side_by_side = ["-n", workers, "--dist", "loadfile", "-m", "not slow and not alone"]
    first = subprocess.call([*pytest, *side_by_side])
    return max(first, subprocess.call([*pytest, "-m", "alone and not slow"]))


def opens_window(arguments):
    """True for the window and for `shot`, which draws it; the other commands need no Qt."""
    words = [argument for argument in arguments if not argument.startswith("-")]
    return not words or words[0] == "shot"


def main(arguments):
    """Do what the module says; returns an exit code or does not return at all."""
    if sys.version_info < OLDEST:
        command = newer_python()
        if command is None:
            raise too_old()
        say("this Python is too old, going on with " + " ".join(command))
        return subprocess.call([*command, os.path.abspath(__file__), *arguments])
    tests = arguments[:1] == ["--test"]
    set_up(["test"] if tests else [])
    if tests or opens_window(arguments):
        ensure_qt_libraries(required=tests)
    if tests:
        os.chdir(ROOT)
        pytest = [venv_python(), "-m", "pytest"]
        if len(arguments) > 1:
            become([*pytest, *arguments[1:]])
        return run_all_tests(pytest)
    become([venv_python(), "-m", "aestudio", *arguments])
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        print(f"AE Studio: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("AE Studio: stopped; start again to go on.", file=sys.stderr)
        sys.exit(130)
