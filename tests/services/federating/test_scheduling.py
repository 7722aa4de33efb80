"""Books read on a Dask cluster: a real one of two workers, where Dask is installed."""

from __future__ import annotations

import sys
from concurrent.futures import Executor
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from coopledger.services.federating.gathering import Settings
from coopledger.services.federating.gathering import gather
from coopledger.services.federating.scheduling import ClusterUnreachableError
from coopledger.services.federating.scheduling import DaskMissingError
from coopledger.services.federating.scheduling import cluster_at
from tests.cli.running import run

if TYPE_CHECKING:
    from typing import Self

LEDGER = Path(__file__).parents[3] / "ledger"


class Client:
    """Stands for a cluster: it says who connected, and runs the work in a thread."""

    connected: list[str] = []  # noqa: RUF012 - each test looks at it once

    def __init__(self, address: str) -> None:
        if address == "tcp://nobody":
            raise TimeoutError(address)
        self.connected.append(address)
        self.pool = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown()

    def get_executor(self) -> Executor:
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
    with (
        pytest.raises(ClusterUnreachableError, match="answers at tcp://nobody"),
        cluster_at("tcp://nobody"),
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


def test_a_cluster_of_two_workers_gives_the_same_summaries() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        cluster_at(cluster.scheduler_address) as executor,
    ):
        found = gather(LEDGER, Settings(executor=executor))
    assert found.troubles == ()
    assert found.books == gather(LEDGER).books
