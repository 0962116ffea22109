"""Makes the pictures of docs/manual.md, each by the command below it: `python -m tools.manual_pictures`.

They are kept with 256 colours, so that the page loads quickly.

With names only those: `python -m tools.manual_pictures manual-latent manual-train`. MNIST is needed in the
folder that AESTUDIO_DATA names. The user's preferences and runs are not looked at.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs" / "manual.md"
MOST_BYTES = 150_000

_PICTURE = re.compile(r"!\[(?P<text>[^\]]*)\]\((?P<path>pictures/[^)]+)\)\s+```sh\n(?P<command>[^\n]+)\n```")
_SIZE = re.compile(r"(\d+)x(\d+)")


@dataclass(frozen=True)
class Picture:
    """A picture of the manual. text: what one sees; command: the words that make it"""

    path: Path
    text: str
    command: tuple[str, ...]

    @property
    def out(self) -> Path:
        """The file that its command writes."""
        return ROOT / self._option("--out")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, as its command says; raises ValueError if it does not."""
        found = _SIZE.fullmatch(self._option("--size"))
        if found is None:
            raise ValueError(f"{self.path.name}: a picture of the manual needs --size WIDTHxHEIGHT")
        return int(found[1]), int(found[2])

    def _option(self, name: str) -> str:
        return self.command[self.command.index(name) + 1]


def pictures() -> tuple[Picture, ...]:
    """The pictures that have a command below them, in the manual's order."""
    return tuple(
        Picture(MANUAL.parent / found["path"], found["text"], tuple(shlex.split(found["command"])))
        for found in _PICTURE.finditer(MANUAL.read_text(encoding="utf-8"))
    )


def pack(path: Path) -> None:
    """Write a PNG again with its 256 most useful colours: hardly seen, and a third of the bytes."""
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> int:
    """Make the pictures; 1 if one could not be made, or is larger than a page of the manual should load."""
    wanted, failed = set(sys.argv[1:]), False
    with tempfile.TemporaryDirectory() as home:
        for picture in pictures():
            if wanted and picture.path.stem not in wanted:
                continue
            command = [sys.executable, "-m", *picture.command]
            environment = os.environ | {"AESTUDIO_HOME": home}
            done = subprocess.run(command, cwd=ROOT, check=False, env=environment)
            if done.returncode == 0:
                pack(picture.out)
            size = picture.out.stat().st_size if picture.out.exists() else 0
            failed = failed or done.returncode != 0 or size > MOST_BYTES
            sys.stdout.write(f"{picture.path.name}: {size:,} bytes, {MOST_BYTES:,} at most\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
