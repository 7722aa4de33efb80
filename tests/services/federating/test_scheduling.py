"""Books read on a Dask cluster: a real one of two workers, where Dask is installed."""

from __future__ import annotations

import logging
import os
import signal
import sys
from concurrent.futures import BrokenExecutor
from concurrent.futures import Executor
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.scheduling import ClusterUnreachableError
from coopledger.services.federating.scheduling import DaskMissingError
from coopledger.services.federating.scheduling import _hand_on
from coopledger.services.federating.scheduling import cluster_at
from tests.cli.running import run
from tests.services.federating.federations import write_book
from tests.services.federating.federations import write_federation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from coopledger.services.federating.gathering import Federation
    from coopledger.services.federating.reading import More

LEDGER = Path(__file__).parents[3] / "ledger"


class Client:
    """Stands for a cluster: it says who connected, and runs the work in a thread."""

    connected: list[str] = []  # noqa: RUF012 - each test looks at it once

    def __init__(self, address: str, timeout: float) -> None:
        if address == "tcp://nobody":
            raise TimeoutError(timeout)
        self.connected.append(address)
        self.pool = ThreadPoolExecutor(1)

    def wait_for_workers(self, number: int, timeout: float) -> None:
        if self.connected[-1] == "tcp://idle":
            message = f"{number} of them after {timeout} s"
            raise TimeoutError(message)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def get_executor(self, *, pure: bool) -> Executor:
        assert not pure, "a cluster would give an old book's summary for a new one"
        return self.pool


def test_without_an_address_nothing_is_handed_over() -> None:
    with cluster_at(None) as executor:
        assert executor is None


def test_work_is_handed_to_the_cluster_at_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    more = ("--scheduler", "tcp://cluster", "--no-cache")
    done = run("federation", "check", "--book", LEDGER, *more)
    assert done.exit_code == 0
    assert Client.connected == ["tcp://cluster"]


@pytest.mark.parametrize("address", ["tcp://nobody", "tcp://idle"])
def test_a_cluster_that_does_not_answer_or_has_no_worker_is_named(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    with (
        pytest.raises(ClusterUnreachableError, match=f"answers at {address}"),
        cluster_at(address),
    ):
        pass


def test_where_dask_is_not_installed_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(DaskMissingError, match=r"coopledger\[dask\]"),
        cluster_at("tcp://x"),
    ):
        pass


def test_work_that_fails_by_itself_fails_as_it_would_here() -> None:
    done: Future[int] = Future()
    work: Future[int] = Future()
    work.set_exception(ZeroDivisionError())
    _hand_on(work, done)
    with pytest.raises(ZeroDivisionError):
        done.result()


def test_work_that_a_cluster_dropped_is_broken_off() -> None:
    done: Future[int] = Future()
    work: Future[int] = Future()
    work.cancel()
    _hand_on(work, done)
    with pytest.raises(BrokenExecutor):
        done.result()


#: Seconds after which a cluster is taken for dead; it needs about two.
LIMIT = 45


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a cluster of two worker processes that gives up soon."""
    dask = pytest.importorskip("dask")
    distributed = pytest.importorskip("distributed")
    patience = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.scheduler.no-workers-timeout": f"{LIMIT // 3}s",
        "distributed.comm.timeouts.connect": f"{LIMIT // 3}s",
    }
    with (
        dask.config.set(patience),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster.scheduler_address


def read_there(address: str, book: Path, more: More) -> Federation:
    """Read a federation on a cluster, or fail within the time limit."""
    with cluster_at(address) as executor, ThreadPoolExecutor(1) as waiting:
        reading = waiting.submit(gather, book, Settings(executor=executor, more=more))
        try:
            return reading.result(LIMIT)
        finally:
            # The client's end takes back whatever is still awaited.
            waiting.shutdown(wait=False)


def test_a_cluster_of_two_workers_gives_the_same_summaries(address: str) -> None:
    found = read_there(address, LEDGER, lambda _: os.getpid())
    assert found.troubles == ()
    assert found.books == gather(LEDGER).books
    workers = set(found.more.values())
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_books_whose_worker_was_killed_are_read_here(
    address: str, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write_book(tmp_path, name)
    book, here = write_federation(tmp_path, ["a", "b"]), os.getpid()

    def dying(_: object) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    found = read_there(address, book, dying)
    assert found.troubles == ()
    assert found.more == {"a": here, "b": here}
