#!/usr/bin/env python3
"""Sets up AE Studio beside this file and starts it; needs nothing but Python.

    python3 start.py [arguments of aestudio]      sets up .venv if needed, then starts the program
    python3 start.py --test [arguments of pytest] the same with the tests

Only one start.py at a time changes .venv, and one that was interrupted is noticed: a file in .venv says so
from the first change until everything is installed.

This file must be readable for Python 3.6, so that an old Python can say that it is too old.
"""

import errno
import glob
import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

# A link to this file sets up beside the file itself.
ROOT = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "aestudio-setup.json")
UNFINISHED = os.path.join(VENV, "aestudio-unfinished")
LOCK = os.path.join(ROOT, ".venv.lock")
OLDEST = (3, 11)
OTHERS = ("3.13", "3.12", "3.14", "3.11")
WINDOWS = os.name == "nt"


class Problem(Exception):
    """Something that the user has to do: a sentence or two, and a command to type on its own line."""


class EndSignal(KeyboardInterrupt):
    """A signal that ends this program as Ctrl+C does; `number` is the signal's."""

    def __init__(self, number):
        KeyboardInterrupt.__init__(self)
        self.number = number


def report(line):
    print("AE Studio: " + line, flush=True)


# A Python that is new enough


def newer_python():
    """The command of another Python on this machine that is new enough, or None."""
    for version in OTHERS:
        command = ["py", "-" + version] if WINDOWS else ["python" + version]
        if shutil.which(command[0]) and answers(command):
            return command
    return None


