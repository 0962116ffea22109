"""Large folders of pictures are read once; what changed in them is read again."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from aestudio.datasets import picture_set, reading_cache
from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import Cancelled
from aestudio.paths import cache_folder
from tests.datasets.own_forms import colours, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

LONG_AGO = 1_000_000_000


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_cache, "FEWEST", 10)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures were looked at, for each reading."""
    counts: list[int] = []
    real = picture_set.picture_dataset

    def counted(path, tree, progress, reading):
        counts.append(len(tree.placed))
        return real(path, tree, progress, reading)

    monkeypatch.setattr("aestudio.datasets.sources.image_folder.picture_dataset", counted)
    return counts


def folder_of(path: Path) -> Path:
    """24 pictures in three parts and three classes, one of them broken, and a table beside them."""
    for number, image in enumerate(colours(24, 12, 10)):
        part = ("train", "train", "test", "val")[number % 4]
        file = path / part / str(number % 3) / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(file)
    (path / "train" / "0" / "99.png").write_bytes(b"")
    (path / "about.csv").write_text("a,b\n1,2\n")
    age(path)
    return path


def age(path: Path, seconds: int = LONG_AGO) -> None:
    for file in path.rglob("*"):
        os.utime(file, (seconds, seconds))


def same(one: Dataset, other: Dataset) -> None:
    assert one.facts == other.facts
    assert one.notes == other.notes
    assert (one.name, one.title, one.origin) == (other.name, other.title, other.origin)
    for mine, theirs in (
        (one.train, other.train),
        (one.test, other.test),
        (one.validation, other.validation),
    ):
        assert mine is not None
        assert theirs is not None
        np.testing.assert_array_equal(mine.images, theirs.images)
        np.testing.assert_array_equal(mine.labels, theirs.labels)
        assert mine.class_names == theirs.class_names
    mine, theirs = one.provenance, other.provenance
    assert mine is not None
    assert theirs is not None
    assert (mine.files, mine.left_out, mine.decided, mine.form) == (
        theirs.files,
        theirs.left_out,
        theirs.decided,
        theirs.form,
    )
    for name in ("train", "test", "validation", "row_of", "file_of"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))


def test_the_second_reading_is_the_first(tmp_path: Path, reads: list[int]) -> None:
    folder = folder_of(tmp_path / "own")
    first = load_dataset(str(folder))
    again = load_dataset(str(folder))
    assert reads == [25]
    same(first, again)


@pytest.mark.parametrize("change", ["content", "time", "new file", "gone", "reading", "name", "text"])
def test_what_changed_is_read_again(tmp_path: Path, reads: list[int], change: str) -> None:
    folder = folder_of(tmp_path / "own")
    first = load_dataset(str(folder))
    file = folder / "train" / "0" / "0.png"
    reading = None
    if change == "content":  # with another size
        Image.fromarray(numbers(1, 12, 10)[0]).save(file)
        os.utime(file, (LONG_AGO, LONG_AGO))
    elif change == "time":
        content = bytearray(file.read_bytes())
        file.write_bytes(content)
        os.utime(file, (LONG_AGO + 1, LONG_AGO + 1))
    elif change == "new file":
        (folder / "train" / "0" / "100.png").write_bytes(file.read_bytes())
        age(folder)
    elif change == "gone":
        file.unlink()
    elif change == "reading":
        reading = Reading(colour=False)
    elif change == "name":
        file.rename(file.with_name("1000.png"))
    else:
        (folder / "about.csv").write_text("a,b\n1,3,\n")
    again = load_dataset(str(folder), reading=reading)
    assert len(reads) == 2
    if change == "content":
        assert again.facts != first.facts


def test_files_that_have_just_changed_are_not_kept(tmp_path: Path, reads: list[int]) -> None:
    folder = folder_of(tmp_path / "own")
    age(folder, int(time.time()) + 100)
    load_dataset(str(folder))
    load_dataset(str(folder))
    assert len(reads) == 2


def test_a_damaged_entry_is_read_again(tmp_path: Path, reads: list[int]) -> None:
    folder = folder_of(tmp_path / "own")
    first = load_dataset(str(folder))
    [entry] = (cache_folder() / "read").iterdir()
    content = entry.read_bytes()
    for damaged in (b"", content[:-9], content[:2000] + b"x" + content[2001:], b"PK" + bytes(200)):
        entry.write_bytes(damaged)
        same(first, load_dataset(str(folder)))
    assert len(reads) == 5


def test_the_oldest_go_and_all_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    for name in "abcd":
        load_dataset(str(folder_of(tmp_path / name)))
        entries = sorted((cache_folder() / "read").iterdir(), key=lambda path: path.stat().st_mtime)
        sizes.append(entries[-1].stat().st_size)
        for number, entry in enumerate(entries):
            os.utime(entry, (LONG_AGO + number, LONG_AGO + number))
        monkeypatch.setattr(reading_cache, "MOST_BYTES", 2 * max(sizes) + 100)
    assert len(list((cache_folder() / "read").iterdir())) == 2
    count, size = reading_cache.forget_cached()
    assert count == 2
    assert size >= 2 * min(sizes)
    assert not list((cache_folder() / "read").iterdir())


def test_a_disk_that_refuses_is_no_error(tmp_path: Path, reads: list[int]) -> None:
    folder = folder_of(tmp_path / "own")
    cache_folder().mkdir(parents=True, exist_ok=True)
    (cache_folder() / "read").write_bytes(b"a file is in the way")
    assert load_dataset(str(folder)).facts == load_dataset(str(folder)).facts
    assert len(reads) == 2


def test_reading_shows_progress_and_can_be_cancelled(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "own")
    seen: list[tuple[float, float | None, str]] = []
    load_dataset(str(folder), progress=lambda *at: seen.append(at))
    texts = {text.partition(" ")[0] for _, _, text in seen}
    assert {"Searching", "Comparing", "Looking", "Reading"} <= texts
    reading_cache.forget_cached()
    for stop in range(0, len(seen), 7):
        left = stop

        def cancel(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise Cancelled

        with pytest.raises(Cancelled):
            load_dataset(str(folder), progress=cancel)
    assert not (cache_folder() / "read").exists() or not list((cache_folder() / "read").iterdir())


@pytest.mark.slow
def test_sixty_thousand_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 20 s on two idle cores, of which one is used. A busy machine takes more of them, too.

    pytest -m slow -s tests/datasets/test_reading_cache.py
    """
    monkeypatch.setattr(reading_cache, "FEWEST", 2000)
    images = numbers(500, 28, 28)
    for number in range(60_000):
        file = tmp_path / str(number % 10) / f"{number}.png"
        if number < 10:
            file.parent.mkdir()
        Image.fromarray(np.roll(images[number % 500], number // 500, axis=1)).save(file)
    age(tmp_path)
    seconds: list[float] = []
    for _ in range(2):
        began = time.process_time()
        dataset = load_dataset(str(tmp_path))
        seconds.append(time.process_time() - began)
        assert len(dataset.train) + len(dataset.test) == 60_000
    print(f"60,000 pictures: {seconds[0]:.1f} s of one core, then {seconds[1]:.1f} s")
    assert seconds[0] < 20
    assert seconds[1] < 4
