"""The environment of the other libraries: made once, in the user's cache, apart from AE Studio's own.

`python -m benchmarks.peers.environment [--peers-environment DIR]` makes it; `python -m benchmarks` does so
by itself when it measures against them. torch is in it in the version that AE Studio runs with here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from aestudio.paths import cache_folder
from benchmarks.progress import say

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SAME_AS_HERE = ("torch", "torchvision")
FOLDER_NAME = "AESTUDIO_PEERS"
ASK = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def wanted() -> dict[str, str]:
    """Versions by package: those of requirements.txt, and of torch as it is here."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    return pinned | {name: released(metadata.version(name)) for name in SAME_AS_HERE}


def released(version: str) -> str:
    """Without the mark of a build: "2.9.0+cpu" -> "2.9.0"."""
    return version.partition("+")[0]


def folder(named: Path | None = None) -> Path:
    """Where the environment is: as named, or by AESTUDIO_PEERS, or in the user's cache."""
    by_variable = os.environ.get(FOLDER_NAME)
    return named or (Path(by_variable) if by_variable else cache_folder() / "benchmark-peers")


def interpreter(environment: Path) -> Path:
    """The environment's Python."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed(environment: Path) -> dict[str, str]:
    """Versions of the wanted packages that the environment has; none where it is not there."""
    python = interpreter(environment)
    if not python.is_file():
        return {}
    done = subprocess.run([python, "-c", ASK, *wanted()], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {}
    return {name: released(version) for name, version in json.loads(done.stdout).items()}


def ready(named: Path | None = None) -> Path:
    """The interpreter of the environment, which is made first if need be.

    Raises subprocess.CalledProcessError where pip cannot install it; a later call tries again.
    """
    environment = folder(named).resolve()
    if installed(environment) != wanted():
        say("making the environment of the other libraries: minutes, and some gigabytes; once")
        drawings = [f"{name}=={version}" for name, version in wanted().items()]
        if not interpreter(environment).is_file():
            _run([sys.executable, "-m", "venv", str(environment)])
        python = str(interpreter(environment))
        _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *drawings])
    return interpreter(environment)


def _run(command: list[str]) -> None:
    """Its output goes to the standard error stream, as everything does that is not the table."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    """Make the environment and say what is in it."""
    parser = argparse.ArgumentParser("python -m benchmarks.peers.environment")
    parser.add_argument("--peers-environment", type=Path, metavar="DIR", help=f"otherwise {FOLDER_NAME}")
    given = parser.parse_args()
    ready(given.peers_environment)
    for name, version in sorted(installed(folder(given.peers_environment)).items()):
        print(f"{name} {version}")


if __name__ == "__main__":
    main()
