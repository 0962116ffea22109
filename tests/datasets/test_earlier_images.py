"""Runs kept before a run recorded its shape were trained on 1x28x28, and get exactly the same images again.

The digests were taken from the version before images kept their size and their colour, those of five
scaled forms from the one in which scaling became the same on every kind of CPU: until then a few pixels at
the border were one grey level darker or lighter by the kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.datasets.catalogue import load_dataset
from aestudio.datasets.image_shape import MNIST
from aestudio.datasets.reading import Reading
from tests.datasets.own_forms import FORMS

if TYPE_CHECKING:
    from pathlib import Path

# By form: the digests of training and of test images.
DIGESTS = {
    "28x28": ("5da764038e3f07f209dbffe064c19ba4", "d50208a63ea65b64fa16edd59bb5203a"),
    "two parts": ("e26fd5de2e69763a1c9495f8c17fb171", "b9a1cd4a3fba0c2c01bea375ea73b64b"),
    "dark on light": ("ec78276e138444f440ea56cae6c966b9", "4a6bba53d7120700197ced6a193058b9"),
    "from 0 to 1": ("4b4247243c39600b32ddb980a9f2c9c6", "61560697823ca2d4c0bb043c5a422aa7"),
    "14x14": ("0644cfc548079dc701abef420ddf08f9", "c00d516a7e7e367dadfb80165102260d"),
    "7x7": ("a3fcc8f7da5eda5f724c48770e5edc9c", "8cf24f1abfb6584b4364313959995a1f"),
    "112x56": ("b56ef8543d2999c36f85c786c53267fb", "734579444fadd1d07af0c080eb249da6"),
    "rows of numbers": ("f336ed528de3c60e6b4a9bcba8a7586d", "5a487cafe77006abb8aacec8fed7f970"),
    "colour": ("df1f43d97d72ac4a89747d6cc1968719", "2e39fbcddfdf1d9834f5870be68b4987"),
    "colour, dark on light": ("76889ca87c1f74b72a1353f09a54b249", "f5e97ce2b8c2086ef3bb749f0e6bb5db"),
    "colour with transparency": ("85b415e790629297421f6eb42e962f6d", "2f12489381771623b72b30e5cd5bcfa9"),
    "colour that is grey": ("ec78276e138444f440ea56cae6c966b9", "4a6bba53d7120700197ced6a193058b9"),
    "IDX 28x28": ("ec78276e138444f440ea56cae6c966b9", "4a6bba53d7120700197ced6a193058b9"),
    "IDX 14x28": ("0ef70ed4c41eaf73389fee6dfda3e43e", "d6f955eac010e978a7036caa35b97ed0"),
    "IDX in colour": ("76889ca87c1f74b72a1353f09a54b249", "f5e97ce2b8c2086ef3bb749f0e6bb5db"),
    "files": ("766ff5f13f7a21eab4b651d14bab58e2", "39253ef3ec86ad2ffa085bf016fa668f"),
    "files 14x28, dark on light": ("f023d7a3d8802e581f6d713f793721b7", "20fed8e9b23b59cf2912b97285b8fccd"),
    "files in colour": ("d81a8e3ec54778699f0aa86452b0bbbf", "abd44e674aa33ac76143ca82128ab3e0"),
    "files in colour that are grey": ("766ff5f13f7a21eab4b651d14bab58e2", "39253ef3ec86ad2ffa085bf016fa668f"),
    "files with transparency": ("41eb0c5fa6d482db7acf138e15e94f12", "f1280e756f262a537dba8229b9d86d2a"),
    "files of many sizes": ("172e1ed949082fa4b8b6c4f65c14e810", "f16ed73bfc685432e136a2c93c93a9b3"),
    "files of many sizes, some in colour": (
        "5e1cf2f1596c2067fa1058ffd3eb451b",
        "429ba0e93741e338f78afa80a4f5f0e1",
    ),
    "files of many sizes, dark on light": (
        "3203146c5851193ba5b34122a1fbadbe",
        "f26940230655b62d0430d14057c540d8",
    ),
    "large files": ("783fd9408cef71b8f31040677e5faccd", "9bf6a42d0b52ed7404e7e3969e79ba4f"),
    "bitmaps": ("6d884bbe4c3a637f7a5099b03227babb", "78d6a536ddbbf88bde3b54780f1eae62"),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_images_as_before(form: str, tmp_path: Path) -> None:
    dataset = load_dataset(str(FORMS[form](tmp_path)), reading=Reading(MNIST.image, rules=1))
    assert dataset.shape.image == MNIST.image
    assert (dataset.train.fingerprint.images, dataset.test.fingerprint.images) == DIGESTS[form]


@pytest.mark.parametrize("form", FORMS)
def test_the_shape_that_a_run_recorded_gives_its_images_again(form: str, tmp_path: Path) -> None:
    path = str(FORMS[form](tmp_path))
    first = load_dataset(path)
    again = load_dataset(path, reading=first.reading)
    assert again.facts == first.facts
