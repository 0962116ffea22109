"""The runs of a sweep on a cluster, through dask.distributed: its scheduler gives them out, and again if a
worker dies.

Workers may share the folder of runs with this machine, as on most clusters, or have their own: then the
folder of each run is sent with its result. Either way it ends as an ordinary run here. Every worker has
one thread, the same version of the program, and the same images: that is checked before anything begins.
"""

from __future__ import annotations

import time
import uuid
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.errors import Cancelled, StudioError
from aestudio.paths import runs_folder
from aestudio.storage.lock import FILE as LOCK
from aestudio.storage.new_folder import new_folder
from aestudio.storage.os_errors import is_there
from aestudio.sweeps.sweep_folder import PLAN, TrialResult, ask_to_stop
from aestudio.sweeps.trial_run import POLL_SECONDS, TrialTask, dataset_of, run_trial
from aestudio.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from aestudio.datasets.fingerprint import DataFacts

_PATIENCE = 10.0  # seconds until a scheduler answers
_EXTRA = "pip install 'aestudio[cluster]'"
Files = dict[str, bytes]


def on_cluster(
    tasks: Sequence[TrialTask], address: str, facts: DataFacts | None, folder: Path, check: Callable[[], None]
) -> Generator[TrialResult, None, None]:
    """The results of these runs as they come, from the workers of the scheduler at this address.

    facts: of the images that every worker must have
    check: called several times a second; may raise Cancelled
    A run whose workers died three times has failed. Raises StudioError if no scheduler answers there, or if a
    worker cannot take part.
    """
    library = _library()
    with closing(_client(library, address)) as client:
        _check_workers(client, tasks[0], facts)
        stop = library.Event(f"stop {uuid.uuid4().hex}", client=client)
        waiting: dict[Any, TrialTask] = {}
        for task in tasks:
            sent = replace(task, separate=False, facts=facts)
            key = f"{task.run} {uuid.uuid4().hex}"
            waiting[client.submit(carry_out, sent, stop.name, str(runs_folder()), key=key, pure=False)] = task
        try:
            while waiting:
                check()
                done = [future for future in waiting if future.done()]
                if not done:
                    time.sleep(POLL_SECONDS)
                for future in done:
                    yield _taken(future, waiting.pop(future))
        except (GeneratorExit, Cancelled):
            ask_to_stop(folder)
            stop.set()
            client.cancel(list(waiting))
            raise


def workers_at(address: str) -> int:
    """How many workers a scheduler has; raises StudioError."""
    with closing(_client(_library(), address)) as client:
        return len(_workers(client))


def _library() -> Any:
    try:
        import distributed
    except ImportError as problem:
        raise StudioError("A cluster needs dask.distributed", advice=f"Install it: {_EXTRA}.") from problem
    return distributed


def _client(library: Any, address: str) -> Any:
    try:
        return library.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as problem:
        raise StudioError(
            f"No dask scheduler answers ({problem})",
            where=address,
            advice="Start one with `dask scheduler`, and give the address that it prints.",
        ) from problem


def _workers(client: Any) -> Mapping[str, Mapping[str, Any]]:
    return client.scheduler_info(n_workers=-1)["workers"]


def _check_workers(client: Any, task: TrialTask, facts: DataFacts | None) -> None:
    """Raises StudioError unless every worker can carry out the same runs."""
    workers = _workers(client)
    if not workers:
        raise StudioError(
            "The dask scheduler has no workers",
            where=client.scheduler.address,
            advice="Start some: `dask worker ADDRESS --nthreads 1`.",
        )
    threads = [address for address, worker in workers.items() if worker["nthreads"] != 1]
    if threads:
        raise StudioError(
            f"{len(threads)} of the workers carry out several runs in one process",
            where=", ".join(threads),
            advice="Start each with `--nthreads 1`: runs would share torch's number of threads.",
        )
    found: Mapping[str, str] = client.run(flaw_of_worker, __version__, task.origin, task.data_dir, facts)
    flaws = {address: flaw for address, flaw in found.items() if flaw}
    if flaws:
        address, flaw = next(iter(flaws.items()))
        raise StudioError(
            f"{len(flaws)} of {len(found)} workers cannot take part: {flaw}",
            where=address,
            advice="Install the same version everywhere, and put the data set where each worker finds it.",
        )


def flaw_of_worker(version: str, origin: str, data_dir: str | None, facts: DataFacts | None) -> str:
    """Why this worker cannot take part; "" if it can. Called on the worker."""
    if version != __version__:
        return f"version {__version__} instead of {version}"
    try:
        dataset = dataset_of(origin, data_dir)
    except StudioError as problem:
        return str(problem)
    return "" if facts is None else facts.difference(dataset.facts)


def carry_out(task: TrialTask, stop: str, runs: str) -> tuple[TrialResult, Files | None]:
    """One run, called on a worker. stop: the name of the event that ends it; runs: this machine's folder

    Returns the files of the run's folder, None if it is the same folder for both.
    """
    import distributed

    event = distributed.Event(stop, client=distributed.get_client())
    result = run_trial(task, event.is_set)
    shared = str(runs_folder()) == runs and is_there(Path(task.sweep) / PLAN)
    return result, None if shared else files_of(runs_folder() / task.run)


def files_of(folder: Path) -> Files:
    """What is in a folder, by its path inside; {} if it is not there."""
    if not is_there(folder):
        return {}
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def keep_files(files: Files, folder: Path) -> None:
    """Write the files of a run into a new folder; raises StudioError for a path that leads out of it."""
    with new_folder(folder) as inside:
        for name, content in files.items():
            path = inside / name
            if not path.resolve().is_relative_to(inside.resolve()):
                raise StudioError("A worker sent a file that lies outside of its run", where=name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _taken(future: Any, task: TrialTask) -> TrialResult:
    """The result of a run, whose files are kept here."""
    problem = future.exception()
    if problem is not None:
        kind = type(problem).__name__
        return TrialResult(task.number, task.run, problem=f"It could not be carried out ({kind}: {problem}).")
    result, files = future.result()
    if files and not result.stopped and not is_there(runs_folder() / task.run):
        keep_files(files, runs_folder() / task.run)
    return result
