"""The environment of the other libraries: made once, in the user's cache, separate from AE Studio's.

`python -m benchmarks.peers.environment [--peers-environment DIR]` makes it; `python -m benchmarks` also does
when it needs it. It has the version of torch with which AE Studio runs.
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
from benchmarks.progress import show_progress

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
SAME_AS_HERE = ("torch", "torchvision")
FOLDER_NAME = "AESTUDIO_PEERS"
VERSIONS_CODE = """
import importlib.metadata, json, sys
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(versions))
"""


def required_versions() -> dict[str, str]:
    """Versions by package: those of requirements.txt, and of torch as installed for AE Studio."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    return pinned | {name: released(metadata.version(name)) for name in SAME_AS_HERE}


def released(version: str) -> str:
    """The version without its build: "2.9.0+cpu" -> "2.9.0"."""
    return version.partition("+")[0]


def folder(named: Path | None = None) -> Path:
    """The folder of the environment: as named, by AESTUDIO_PEERS, or in the user's cache."""
    by_variable = os.environ.get(FOLDER_NAME)
    return named or (Path(by_variable) if by_variable else cache_folder() / "benchmark-peers")


def interpreter(environment: Path) -> Path:
    """The environment's Python."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed(environment: Path) -> dict[str, str]:
    """Installed versions of the required packages; empty without the environment."""
    python = interpreter(environment)
    if not python.is_file():
        return {}
    done = subprocess.run(
        [python, "-c", VERSIONS_CODE, *required_versions()], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        return {}
    return {name: released(version) for name, version in json.loads(done.stdout).items()}


def prepare(named: Path | None = None) -> Path:
    """The interpreter of the environment, which is made first if necessary.

    Raises subprocess.CalledProcessError if pip cannot install it; a later call tries again.
    """
    environment = folder(named).resolve()
    if installed(environment) != required_versions():
        show_progress("making the environment of the other libraries: minutes, and some gigabytes; once")
        requirements = [f"{name}=={version}" for name, version in required_versions().items()]
        if not interpreter(environment).is_file():
            _run([sys.executable, "-m", "venv", str(environment)])
        python = str(interpreter(environment))
        _run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])
    return interpreter(environment)


def _run(command: list[str]) -> None:
    """Run a command with its output on the standard error stream; only the table goes to standard output."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def main() -> None:
    """Make the environment and print its packages."""
    parser = argparse.ArgumentParser("python -m benchmarks.peers.environment")
    parser.add_argument("--peers-environment", type=Path, metavar="DIR", help=f"otherwise {FOLDER_NAME}")
    given = parser.parse_args()
    prepare(given.peers_environment)
    for name, version in sorted(installed(folder(given.peers_environment)).items()):
        print(f"{name} {version}")


if __name__ == "__main__":
    main()
