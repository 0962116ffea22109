"""What `aestudio runs ACTION` does: name, note, tag, remove, restore and thin kept runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aestudio.cli.output import BadUsage, print_json, print_notice, print_result, print_warning
from aestudio.cli.run_table import removed_table, row_to_json
from aestudio.cli.terminal_progress import TerminalProgress
from aestudio.errors import BadChoice
from aestudio.recipes.number_parsing import read_number
from aestudio.runs.index import find_own_run, kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.removed_runs import find_removed, remove, removed_runs, restore
from aestudio.runs.run_rows import run_row, size_text
from aestudio.runs.thinning import LIMIT, thin_histories, thin_history
from aestudio.training.checkpoint_history import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aestudio.runs.removed_runs import RemovedRun
    from aestudio.runs.thinning import Thinned

ACTIONS = ("rename", "note", "tag", "remove", "restore", "thin")
_MOST_MEGABYTES = 1_000_000

Found = TypeVar("Found")


def change_runs(action: str, words: Sequence[str], *, limit: str | None, delete: bool, json: bool) -> None:
    """Carry out one of the `ACTIONS`; raises BadUsage, BadChoice, StudioError.

    words: what follows the action; limit: of `thin`; delete: of `tag`; json: print the runs as JSON
    """
    if limit is not None and action != "thin":
        raise BadChoice("place of an option", "--limit", "behind `runs thin`")
    if delete and action != "tag":
        raise BadChoice("place of an option", "--delete", "behind `runs tag`")
    if action == "thin":
        _thin(words, limit, json)
    elif action == "restore":
        _restore(words, json)
    elif action == "remove":
        _remove(words, json)
    else:
        _label(action, words, delete, json)


def _label(action: str, words: Sequence[str], delete: bool, json: bool) -> None:
    run = find_own_run(_first(words, action))
    texts = words[1:]
    if action == "rename":
        if not texts:
            raise BadUsage("Missing argument 'TITLE'", advice="Write the new title behind the run.")
        run = run.rename(" ".join(texts))
        said = f"{run.name} is called “{run.title}” now."
    elif action == "note":
        run = run.with_note(" ".join(texts)) if texts else run
        said = run.note or f"{run.name} has no note."
    else:
        run = run.with_tags(_changed_tags(run.tags, texts, delete)) if texts else run
        said = ", ".join(run.tags) or f"{run.name} has no tags."
    _print_runs([run], said, json)


def _changed_tags(tags: Sequence[str], words: Sequence[str], delete: bool) -> list[str]:
    """The tags with these added, or without them; "a,b" are two. Raises BadChoice for one to delete."""
    named = [tag.strip().removeprefix("#") for word in words for tag in word.split(",")]
    if not delete:
        return [*tags, *named]
    for name in named:
        if name.casefold() not in (tag.casefold() for tag in tags):
            raise BadChoice("tag", name, list(tags) or "the run has none")
    gone = {name.casefold() for name in named}
    return [tag for tag in tags if tag.casefold() not in gone]


def _remove(words: Sequence[str], json: bool) -> None:
    _first(words, "remove")
    runs = _each_once(words, find_own_run, lambda run: str(run.folder))
    for run in runs:
        remove(run, print_warning)
        if not json:
            print_result(f'{run.name} was removed. To undo it: aestudio runs restore "{run.name}"')
    if json:
        print_json([{"run": run.name, "title": run.title} for run in runs])


def _restore(words: Sequence[str], json: bool) -> None:
    if not words:
        _list_removed(json)
        return
    chosen = _each_once(words, find_removed, lambda one: str(one.run.folder))
    runs = [restore(one.run.folder) for one in chosen]
    _print_runs(runs, "\n".join(f"{run.name} was restored." for run in runs), json)


def _list_removed(json: bool) -> None:
    removed = removed_runs()
    if json:
        print_json([_removed_to_json(one) for one in removed])
    elif removed:
        print_result(removed_table(removed))
    else:
        print_notice("No run was removed.")


def _removed_to_json(one: RemovedRun) -> dict[str, object]:
    return {
        "run": one.name,
        "title": one.title,
        "folder": str(one.run.folder),
        "removed": one.date.isoformat(),
        "size": one.size,
    }


def _thin(words: Sequence[str], limit: str | None, json: bool) -> None:
    most = LIMIT if limit is None else _bytes(limit)
    thinned: dict[str, Thinned]
    with TerminalProgress() as progress:
        if words:
            runs = _each_once(words, find_own_run, lambda run: str(run.folder))
            thinned = {run.name: thin_history(run, most, progress) for run in runs}
        else:
            result = thin_histories(kept_runs(), most, progress)
            thinned = dict(result.runs)
            for problem in result.problems:
                print_warning(problem)
    if json:
        print_json({name: {"steps": one.steps, "freed": one.freed} for name, one in thinned.items()})
        return
    freed = sum(one.freed for one in thinned.values())
    changed = sum(bool(one.steps) for one in thinned.values())
    if not changed:
        print_result(f"Nothing to remove: no history that can be made smaller takes over {size_text(most)}.")
        return
    print_result(f"{size_text(freed)} freed in {changed} {'run' if changed == 1 else 'runs'}.")


def _bytes(text: str) -> int:
    try:
        megabytes = read_number(text)
    except ValueError:
        megabytes = -1.0
    if not 0 <= megabytes <= _MOST_MEGABYTES:
        raise BadChoice("--limit", text, f"a number of megabytes from 0 to {_MOST_MEGABYTES:,}")
    return int(megabytes * MEGABYTE)


def _first(words: Sequence[str], action: str) -> str:
    if not words:
        raise BadUsage("Missing argument 'RUN'", advice=f"Name a run behind `{action}`: see `aestudio runs`.")
    return words[0]


def _each_once(
    names: Sequence[str], find: Callable[[str], Found], key: Callable[[Found], str]
) -> list[Found]:
    """What these names mean, each once; all are found before the first is changed."""
    found = [find(name) for name in names]
    return list({key(one): one for one in found}.values())


def _print_runs(runs: Sequence[KeptRun], said: str, json: bool) -> None:
    if json:
        print_json([row_to_json(run_row(KeptRun.at(run.folder))) for run in runs])
    else:
        print_result(said)