def answers(command, module="sys"):
    """True when the command starts a Python that is new enough and has the module."""
    check = f"import sys, {module}; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.call([*command, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def too_old():
    this, oldest = dotted(sys.version_info[:3]), dotted(OLDEST)
    linux = sys.platform.startswith("linux")
    how = "from your distribution" if linux else "from https://www.python.org/downloads/"
    return Problem(
        f"this program needs Python {oldest} or newer and this is {this} ({sys.executable}), "
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
        raise Problem(f"{why}. Install it with:\n    {as_typed(command, sudo=True)}")
    before = [] if is_root() else ["sudo"]
    report(f"{why}; installing: {as_typed(command, sudo=not is_root())}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if command[0] == "apt-get":
        run([*before, "apt-get", "update", "-qq"], environment, "The list of packages could not be fetched")
    run(before + command, environment, "The packages could not be installed")


def as_typed(command, sudo):
    return ("sudo " if sudo else "") + " ".join(shlex.quote(part) for part in command)


def run(command, environment=None, otherwise="A step failed", lock=None):
    """Run a command whose output the user sees; raises Problem when it fails.

    lock: descriptor of the lock, held by the command too: it stays taken if only this program is killed
    """
    try:
        code = wait_for(start(command, environment, lock), apart=lock is not None)
    except OSError as error:
        raise Problem(f"{otherwise}: {error}") from None
    if code != 0:
        name = os.path.basename(command[0])
        raise Problem(f"{otherwise} ({name} ended with code {code}); the lines above say why.")


def start(command, environment, lock):
    """Start a command; with a lock in a new session, which Ctrl+C in the terminal does not reach."""
    if WINDOWS or lock is None:
        return subprocess.Popen(command, cwd=ROOT, env=environment)
    return subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[lock], start_new_session=True)


def wait_for(child, apart):
    """The child's exit code. Interrupted, this program first ends the child and waits for it.

    A second Ctrl+C may come while the first is being answered: both are counted, and answered in turn.
    """
    stops, answered = [], 0
    while True:
        try:
            while answered < len(stops):
                answered += 1
                end(child, apart, stops[-1], again=answered > 1)
            code = child.wait()
            break
        except KeyboardInterrupt as stop:
            stops.append(stop)
    if stops:
        raise stops[-1]
    return code


def end(child, apart, stop, again):
    """Ask the child to end as Ctrl+C does; the second time end it.

    apart: it is in its own session; the terminal itself sends Ctrl+C to all others
    """
    try:
        if apart and not WINDOWS:
            os.killpg(child.pid, signal.SIGKILL if again else signal.SIGINT)
        elif again:
            child.kill()
        elif isinstance(stop, EndSignal):
            child.send_signal(stop.number)
    except OSError:
        pass  # it has ended meanwhile, or is root's


@contextmanager
def signals_interrupt():
    """SIGTERM and SIGHUP (a closed terminal) end what goes on in here as Ctrl+C does."""

    def interrupt(number, _):
        raise EndSignal(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # An ignored signal stays ignored: `nohup` set it so.
    numbers = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


# One at a time


@contextmanager
def only_one():
    """Wait until no other start.py sets up; gives the lock's descriptor. The lock ends with this program."""
    descriptor = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not locked(descriptor):
            report("another start.py is setting up; waiting for it")
            while not locked(descriptor):
                time.sleep(0.2)
        yield descriptor
    finally:
        os.close(descriptor)


def locked(descriptor):
    """Take the lock if it is free; True also if the file system has no locks."""
    try:
        if WINDOWS:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True


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
    return hashlib.sha256(content + os.fsencode(ROOT) + dotted(sys.version_info[:2]).encode()).hexdigest()


def installed_extras():
    """What a former set-up installed: a list of extras, or None when it has to be done (again)."""
    try:
        write_path_in_ascii()
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
        unchanged = stamp["fingerprint"] == fingerprint() and not os.path.exists(UNFINISHED)
        if unchanged and answers([venv_python()]):
            return list(stamp["extras"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def write_path_in_ascii():
    """Rewrite the file by which .venv finds this folder, if its path has characters like umlauts.

    pip writes the path itself, as UTF-8. Python 3.11 and 3.12 read it as the locale has it: with LC_ALL=C
    no Python of .venv starts any more, and .venv would be taken for damaged.
    """
    path = os.fsencode(ROOT).decode("utf-8", "replace")
    if not any(ord(character) > 127 for character in path):
        return
    places = ("Lib", "site-packages") if WINDOWS else ("lib", "python*", "site-packages")
    for name in glob.glob(os.path.join(glob.escape(VENV), *places, "*.pth")):
        with open(name, "rb") as file:
            content = file.read()
        if content.decode("utf-8", "replace").strip() == path:
            replace(name, f"import sys; sys.path.append({path!a})\n")


def is_complete(extras):
    """Whether nothing has to be set up."""
    before = installed_extras()
    return before is not None and set(extras) <= set(before)


def set_up(extras):
    """Make .venv complete: `extras` is [] for the program, ["test"] for its tests too."""
    with signals_interrupt(), only_one() as lock:
        if is_complete(extras):
            return  # the other start.py has done it
        chosen = sorted(set(extras) | set(installed_extras() or []))
        if not is_sound():
            make_venv(lock)
        install(chosen, lock)
    report("set up")


def is_sound():
    """Whether packages can be installed into .venv: it is complete, and no set-up was interrupted."""
    state = read_state()
    if state == "at work":
        report("the last set-up was interrupted; making the virtual environment again")
        return False
    if state == "failed" and half_installed():
        report("an earlier installation left half a package; making the virtual environment again")
        return False
    return answers([venv_python()], "pip")


def read_state():
    """ "at work" after an interruption, "failed" when pip gave up, "" if .venv is complete."""
    try:
        with open(UNFINISHED, encoding="utf-8") as file:
            return file.read().strip() or "at work"
    except (OSError, ValueError):
        return ""


def write_state(state):
    os.makedirs(VENV, exist_ok=True)
    replace(UNFINISHED, state + "\n")


def replace(path, text):
    """Write a file, whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def half_installed():
    """Whether a package lacks its list of files, which pip writes last."""
    for folder, names, _ in os.walk(VENV):
        if os.path.basename(folder) == "site-packages":
            infos = [os.path.join(folder, name) for name in names if name.endswith(".dist-info")]
            return any(not os.path.exists(os.path.join(info, "RECORD")) for info in infos)
    return True


def make_venv(lock):
    """Make .venv from nothing; one that is not of this program is kept under another name."""
    ensure_venv_module()
    set_aside_foreign_venv()
    report(f"making a virtual environment in {VENV} with Python {dotted(sys.version_info[:2])}")
    write_state("at work")
    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if path == UNFINISHED:
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    making = [sys.executable, "-m", "venv", VENV]
    run(making, None, "The virtual environment could not be made", lock)


def set_aside_foreign_venv():
    """Rename a .venv that this program has not made and cannot use."""
    ours = os.path.exists(STAMP) or os.path.exists(UNFINISHED)
    if ours or not os.path.lexists(VENV) or (os.path.isdir(VENV) and not os.listdir(VENV)):
        return
    target, number = VENV + "-old", 2
    while os.path.lexists(target):
        target, number = f"{VENV}-old-{number}", number + 1
    os.rename(VENV, target)
    report(f"the .venv here cannot be used (damaged, or not made by this program); it is kept as {target}")


def install(chosen, lock):
    """Install the program with its extras, a list, and write down that it is complete."""
    write_state("at work")
    target = "." + (f"[{','.join(chosen)}]" if chosen else "")
    report("installing the program and its packages; the first time this takes minutes (PyTorch is large)")
    bar = "on" if sys.stdout is not None and sys.stdout.isatty() else "off"
    pip = [venv_python(), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", bar]
    try:
        run([*pip, "-e", target], None, "The packages could not be installed", lock)
    except Problem:
        write_state("failed")
        raise
    write_path_in_ascii()
    replace(STAMP, json.dumps({"fingerprint": fingerprint(), "extras": chosen}))
    os.remove(UNFINISHED)


def ensure_qt_libraries(required):
    """Install the system libraries that Qt lacks; without the permission, stop only if `required`."""
    if not sys.platform.startswith("linux"):
        return
    check = [venv_python(), "-m", "aestudio.gui.startup.platform_check", "--install-command"]
    check += ["xcb"] * bool(os.environ.get("DISPLAY")) + ["wayland"] * bool(os.environ.get("WAYLAND_DISPLAY"))
    answer = subprocess.run(check, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    command = shlex.split(answer.stdout.decode())
    if not command:
        return
    try:
        install_for_system(command, "Qt's system libraries are missing")
    except Problem as problem:
        if required:
            raise
        report(str(problem))


# Starting


def become(command):
    """Continue as another program, in this process if the system can."""
    if WINDOWS:
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def run_all_tests(pytest):
    """The default suite, side by side on up to four cores: none of it depends on how busy the machine is.

    Each process has its share of the files, and takes tests over from another one when it has done with them.
    There is one more than cores: tests of the window wait for threads and timers part of their time.
    """
    workers = str(min(4, os.cpu_count() or 1) + 1)
    become([*pytest, "-n", workers, "--dist", "worksteal", "-m", "not slow and not thorough"])


def opens_window(arguments):
    """True for the window, also with a file to open, and for `shot`, which draws it; others need no Qt."""
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    positional = [argument for argument in arguments if not argument.startswith("-")]
    return not positional or positional[0] == "shot" or os.path.exists(positional[0])


def answer_without_setup(arguments):
    """Help, the version and mistyped commands need no packages: an exit code, or None for all else."""
    sys.path.insert(0, ROOT)
    from aestudio.cli.before_setup import run_without_packages

    return run_without_packages(arguments)


def main(arguments):
    """Set up and start; returns an exit code, or becomes the program and does not return."""
    if sys.version_info < OLDEST:
        command = newer_python()
        if command is None:
            raise too_old()
        report("this Python is too old, continuing with " + " ".join(command))
        return subprocess.call([*command, os.path.abspath(__file__), *arguments])
    prepare_non_ascii_paths()
    tests = arguments[:1] == ["--test"]
    extras = ["test"] if tests else []
    if not is_complete(extras):
        code = None if tests else answer_without_setup(arguments)
        if code is not None:
            return code
        set_up(extras)
    if tests or opens_window(arguments):
        ensure_qt_libraries(required=tests)
    if tests:
        os.chdir(ROOT)
        pytest = [venv_python(), "-m", "pytest"]
        if len(arguments) > 1:
            become([*pytest, *arguments[1:]])
        run_all_tests(pytest)
    become([venv_python(), "-m", "aestudio", *arguments])
    return 0


def prepare_non_ascii_paths():
    """Make paths with characters like umlauts work in every locale; raises Problem if they cannot."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")
    path = os.fsencode(ROOT)
    try:
        path.decode("ascii")
    except UnicodeDecodeError:
        # pip and venv write paths as UTF-8: what reads them must use UTF-8 too.
        os.environ["PYTHONUTF8"] = "1"
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(
            f"the name of this folder is not UTF-8, and Python cannot be set up in it ({ROOT}). Rename it."
        ) from None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (Problem, OSError) as problem:
        print(f"AE Studio: {problem}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt as stop:
        print("AE Studio: stopped; run it again to continue.", file=sys.stderr)
        sys.exit(128 + getattr(stop, "number", 2))
