"""Labels of pictures by a file beside them: every picture has the label that its line says."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.reading import Reading
from aestudio.errors import StudioError
from tests.datasets.own_forms import numbers
from tests.datasets.test_picture_forms import CLASSES, assert_whole, found, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAMES = [f"{number}.png" for number in range(24)]
DIGITS = [("zero", "one", "two").index(name) for name in CLASSES]


def csv(names: Sequence[Any], labels: Sequence[Any], head: str = "filename,label", by: str = ",") -> str:
    rows = [f"{name}{by}{label}" for name, label in zip(names, labels, strict=True)]
    return "\n".join([head.replace(",", by)] * bool(head) + rows) + "\n"


HEADS = (
    "filename,label", "file_name,class", "image,Class Name", "id,breed", "img,category", "path,target",
    "Image,y", "image_id,dx", "name,emotion", "file,letter", "x,something of its own",
)  # fmt: skip
TEXTS: dict[str, tuple[str, str]] = {
    **{head: ("labels.csv", csv(NAMES, CLASSES, head)) for head in HEADS},
    "without a head": ("labels.csv", csv(NAMES, CLASSES, "")),
    "without endings": ("labels.csv", csv(range(24), CLASSES)),
    "with a folder": ("labels.csv", csv([f"./images/{name}" for name in NAMES], CLASSES)),
    "of another computer": ("labels.csv", csv([f"C:\\mine\\images\\{name}" for name in NAMES], CLASSES)),
    "in capitals": ("labels.csv", csv([name.upper() for name in NAMES], CLASSES)),
    "in another order": ("labels.csv", csv(NAMES[::-1], CLASSES[::-1])),
    "the label first": ("labels.csv", csv(CLASSES, NAMES, "label,filename")),
    "more columns": ("a.csv", csv(NAMES, [f"7,{name},2.5" for name in CLASSES], "file,width,label,score")),
    "semicolons": ("labels.csv", csv(NAMES, CLASSES, by=";")),
    "tabulators": ("labels.tsv", csv(NAMES, CLASSES, by="\t")),
    "blanks": ("labels.txt", csv(NAMES, CLASSES, "", " ")),
    "quotes": ("labels.csv", csv([f'"{name}"' for name in NAMES], [f'"{name}"' for name in CLASSES])),
    "a line too many": ("labels.csv", csv([*NAMES, "99.png"], [*CLASSES, "nine"])),
    "one hot": (
        "labels.csv",
        csv(
            NAMES,
            [",".join(str(int(digit == at)) for at in range(3)) for digit in DIGITS],
            "image,zero,one,two",
        ),
    ),
    "JSON by name": ("labels.json", json.dumps(dict(zip(NAMES, CLASSES, strict=True)))),
    "JSON under labels": (
        "x.json",
        json.dumps({"labels": [list(p) for p in zip(NAMES, CLASSES, strict=True)]}),
    ),
    "JSON records": (
        "x.json",
        json.dumps([{"file_name": name, "label": label} for name, label in zip(NAMES, CLASSES, strict=True)]),
    ),
    "JSON by class": (
        "x.json",
        json.dumps({kind: NAMES[at::3] for at, kind in enumerate(("zero", "one", "two"))}),
    ),
    "JSON of tables": (
        "x.json",
        json.dumps({name: {"size": 3, "class": label} for name, label in zip(NAMES, CLASSES, strict=True)}),
    ),
    "COCO": (
        "annotations.json",
        json.dumps(
            {
                "images": [{"id": 100 + at, "file_name": name} for at, name in enumerate(NAMES)],
                "annotations": [
                    {"image_id": 100 + at, "category_id": digit} for at, digit in enumerate(DIGITS)
                ],
                "categories": [{"id": at, "name": kind} for at, kind in enumerate(("zero", "one", "two"))],
            }
        ),
    ),
    "Hugging Face's": (
        "metadata.jsonl",
        "".join(
            json.dumps({"file_name": name, "label": label}) + "\n"
            for name, label in zip(NAMES, CLASSES, strict=True)
        ),
    ),
}


def packed(folder: Path, form: str) -> str:
    if form == "folder":
        return str(folder)
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return str(path)


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("below", ["", "images/"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_layout_of_a_file_of_labels(tmp_path: Path, text: str, below: str, form: str) -> None:
    folder = write(tmp_path / "own", [below + name for name in NAMES])
    name, content = TEXTS[text]
    (folder / name).write_text(content, encoding="utf-8")
    dataset = load_dataset(packed(folder, form))
    assert_whole(dataset)
    assert any(name in note for note in dataset.notes)
    assert dataset.provenance is not None
    assert name in {file.name for file in dataset.provenance.files}
    assert dataset.train.class_names == ("one", "two", "zero") or text == "one hot"


def test_numbers_are_in_their_order_and_empty_ones_are_no_label(tmp_path: Path) -> None:
    folder = write(tmp_path, NAMES)
    labels = [str(number % 12) for number in range(23)] + [""]
    (folder / "labels.csv").write_text(csv(NAMES, labels))
    dataset = load_dataset(str(folder))
    assert dataset.train.class_names == (*map(str, range(12)), "no label")
    assert found(dataset.train) | found(dataset.test) == dict(enumerate([*labels[:23], "no label"]))
    assert any("1 of them have no label" in note for note in dataset.notes)


def test_a_table_for_each_part(tmp_path: Path) -> None:
    """The same names are in both parts, and each table means those of its own."""
    names = [f"{part}/{number}.png" for part in ("train", "test") for number in range(12)]
    folder = write(tmp_path, names)
    for part, labels in (("train", CLASSES[:12]), ("test", CLASSES[12:])):
        (folder / f"{part}.csv").write_text(csv([f"{number}.png" for number in range(12)], labels))
    dataset = load_dataset(str(folder))
    assert found(dataset.train) == dict(enumerate(CLASSES[:12]))
    assert found(dataset.test) == dict(list(enumerate(CLASSES))[12:])


def test_several_labels_are_offered(tmp_path: Path) -> None:
    """CelebA's table: how many, names without a title, -1 and 1."""
    folder = write(tmp_path, NAMES)
    values = np.where(np.random.default_rng(1).random((24, 3)) < 0.5, -1, 1)
    values[0] = 1
    texts = [" ".join(f"{value:2d}" for value in row) for row in values]
    rows = [f"{name} {text}" for name, text in zip(NAMES, texts, strict=True)]
    (folder / "list_attr.txt").write_text("\n".join(["24", "Bald Smiling Young ", *rows]))
    plain = load_dataset(str(folder))
    assert plain.train.labels is None
    assert any("3 labels an image" in note for note in plain.notes)
    assert plain.provenance is not None
    assert plain.provenance.decided.columns == 3
    dataset = load_dataset(str(folder), reading=Reading(labels="attributes"))
    assert dataset.train.factor_names == ("Bald", "Smiling", "Young")
    for part in (dataset.train, dataset.test):
        for place, factors in zip(found(part), part.factors if part.factors is not None else (), strict=True):
            np.testing.assert_array_equal(factors, (values[place] + 1) // 2)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("auto", CLASSES),
        ("file", CLASSES),
        ("folders", [f"part {number % 2}" for number in range(24)]),
        ("none", [""] * 24),
    ],
)
def test_a_table_beside_folders_that_are_no_classes(tmp_path: Path, labels: Any, expected: list[str]) -> None:
    folder = write(tmp_path, [f"part {number % 2}/{number}.png" for number in range(24)])
    (folder / "metadata.csv").write_text(csv(NAMES, CLASSES, "image_id,label"))
    dataset = load_dataset(str(folder), reading=Reading(labels=labels))
    assert_whole(dataset, expected)
    assert ("The folders are not taken as classes." in dataset.notes) == (labels == "auto")


