"""Lets the program read bombs of every kind, and prints message, time and peak memory as a table.

python -m benchmarks.reliability.bombs
python -m benchmarks.reliability.bombs --only npz GIF --seconds 60

Each is read in a separate process: by the command line (`train --dataset` or `train --resume`, ended when the
training begins), or as the window opens a run (`read_run`). The peak is that of the whole process, which is
about 50 MB before anything is read, and 580 MB with torch. The exit code is 1 if one of them was neither read
nor refused with one sentence in time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.reliability.bomb_files import BOMBS

if TYPE_CHECKING:
    from benchmarks.reliability.bomb_files import Bomb

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120.0
READ, LATE, BROKEN = "read", "no message in time", "ended without a sentence"
_RECIPE = "compress-ae"
_BEGUN = "parameters on"  # in the line that `train` prints when everything was read
_SHOWN = 110  # characters of a message


@dataclass(frozen=True)
class Result:
    """The result of one bomb. bytes: of the file or folder; peak: maximum memory of the process in bytes."""

    bomb: str
    bytes: int
    message: str
    seconds: float
    peak: int

    @property
    def good(self) -> bool:
        """Whether it was read, or refused with a sentence, in time."""
        return not self.message.startswith((LATE, BROKEN))


class BombReader:
    """Makes and reads bombs in a folder, which also gets an intact run to copy."""

    def __init__(self, folder: Path, seconds: float = SECONDS) -> None:
        self.folder = folder
        self.seconds = seconds
        self.environment = os.environ | {
            "AESTUDIO_HOME": str(folder / "home"),
            "PYTHONUNBUFFERED": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def read(self, bomb: Bomb) -> Result:
        """Make the bomb, read it and remove it."""
        folder = self.folder / "bomb"
        if bomb.reader == "data":
            folder.mkdir()
        else:
            shutil.copytree(self._intact_run(), folder)
        try:
            path = self._make(bomb, folder)
            size = _size(path)
            message, seconds, peak = self._run_command(self._arguments(bomb, path))
            return Result(bomb.name, size, message.replace(str(folder), "..."), seconds, peak)
        finally:
            shutil.rmtree(folder)

    def _make(self, bomb: Bomb, folder: Path) -> Path:
        """Make it in another process: on Linux the peak of a process begins with that of its parent."""
        command = [sys.executable, "-m", "benchmarks.reliability.bomb_files", bomb.name, str(folder)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Path(done.stdout)

    def _arguments(self, bomb: Bomb, path: Path) -> list[str]:
        if bomb.reader == "window":
            return ["benchmarks.reliability.read_run", str(path)]
        if bomb.reader == "resume":
            return ["aestudio", "train", "--resume", str(path)]
        kept = str(self.folder / "home" / "kept")
        shutil.rmtree(kept, ignore_errors=True)
        options = ["--dataset", str(path), "--epochs", "1", "--device", "cpu", "--out", kept]
        return ["aestudio", "train", _RECIPE, *options]

    def _intact_run(self) -> Path:
        """An intact run, trained on the first call."""
        run = self.folder / "intact"
        if not run.exists():
            arguments = ["train", _RECIPE, "--dataset", "sklearn-digits", "--epochs", "1", "--out", str(run)]
            command = [sys.executable, "-m", "aestudio", *arguments]
            subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)
        return run

    def _run_command(self, arguments: list[str]) -> tuple[str, float, int]:
        """Message, seconds, and peak memory in bytes of one command."""
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, end)
        timer.start()
        try:
            lines, seconds = _read_output(process, began)
            _, status, used = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return _message(lines, process.returncode, late.is_set()), seconds, used.ru_maxrss * _unit()


def _read_output(process: subprocess.Popen[str], began: float) -> tuple[list[str], float]:
    """Read the lines of a process until it ends or a training begins (it is killed then); and the seconds."""
    lines: list[str] = []
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            lines.append(line.strip())
            if _BEGUN in line:
                seconds = time.monotonic() - began
                process.send_signal(signal.SIGKILL)
                return lines, seconds
    return lines, time.monotonic() - began


def _message(lines: list[str], code: int, late: bool) -> str:
    if late:
        return LATE
    if any(_BEGUN in line for line in lines) or code == 0:
        return READ
    messages = [line for line in lines if line.startswith("aestudio: ")]
    if not messages or any("Traceback" in line for line in lines):
        return f"{BROKEN}, exit code {code}: {lines[-1] if lines else ''}"
    return messages[-1].removeprefix("aestudio: ")


def _size(path: Path) -> int:
    """Bytes of a file's content, or of the largest file in a folder."""
    files = [path] if not path.is_dir() else [file for file in path.iterdir() if not file.is_dir()]
    return max((file.stat().st_size for file in files if file.is_file()), default=0)


def _unit() -> int:
    return 1 if sys.platform == "darwin" else 1024


def row(result: Result) -> str:
    """A line of the table."""
    shown = result.message if len(result.message) <= _SHOWN else result.message[: _SHOWN - 4] + " ..."
    size = f"{result.bytes / 1e6:,.1f} MB" if result.bytes else ""
    return f"| {result.bomb} | {size} | {shown} | {result.seconds:.1f} s | {result.peak / 1e6:,.0f} MB |"


def main() -> int:
    """`--only`, `--seconds`."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--only", nargs="*", help="texts in the names of those to read; all if none is given")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each")
    given = parser.parse_args()
    chosen = [bomb for bomb in BOMBS if not given.only or any(text in bomb.name for text in given.only)]
    print("| bomb | size | message | time | peak |\n|---|--:|---|--:|--:|", flush=True)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        reader = BombReader(Path(folder), given.seconds)
        for bomb in chosen:
            result = reader.read(bomb)
            good = good and result.good
            print(row(result), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
