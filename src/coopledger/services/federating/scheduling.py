"""A Dask cluster in place of processes of one's own, for who outgrows one machine."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from typing import Any

from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Iterator

#: Seconds within which a scheduler answers, and has a worker.
_PATIENCE = 15


class DaskMissingError(CoopledgerError):
    """A cluster was named, and what talks to it is not installed."""

    def __init__(self) -> None:
        """Say what to install."""
        super().__init__(
            "--scheduler needs dask.distributed, which is not installed here: "
            "pip install 'coopledger[dask]'. Without it books are read by processes of "
            "this machine."
        )


class ClusterUnreachableError(CoopledgerError):
    """Nobody answers at the address of a cluster, or nobody works there."""

    def __init__(self, address: str, why: str) -> None:
        """Name the address."""
        super().__init__(
            f"No Dask scheduler with a worker answers at {address}: {why}. Without "
            "--scheduler books are read by processes of this machine."
        )


class _Cluster(Executor):
    """The executor of a cluster, which says of lost workers what a pool would say."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def submit(
        self, function: Callable[..., Any], /, *given: Any, **named: Any
    ) -> Future[Any]:
        done: Future[Any] = Future()
        work = self._executor.submit(function, *given, **named)
        work.add_done_callback(lambda one: _hand_on(one, done))
        return done


def _hand_on(work: Future[Any], done: Future[Any]) -> None:
    """Hand on what came of work; what a cluster itself raises is that it was lost."""
    if work.cancelled():
        done.set_exception(BrokenExecutor("the cluster dropped it"))
    elif (error := work.exception()) is None:
        done.set_result(work.result())
    elif type(error).__module__.partition(".")[0] == "distributed":
        done.set_exception(BrokenExecutor(str(error)))
    else:
        done.set_exception(error)


@contextmanager
def cluster_at(address: str | None) -> Iterator[Executor | None]:
    """Give an executor that hands work to a cluster; None without an address.

    Its workers need this program and the same paths to the books.

    Raises:
        DaskMissingError: dask.distributed is not installed.
        ClusterUnreachableError: Nobody answers, or there is no worker.
    """
    if not address:
        yield None
        return
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise DaskMissingError from None
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterUnreachableError(address, str(error)) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except OSError as error:
            raise ClusterUnreachableError(address, str(error)) from None
        # The same path is another book once somebody wrote into it.
        yield _Cluster(client.get_executor(pure=False))
