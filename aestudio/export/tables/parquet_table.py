"""Tables as Parquet files, which pandas, Polars, DuckDB and R read with types; with pyarrow, an extra."""

from __future__ import annotations

import importlib
import importlib.util
import json
from typing import TYPE_CHECKING, Any

from aestudio.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import IO

SUFFIX = ".parquet"


def require_pyarrow(path: Path) -> None:
    """Raises StudioError with the command that installs it; before anything long is computed."""
    if importlib.util.find_spec("pyarrow") is None:
        raise StudioError(
            "Parquet files need the library pyarrow, which is not installed",
            where=str(path),
            advice="Install it: pip install 'aestudio[parquet]'. Or choose a name that ends in .csv.",
        )


def write_parquet(file: IO[bytes], columns: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Write columns of equal length by their titles: arrays (N,) keep their types, lists may hold None.

    about: what the table is of, JSON values; the file has them as metadata named "aestudio"
    """
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    table = arrow.table({title: arrow.array(values) for title, values in columns.items()})
    known = json.dumps(dict(about), ensure_ascii=False)
    parquet.write_table(table.replace_schema_metadata({"aestudio": known}), file)
