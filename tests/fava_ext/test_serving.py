"""Opening books for the office, over a real connection."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from coopledger.errors import BookNotFoundError
from coopledger.fava_ext import serving
from tests import books
from tests.fava_ext.conftest import BOOK
from tests.fava_ext.conftest import NOT_COOPERATIVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def served(path: Path, *, read_only: bool = False) -> Iterator[str]:
    """Serve a book until the end of the block; give the address of its page."""
    server, app = serving.prepare([path], "127.0.0.1", 0, read_only=read_only)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}{serving.first_page(app)}"
    finally:
        server.stop()
        thread.join()


def text_at(address: str, method: str = "GET") -> str:
    """Return what stands at an address."""
    request = urllib.request.Request(address, method=method)  # noqa: S310 - own server
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8"))


def test_the_first_books_capital_accounts_are_served(tmp_path: Path) -> None:
    books.write(tmp_path, BOOK)
    with served(tmp_path) as address:
        assert address.endswith("/test-co-op/extension/CapitalAccounts/")
        assert "Ana Ruiz" in text_at(address)


def test_a_folder_of_books_is_served_as_one(tmp_path: Path) -> None:
    for name in ("beta", "alpha"):
        (tmp_path / name).mkdir()
        books.write(tmp_path / name, BOOK.replace("Test Co-op", name))
    with served(tmp_path) as address:
        assert "/alpha/" in address
        assert "Ana Ruiz" in text_at(address.replace("/alpha/", "/beta/"))


def test_a_book_without_the_page_opens_at_favas_own(tmp_path: Path) -> None:
    books.write(tmp_path, re.sub(".*fava-extension.*", "", NOT_COOPERATIVE))
    with served(tmp_path) as address:
        assert address.endswith("/test-co-op/")
        assert "Test Co-op" in text_at(address)


def test_an_address_has_no_letter_that_a_terminal_would_break(tmp_path: Path) -> None:
    books.write(tmp_path, BOOK.replace("Test Co-op", "Tornillería"))
    with served(tmp_path) as address:
        assert "/torniller%C3%ADa/" in address
        assert "Ana Ruiz" in text_at(address)


def test_read_only_books_cannot_be_changed(tmp_path: Path) -> None:
    books.write(tmp_path, BOOK)
    with (
        served(tmp_path, read_only=True) as address,
        pytest.raises(urllib.error.HTTPError, match="401") as refused,
    ):
        text_at(address.replace("extension/CapitalAccounts/", "api/source"), "PUT")
    refused.value.close()


def test_serving_ends_quietly_when_it_is_interrupted_and_frees_the_port(
    tmp_path: Path,
) -> None:
    books.write(tmp_path, BOOK)
    addresses = []

    def interrupt(address: str) -> None:
        addresses.append(address)
        raise KeyboardInterrupt

    serving.serve([tmp_path], port=0, on_ready=interrupt)
    port = int(re.findall(r":(\d+)/", addresses[0])[0])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
    assert gc.isenabled()


def test_a_port_that_is_taken_gets_one_sentence(tmp_path: Path) -> None:
    books.write(tmp_path, BOOK)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(serving.PortTakenError, match=f"Port {port} on 127.0.0.1"):
            serving.serve([tmp_path], port=port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "example.org"])  # noqa: S104
def test_other_machines_are_never_served(tmp_path: Path, host: str) -> None:
    with pytest.raises(serving.NotThisMachineError, match="on this machine only"):
        serving.serve([tmp_path], host, 0)


def test_a_folder_without_a_book_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BookNotFoundError):
        serving.serve([tmp_path], port=0)


def test_the_command_serves_until_ctrl_c(tmp_path: Path) -> None:
    books.write(tmp_path, BOOK)
    command = "-m", "coopledger.cli", "serve", "--book", str(tmp_path), "--port", "0"
    with subprocess.Popen(
        (sys.executable, *command),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        assert "Ana Ruiz" in text_at(found[0])
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
