"""The words of the code are those of the field and of docs/architecture.md; invented ones do not come back.

Names, docstrings, comments, messages and labels are read alike: `round_trip`, `RoundTrip` and "round trip".
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "aestudio").rglob("*.py")) + sorted((ROOT / "resources" / "recipes").glob("*.json"))

# The invented word -> what is said instead.
REPLACED = {
    "twin": "comparison, compared run",
    "twins": "comparison, compared runs",
    "needle": "gauge, data support",
    "backed": "supported",
    "desk": "sliders",
    "strips": "sliders",
    "fader": "slider",
    "rail": "sidebar",
    "rails": "sidebars",
    "stage": "layer, Presentation",
    "morph": "interpolation",
    "film": "animation",
    "films": "animations",
    "lattice": "grid of cells",
    "moment": "checkpoint",
    "moments": "history, checkpoints",
    "pins": "drawings",
    "round trip": "decode-encode error",
    "comes back": "reconstruction",
    "at hand": "current",
    "a hand": "the user, the pointer",
    "the hand": "the user, the pointer",
    "is another one": "changed, another",
    "so many": "how many",
    "whoever": "what it is",
    "where there is": "if there is",
    "codeword": "entry",
    "codewords": "entries",
    "code slot": "place",
    "code position": "place",
    "code positions": "places",
    "tier": "level",
    "tiers": "levels",
    "custom part": "own part",
    "custom parts": "own parts",
}

# Where a word has its usual sense, or names what the files and command lines of users have.
ALLOWED = {
    "aestudio/analysis/morphology.py": {"moments"},  # of the grey levels
    "aestudio/gui/window/history_bar.py": {"moments"},  # AESTUDIO_MOMENTS_MB
    "aestudio/runs/history_files.py": {"moments"},  # the folder in a run's
    "aestudio/runs/drawings_file.py": {"pins"},  # the file in a run's folder
    "aestudio/runs/shared_list.py": {"pins"},  # the same
    "aestudio/training/checkpoint_history.py": {"moments"},  # AESTUDIO_MOMENTS_MB
    "aestudio/cli/commands/shot.py": {"twins"},  # the former name of a view
    "aestudio/storage/lock.py": {"moment"},  # "Try again in a moment."
}


def as_words(line: str) -> str:
    """A line of code as lower-case words, with one space on each side."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", line)
    return f" {re.sub(r'[^a-z]+', ' ', split.lower()).strip()} "


def test_no_invented_word_comes_back() -> None:
    found: list[str] = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        words = REPLACED.keys() - ALLOWED.get(name, set())
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            read = as_words(line)
            found += [
                f"{name}:{number}: {REPLACED[word]}, not “{word}”" for word in words if f" {word} " in read
            ]
    assert not found, "\n".join(found)


def terms() -> list[str]:
    """The terms of the table of words in docs/architecture.md."""
    _, _, after = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Words")
    rows = re.findall(r"(?m)^\| ([^|]+) \|", after.partition("\n## ")[0])
    return [term.strip() for row in rows[2:] for term in row.split(",")]


def test_every_term_is_a_word_of_the_code() -> None:
    said = " ".join(as_words(path.read_text("utf-8")) for path in SOURCES)
    unused = [term for term in terms() if as_words(term).rstrip() not in said]
    assert not unused, f"docs/architecture.md explains what no code says: {unused}"


def test_the_words_of_models_are_explained() -> None:
    needed = "codebook, entry, place, level, points, style, condition, own part, augmentation"
    assert set(needed.split(", ")) <= set(terms())


def test_names_are_split_into_words() -> None:
    assert as_words("self._round_trip(RoundTrip, 'x')") == " self round trip round trip x "
