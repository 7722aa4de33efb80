"""A Dask cluster in place of processes of one's own, for who outgrows one machine."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from coopledger.errors import CoopledgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor


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
    """Nobody answers at the address of a cluster."""

    def __init__(self, address: str, why: str) -> None:
        """Name the address."""
        super().__init__(f"No Dask scheduler answers at {address}: {why}")


@contextmanager
def cluster_at(address: str | None) -> Iterator[Executor | None]:
    """Give an executor that hands work to a cluster; None without an address.

    Its workers need this program and the same paths to the books.

    Raises:
        DaskMissingError: dask.distributed is not installed.
        ClusterUnreachableError: Nobody answers.
    """
    if not address:
        yield None
        return
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise DaskMissingError from None
    try:
        client = distributed.Client(address)
    except (OSError, ValueError) as error:
        raise ClusterUnreachableError(address, str(error)) from None
    with client:
        yield client.get_executor()
