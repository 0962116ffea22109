"""Every file, folder and module that the documentation names is there; links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
# Paths are named from the root, from the package, or from the window's folder.
BASES = (ROOT, ROOT / "aestudio", ROOT / "aestudio" / "gui")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
MODULE = re.compile(r"python3? -m (benchmarks|tools)((?:\.\w+)*)")
SUFFIXES = (".py", ".md", ".toml", ".yml", ".cff")
PATH = re.compile(r"[\w.~-]*[a-z][\w.-]*(?:/[\w.-]+)*/?")
PLACEHOLDER = re.compile(r"\b(NAME_|[A-Z]{3,}\b)")
# What is in a user's folders, or announced as not there yet.
ELSEWHERE = {"moments/", ".venv/bin/aestudio", "resources/translations/"}


def paths_in(code: str) -> list[str]:
    """The words of an inline code that are paths of this repository: with a slash or a known ending."""
    return [
        word
        for word in code.split()
        if PATH.fullmatch(word)
        and ("/" in word or word.endswith(SUFFIXES))
        and not PLACEHOLDER.search(word)
        and word not in ELSEWHERE
    ]


def exists(path: str, document: Path) -> bool:
    if any((base / path).exists() for base in (*BASES, document.parent)):
        return True
    # `config.py` alone means the file of that name in each of several folders.
    return "/" not in path and any((ROOT / "aestudio").rglob(path))


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_paths_exist(document: Path) -> None:
    paths = [path for code in CODE.findall(prose(document)) for path in paths_in(code)]
    assert sorted({path for path in paths if not exists(path, document)}) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    headings = {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)", document.read_text(encoding="utf-8"), re.MULTILINE)
    }
    for link in links:
        path, _, heading = link.partition("#")
        assert not path or (document.parent / path).exists(), link
        assert path or heading in headings, link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_modules_that_are_started_exist(document: Path) -> None:
    for package, rest in MODULE.findall(document.read_text(encoding="utf-8")):
        path = ROOT / package / Path(*rest.split(".")[1:])
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), package + rest


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_in_diagrams_exist(document: Path) -> None:
    """In a diagram a module has no ending; a name in it may follow: controllers/session.drain."""
    blocks = FENCE.findall(document.read_text(encoding="utf-8"))
    for block in (block for block in blocks if not block.startswith("```python")):  # code is no diagram
        for word in re.findall(r"(?<![\w/.-])[a-z_]+/(?:[a-z_]+/?)*(?![\w/])", block):
            known = exists(word, document) or exists(f"{word}.py", document) or _is_subfolder(word)
            assert known or _begins_a_name(word), word


def _begins_a_name(word: str) -> bool:
    """Of a name with a hyphen only what is before that is a word here."""
    return any((ROOT / word).parent.glob(f"{Path(word).name}-*"))


def _is_subfolder(word: str) -> bool:
    """In the tree `sources/` is on the line of the folder that it is in."""
    return any(
        path.is_dir() for top in ("aestudio", "tests") for path in (ROOT / top).rglob(word.rstrip("/"))
    )


def test_a_path_that_is_not_there_is_noticed() -> None:
    document = ROOT / "docs" / "architecture.md"
    assert paths_in("networks/NAME/config.py") == []
    assert paths_in("python3 start.py --test -m slow tests/nowhere") == ["start.py", "tests/nowhere"]
    assert not exists("tests/nowhere", document)
    assert exists("state/reducers.py", document)
