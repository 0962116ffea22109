"""Paths that are too long, or whose names are not UTF-8, through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets.catalogue import load_dataset
from tests.cli.conftest import QUICK, SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

LONG = "x" * 300
ODD = b"Ziffern_\xfc"


def odd_folder(parent: Path) -> Path:
    """A folder of images; its name and that of one class are not UTF-8."""
    folder = parent / os.fsdecode(ODD)
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    for kind in (b"null_\xe4", b"one"):
        (folder / os.fsdecode(kind)).mkdir()
        for number in range(10):
            noise = np.random.default_rng(number).integers(0, 200, (28, 28), np.uint8)
            Image.fromarray(noise).save(folder / os.fsdecode(kind) / f"{number}.png")
    return folder


def run_process(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a process, with its arguments as bytes."""
    command = [os.fsencode(one) for one in (sys.executable, "-m", "aestudio", *arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        check=False,
        timeout=300,
        env=os.environ | {"AESTUDIO_HOME": str(home), "PYTHONIOENCODING": "utf-8"},
    )


@pytest.mark.thorough
def test_a_dataset_and_a_home_folder_whose_names_are_not_utf_8(tmp_path: Path) -> None:
    folder, home = odd_folder(tmp_path), tmp_path / os.fsdecode(b"home_\xff")
    done = run_process(
        home,
        "train",
        "compress-ae",
        "--dataset",
        folder,
        "--set",
        "hidden=8",
        "--epochs",
        "1",
        "--device",
        "cpu",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.decode("utf-8", "strict").splitlines()[-1])
    assert Path(answer["folder"]).parent == home / "data" / "runs"
    listed = run_process(home, "runs", "--json")
    (run,) = (one for one in json.loads(listed.stdout.decode("utf-8", "strict")) if not one["shipped"])
    assert (run["problem"], run["status"]) == (None, "finished")
    assert run["dataset"] == str(folder)
    assert load_dataset(run["dataset"]).train.class_names == (r"null_\xe4", "one")


def test_a_run_folder_whose_name_is_not_utf_8(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(ODD)
    answer = aestudio(
        "train", "vae", "--dataset", "builtin", "--set", "hidden=24", *QUICK, "--out", out, "--json"
    )
    assert answer.code == 0, answer.err
    assert answer.json["folder"] == str(out)
    assert aestudio("evaluate", out, "--dataset", "builtin", "--json").json["run"] == out.name


def test_control_characters_of_a_name_never_reach_the_terminal(
    aestudio: Callable[..., Answer], tmp_path: Path
) -> None:
    """A run's name could change the terminal's title, or hide what was printed before."""
    out = tmp_path / "home" / "data" / "runs" / "a\x1b]0;title\x07\x9bb"
    answers = [
        aestudio("train", "vae", "--dataset", "builtin", *SMALL, "--out", out),
        aestudio("runs"),
        aestudio("runs", "--json"),
        aestudio("export", out, "--dataset", "builtin", "--features", out / "features.npz"),
        aestudio("evaluate", out, "--dataset", "builtin", "--json"),
    ]
    assert [answer.code for answer in answers] == [0] * len(answers)
    for answer in answers:
        assert not set("\x1b\x07\x9b") & set(answer.out + answer.err)
    assert r"a\x1b]0;title\x07\x9bb" in answers[1].out
    assert answers[-1].json["run"] == out.name


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "vae", "--dataset", "builtin", "--out", LONG),
        ("train", "vae", "--dataset", "builtin", "--out", LONG, "--resume"),
        ("train", "vae", "--dataset", LONG),
        ("train", "vae", "--dataset", f"{LONG},{LONG}"),
        ("train", "vae", "--dataset", "mnist", "--data-dir", LONG),
        ("evaluate", LONG),
        ("export", "conv-vae", "--features", f"{LONG}.npz"),
        ("reconstruct", "conv-vae", f"{LONG}.png", "--out", "images"),
        ("datasets", "--data-dir", LONG),
        ("train", "vae", "--dataset", "builtin", "--out", "zero\0byte"),
    ],
    ids=lambda arguments: " ".join(argument[:12] for argument in arguments[:4]),
)
def test_impossible_names_are_reported_in_one_sentence(
    aestudio: Callable[..., Answer],
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = aestudio(*arguments)
    assert answer.code in (1, 2)
    assert answer.line.startswith("aestudio: ")
    assert "Unexpected" not in answer.line
    assert len(answer.line) < 900
    assert [path for path in tmp_path.iterdir() if path.name != "home"] == []


@pytest.mark.parametrize("command", [("runs",), ("train", "vae", "--dataset", "builtin", *QUICK)])
def test_a_home_folder_with_too_long_a_name_is_reported(
    aestudio: Callable[..., Answer], command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / LONG))
    answer = aestudio(*command)
    assert answer.code == 1
    assert "too long" in answer.line
    assert "Unexpected" not in answer.line
    assert list(tmp_path.iterdir()) == []


def test_characters_that_a_terminal_cannot_encode_are_escaped() -> None:
    from aestudio.cli import main

    main.codecs.register_error(main._UNPRINTABLE, main._encode_anyway)
    assert "β \udcfc".encode("ascii", main._UNPRINTABLE) == b"? \xfc"
