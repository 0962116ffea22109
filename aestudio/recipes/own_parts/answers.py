"""The user's answers to "Load this Python folder?", by the digest of all its files.

They are in `own-models.json` in the settings folder. An answer holds for exactly these bytes: after any
change the folder is asked about again. A damaged file holds no answers.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError
from aestudio.paths import settings_folder, settings_lock
from aestudio.storage.atomic_file import new_file
from aestudio.storage.files import read_bytes, to_text
from aestudio.storage.json_text import parse_json, table_of
from aestudio.storage.lock import locked_if_possible

if TYPE_CHECKING:
    from aestudio.recipes.own_parts.part_folder import PartFolder

FILE = "own-models.json"
FORMAT = 1
_MOST_BYTES = 1_000_000
_WRITING = threading.Lock()


def answer_about(content: PartFolder) -> bool | None:
    """True: these bytes may be loaded; False: they were refused; None: the user was not asked yet."""
    return _answers().get(content.key, {}).get(content.digest)


def remember_answer(content: PartFolder, allowed: bool) -> None:
    """Keep the answer about these bytes, in place of an earlier one; raises StudioError."""
    with _WRITING, locked_if_possible(settings_lock()):
        answers = _answers()
        answers.setdefault(content.key, {})[content.digest] = allowed
        text = to_text({"format": FORMAT, "answers": answers}, indent=1)
        with new_file(settings_folder() / FILE) as file:
            file.write(f"{text}\n".encode())


def _answers() -> dict[str, dict[str, bool]]:
    """Answers by part and digest; whatever is not exactly an answer is left out."""
    try:
        table = table_of(parse_json(read_bytes(settings_folder() / FILE, _MOST_BYTES)))
        parts = table_of(table.get("answers")) if table.get("format") == FORMAT else {}
    except (StudioError, ValueError):
        return {}
    return {key: _valid(entry) for key, entry in parts.items()}


def _valid(entry: Any) -> dict[str, bool]:
    try:
        return {digest: allowed for digest, allowed in table_of(entry).items() if type(allowed) is bool}
    except ValueError:
        return {}