def test_folders_that_say_the_same_keep_their_names(tmp_path: Path) -> None:
    folder = write(tmp_path, [f"{name}/{number}.png" for number, name in enumerate(CLASSES)])
    (folder / "train.csv").write_text(csv(NAMES, DIGITS))
    dataset = load_dataset(str(folder))
    assert_whole(dataset)
    assert any("Classes by the folders, not from train.csv" in note for note in dataset.notes)
    assert_whole(load_dataset(str(folder), reading=Reading(labels="file")), list(map(str, DIGITS)))


OTHERS: dict[str, tuple[str, str, str]] = {
    "few pictures": ("labels.csv", csv(NAMES[:5], CLASSES[:5]), "names 5 of 24 pictures"),
    "no labels": (
        "sizes.csv",
        csv(NAMES, ["3,4"] * 24, "file,width,height"),
        "none of its columns is called",
    ),
    "something else": ("readme.txt", "These are\nmy digits, 0 to 9.\n", ""),
    "broken JSON": ("x.json", "{", ""),
    "deep JSON": ("x.json", "[" * 100_000, ""),
    "bytes": ("labels.csv", "\0\1\2", ""),
    "empty": ("labels.csv", "", ""),
}


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_file_of_labels_is_said(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, NAMES)
    name, content, sentence = OTHERS[text]
    (folder / name).write_text(content)
    dataset = load_dataset(str(folder))
    assert dataset.train.labels is None
    assert any(sentence in note for note in dataset.notes)
    with pytest.raises(StudioError, match="No file beside the pictures"):
        load_dataset(str(folder), reading=Reading(labels="file"))


def test_kept_runs_are_not_given_the_labels(tmp_path: Path) -> None:
    folder = write(tmp_path, NAMES)
    (folder / "labels.csv").write_text(csv(NAMES, CLASSES))
    assert load_dataset(str(folder), reading=Reading(rules=3)).train.labels is None


def test_names_that_several_pictures_have_are_not_guessed(tmp_path: Path) -> None:
    folder = write(tmp_path, [f"{'ab'[number % 2]}/{number // 2}.png" for number in range(24)])
    (folder / "labels.csv").write_text(csv([f"{number}.png" for number in range(12)], CLASSES[:12]))
    dataset = load_dataset(str(folder))
    assert dataset.train.class_names == ("a", "b")


STRANGE: list[object] = [
    {"a.png": {"x": []}},
    [{}],
    [[1, 2], [3, 4]],
    {"images": 1, "annotations": 2},
    [{"a": 1}, {"b": None}],
    {"a.png": None, "b": [[]]},
    "a.png",
]


@pytest.mark.parametrize("content", STRANGE)
def test_strange_json_is_not_used(tmp_path: Path, content: object) -> None:
    folder = write(tmp_path, ["a.png", *NAMES[1:]], numbers(24, 12, 12))
    (folder / "x.json").write_text(json.dumps(content))
    assert load_dataset(str(folder)).train.labels is None
