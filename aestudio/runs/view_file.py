"""What the user had set up in the latent space of a run: `view.json` in its folder.

So that a run shows the same digit behind the same sliders when it is opened again, here or elsewhere. Floats
read back bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from aestudio.errors import StudioError
from aestudio.recipes.model_file import read_model_file
from aestudio.storage.damage import Damage
from aestudio.storage.files import replace_file, to_text
from aestudio.storage.json_text import LARGEST, parse_json, table_of
from aestudio.storage.regular_file import read_file

if TYPE_CHECKING:
    from pathlib import Path

FILE = "view.json"
FORMAT = 1
MOST_BYTES = 1_000_000
MOST_DIRECTIONS = 64
_DAMAGE = Damage("The view that was kept with this run is damaged", "It can be removed; the run is in order.")

Count = Annotated[int, Field(ge=0, le=LARGEST)]
Numbers = tuple[FiniteFloat, ...]


class KeptDirection(BaseModel):
    """An own direction. vector: (L,); error: (L,), None where it is not known; amount: of its slider"""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: Annotated[str, Field(max_length=500)]
    vector: Numbers
    error: tuple[FiniteFloat | None, ...]
    amount: FiniteFloat


class KeptView(BaseModel):
    """The view of one run; what is left out is as it usually is.

    selected:   number of the selected image, as the window counts them: the test set first
    code:       (L,), if the user moved it; otherwise it is that of the selected image
    condition:  what the model is told besides the code, if the user chose it
    muted, soloed, locked: sliders, counted from 0
    plane:      axes of the map: what they are, the two of them, and the one towards the viewer
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    selected: Count | None = None
    code: Numbers | None = None
    condition: Numbers | None = None
    basis: Literal["dimensions", "components"] = "dimensions"
    muted: tuple[Count, ...] = ()
    soloed: tuple[Count, ...] = ()
    locked: tuple[Count, ...] = ()
    plane: tuple[Literal["dimensions", "components"], Count, Count, Count | None] | None = None
    directions: Annotated[tuple[KeptDirection, ...], Field(max_length=MOST_DIRECTIONS)] = ()


def read_view(folder: Path) -> KeptView | None:
    """The view in the folder; None if there is none or it is damaged: a run is opened without it, too."""
    try:
        if not (folder / FILE).is_file():
            return None
        return read_model_file(KeptView, folder / FILE, MOST_BYTES, _DAMAGE, _DAMAGE.what)
    except (StudioError, OSError):
        return None


def write_view(folder: Path, view: KeptView) -> bool:
    """Keep the view, unless the file has it already; returns whether it was written. Raises StudioError.

    A view in which nothing was set up makes no file, and one of a newer version is left as it is.
    """
    path = folder / FILE
    data = (to_text(view.model_dump(mode="json", exclude_defaults=True) | {"format": FORMAT}) + "\n").encode()
    try:
        same = read_file(path, MOST_BYTES) == data if path.is_file() else view == KeptView()
    except (StudioError, OSError):
        same = False
    if same or _is_newer(path):
        return False
    replace_file(path, data, durable=False)
    return True


def _is_newer(path: Path) -> bool:
    """Whether a newer version of the program wrote the file."""
    try:
        version = table_of(parse_json(read_file(path, MOST_BYTES))).get("format")
    except (StudioError, OSError, ValueError):
        return False
    return isinstance(version, int) and version > FORMAT
