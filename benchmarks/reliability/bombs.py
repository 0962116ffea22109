"""Has the program read bombs of every kind, and prints answer, time and peak of memory as a table.

python -m benchmarks.reliability.bombs
python -m benchmarks.reliability.bombs --only npz GIF --seconds 60

Each is read in a process of its own, by the command line as it is: `train --dataset`, or `train --resume`,
which is ended when the training begins; or by what the window does when it opens a run (`opened`). The peak
is that of the whole process, which takes about 50 MB before anything is read, and 580 MB with torch.
The exit code is 1 where one of them was not answered in time, or with something else than a sentence.
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
READ, LATE, BROKEN = "read", "no answer in time", "ended without a sentence"
_RECIPE = "compress-ae"
_BEGUN = "parameters on"  # what `train` says when all has been read
_SHOWN = 110  # letters of an answer


@dataclass(frozen=True)
class Answer:
    """What came of one bomb. bytes: of the file or folder; peak: bytes of the process's memory."""

    bomb: str
    bytes: int
    answer: str
    seconds: float
    peak: int

    @property
    def good(self) -> bool:
        """Whether it was read or told, in time."""
        return not self.answer.startswith((LATE, BROKEN))


class Attack:
    """Reads bombs below a folder of its own, `place`, with a sound run to put them into."""

    def __init__(self, place: Path, seconds: float = SECONDS) -> None:
        self.place = place
        self.seconds = seconds
        self.environment = os.environ | {
            "AESTUDIO_HOME": str(place / "home"),
            "PYTHONUNBUFFERED": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }

    def read(self, bomb: Bomb) -> Answer:
        """Make it, read it, remove it."""
        folder = self.place / "bomb"
        if bomb.reader == "data":
            folder.mkdir()
        else:
            shutil.copytree(self._run(), folder)
        try:
            path = self._made(bomb, folder)
            size = _size(path)
            answer, seconds, peak = self._command(self._words(bomb, path))
            return Answer(bomb.name, size, answer.replace(str(folder), "..."), seconds, peak)
        finally:
            shutil.rmtree(folder)

    def _made(self, bomb: Bomb, folder: Path) -> Path:
        """Made by another process: on Linux a process's peak begins with that of its parent."""
        command = [sys.executable, "-m", "benchmarks.reliability.bomb_files", bomb.name, str(folder)]
        made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return Path(made.stdout)

    def _words(self, bomb: Bomb, path: Path) -> list[str]:
        if bomb.reader == "window":
            return ["benchmarks.reliability.opened", str(path)]
        if bomb.reader == "resume":
            return ["aestudio", "train", "--resume", str(path)]
        kept = str(self.place / "home" / "kept")
        shutil.rmtree(kept, ignore_errors=True)
        words = ["--dataset", str(path), "--epochs", "1", "--device", "cpu", "--out", kept]
        return ["aestudio", "train", _RECIPE, *words]

    def _run(self) -> Path:
        """A sound run, made when it is first asked for."""
        run = self.place / "sound"
        if not run.exists():
            words = ["train", _RECIPE, "--dataset", "sklearn-digits", "--epochs", "1", "--out", str(run)]
            command = [sys.executable, "-m", "aestudio", *words]
            subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)
        return run

    def _command(self, words: list[str]) -> tuple[str, float, int]:
        """Answer, seconds, and peak in bytes of one command."""
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
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

        clock = threading.Timer(self.seconds, end)
        clock.start()
        try:
            lines, seconds = _listen(process, began)
            _, status, used = os.wait4(process.pid, 0)
        finally:
            clock.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return _answer(lines, process.returncode, late.is_set()), seconds, used.ru_maxrss * _unit()


def _listen(process: subprocess.Popen[str], began: float) -> tuple[list[str], float]:
    """What it says until it ends, or until a training begins, which is ended then; seconds up to there."""
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


def _answer(lines: list[str], code: int, late: bool) -> str:
    if late:
        return LATE
    if any(_BEGUN in line for line in lines) or code == 0:
        return READ
    told = [line for line in lines if line.startswith("aestudio: ")]
    if not told or any("Traceback" in line for line in lines):
        return f"{BROKEN}, exit code {code}: {lines[-1] if lines else ''}"
    return told[-1].removeprefix("aestudio: ")


def _size(path: Path) -> int:
    """Bytes of a file's content, or of the largest file in a folder."""
    files = [path] if not path.is_dir() else [file for file in path.iterdir() if not file.is_dir()]
    return max((file.stat().st_size for file in files if file.is_file()), default=0)


def _unit() -> int:
    return 1 if sys.platform == "darwin" else 1024


def row(answer: Answer) -> str:
    """A line of the table."""
    shown = answer.answer if len(answer.answer) <= _SHOWN else answer.answer[: _SHOWN - 4] + " ..."
    size = f"{answer.bytes / 1e6:,.1f} MB" if answer.bytes else ""
    return f"| {answer.bomb} | {size} | {shown} | {answer.seconds:.1f} s | {answer.peak / 1e6:,.0f} MB |"


def main() -> int:
    """`--only`, `--seconds`."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--only", nargs="*", help="words in the names of those to read; all if none is given")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each")
    given = parser.parse_args()
    chosen = [bomb for bomb in BOMBS if not given.only or any(word in bomb.name for word in given.only)]
    print("| bomb | size | answer | time | peak |\n|---|--:|---|--:|--:|", flush=True)
    good = True
    with tempfile.TemporaryDirectory() as place:
        attack = Attack(Path(place), given.seconds)
        for bomb in chosen:
            answer = attack.read(bomb)
            good = good and answer.good
            print(row(answer), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
